//! When a refresh token is used, kept, and given up.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use oauth_token::transport::{Response, TransportError};
use oauth_token::{Config, UseRefreshToken};
use serde_json::{Value, json};

use crate::support::{Request, answer, broken};
use crate::{Setup, config, grant_types, refused, setup};

type Outcome = Result<Response, TransportError>;

fn always() -> Config {
    config().use_refresh_token(UseRefreshToken::Always).max_retries(0)
}

/// Grants by client credentials with a refresh token; answers refreshes by `refresh`.
fn server(refresh: impl Fn() -> Outcome + Send + Sync + 'static) -> impl Fn(&Request) -> Outcome {
    let count = AtomicUsize::new(0);
    move |request| match request.form_value("grant_type").as_deref() {
        Some("refresh_token") => refresh(),
        _ => token(count.fetch_add(1, Ordering::SeqCst), json!({"refresh_token": "refresh-1"})),
    }
}

fn token(number: usize, more: Value) -> Outcome {
    let mut body = json!({"access_token": format!("access-{number}"), "expires_in": 3600});
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    answer(200, body)
}

fn expire(setup: &Setup) {
    setup.clock.advance(Duration::from_secs(3600));
}

#[test]
fn an_answer_without_a_new_refresh_token_keeps_the_old_one() {
    let setup = setup(always(), server(|| token(7, json!({}))));
    for _ in 0..3 {
        setup.client.token().unwrap();
        expire(&setup);
    }
    assert_eq!(grant_types(&setup), ["client_credentials", "refresh_token", "refresh_token"]);
    let sent = setup.server.requests().pop().unwrap();
    assert_eq!(sent.form_value("refresh_token").as_deref(), Some("refresh-1"));
    assert_eq!(sent.form_value("scope"), None);
}

#[test]
fn a_refused_or_lost_refresh_is_given_up_within_the_call() {
    for refresh in [
        || refused(400, "invalid_grant"),
        || refused(401, "invalid_client"),
        || answer(404, json!({})),
        || refused(200, "invalid_grant"),
        || broken(true),
        || Ok(Response::new(200, "garbage")),
    ] {
        let setup = setup(always(), server(refresh));
        setup.client.token().unwrap();
        expire(&setup);
        setup.client.token().unwrap();
        assert_eq!(grant_types(&setup).last().map(String::as_str), Some("client_credentials"));
        assert_eq!(grant_types(&setup).iter().filter(|grant| *grant == "refresh_token").count(), 1);
    }
}

#[test]
fn a_refresh_that_may_work_later_is_kept() {
    for refresh in [
        || answer(408, json!({})),
        || answer(425, json!({})),
        || answer(429, json!({})),
        || answer(503, json!({})),
        || broken(false),
    ] {
        let setup = setup(always(), server(refresh));
        setup.client.token().unwrap();
        expire(&setup);
        setup.client.token().unwrap_err();
        setup.clock.advance(Duration::from_secs(60));
        setup.client.token().unwrap_err();
        assert_eq!(grant_types(&setup), ["client_credentials", "refresh_token", "refresh_token"]);
    }
}

#[test]
fn a_refresh_token_is_not_used_past_its_own_life() {
    for (name, refresh_expires_in) in [("refresh_expires_in", 5000), ("refresh_token_expires_in", 5000)] {
        let setup = setup(always(), move |_| token(1, json!({"refresh_token": "r", name: refresh_expires_in})));
        setup.client.token().unwrap();
        setup.clock.advance(Duration::from_secs(5000));
        setup.client.token().unwrap();
        assert_eq!(grant_types(&setup), ["client_credentials", "client_credentials"], "{name}");
    }
}

#[test]
fn never_means_never() {
    let setup = setup(config().use_refresh_token(UseRefreshToken::Never), server(|| refused(400, "invalid_grant")));
    setup.client.token().unwrap();
    expire(&setup);
    setup.client.token().unwrap();
    assert_eq!(grant_types(&setup), ["client_credentials", "client_credentials"]);
}

#[test]
fn refreshes_go_to_their_own_url_with_the_parameters_that_are_not_the_grant_s() {
    let config = always()
        .refresh_url("https://login.example.com/refresh")
        .param("tenant", "x")
        .param("code", "must not be repeated");
    let setup = setup(config, server(|| token(7, json!({}))));
    setup.client.token().unwrap();
    expire(&setup);
    setup.client.token().unwrap();
    let refresh = setup.server.requests().pop().unwrap();
    assert_eq!(refresh.target, "https://login.example.com/refresh");
    assert_eq!(refresh.text(), "grant_type=refresh_token&refresh_token=refresh-1&tenant=x");
}

#[test]
fn an_error_of_a_refresh_names_its_own_option() {
    let config = always().refresh_url("https://login.example.com/refresh");
    let setup = setup(config, server(|| answer(429, json!({}))));
    setup.client.token().unwrap();
    expire(&setup);
    let error = setup.client.token().unwrap_err();
    assert!(error.message().starts_with("refresh_url https://login.example.com/refresh"), "{error}");
}

#[test]
fn a_refresh_url_that_cannot_work_does_not_stop_the_configured_grant() {
    for refresh in [
        || answer(503, json!({})),
        || broken(false),
        || Ok(Response::new(301, "").header("Location", "https://elsewhere.example/")),
        || answer(501, json!({})),
    ] {
        let setup = setup(always().refresh_url("https://login.example.com/refresh"), server(refresh));
        setup.client.token().unwrap();
        expire(&setup);
        setup.client.token().unwrap();
        assert_eq!(grant_types(&setup), ["client_credentials", "refresh_token", "client_credentials"]);
    }
}

#[test]
fn a_server_that_takes_no_refresh_tokens_is_not_offered_another() {
    for refresh in
        [|| refused(400, "unsupported_grant_type"), || refused(401, "unauthorized_client"), || answer(404, json!({}))]
    {
        let setup = setup(always(), server(refresh));
        for _ in 0..4 {
            setup.client.token().unwrap();
            expire(&setup);
        }
        assert_eq!(grant_types(&setup).iter().filter(|grant| *grant == "refresh_token").count(), 1);
    }
}

#[test]
fn a_configured_refresh_token_is_the_first_of_those_that_follow() {
    let number = AtomicUsize::new(1);
    let setup = setup(config().grant_type("refresh_token").param("refresh_token", "r0"), move |_| {
        let number = number.fetch_add(1, Ordering::SeqCst);
        token(number, json!({"refresh_token": format!("r{number}")}))
    });
    for _ in 0..3 {
        setup.client.token().unwrap();
        expire(&setup);
    }
    let sent: Vec<_> =
        setup.server.requests().iter().map(|request| request.form_value("refresh_token").unwrap()).collect();
    assert_eq!(sent, ["r0", "r1", "r2"]);
}
