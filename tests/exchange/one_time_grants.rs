//! Grants that are used up by being sent.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use oauth_token::{Config, ErrorKind};
use serde_json::json;

use crate::support::{answer, broken};
use crate::{config, grant_types, granted, refused, setup};

fn with_code() -> Config {
    config().grant_type("authorization_code").param("code", "once").param("redirect_uri", "https://app/")
}

#[test]
fn a_code_whose_answer_is_lost_or_refused_is_never_sent_again() {
    for outcome in [
        || broken(true),
        || refused(400, "invalid_grant"),
        || refused(401, "invalid_client"),
        || answer(500, json!({})),
    ] {
        let setup = setup(with_code().client_secret("a+b").client_secret_alternate("other"), move |_| outcome());
        setup.client.token().unwrap_err();
        setup.clock.advance(Duration::from_secs(3600));
        let error = setup.client.token().unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Spent, false));
        assert!(error.message().contains("`authorization_code`"), "{error}");
        assert_eq!(setup.server.requests().len(), 1);
    }
}

#[test]
fn a_code_that_never_left_may_still_be_sent() {
    let is_down = AtomicBool::new(true);
    let setup = setup(with_code().max_retries(0), move |_| {
        if is_down.swap(false, Ordering::SeqCst) { broken(false) } else { granted("t") }
    });
    setup.client.token().unwrap_err();
    setup.clock.advance(Duration::from_secs(60));
    assert!(setup.client.token().is_ok());
}

#[test]
fn the_refresh_token_that_came_with_a_code_is_used_without_being_asked_for() {
    let setup = setup(with_code(), |request| {
        let token = format!("by-{}", request.form_value("grant_type").unwrap_or_default());
        answer(200, json!({"access_token": token, "expires_in": 3600, "refresh_token": "r"}))
    });
    assert_eq!(setup.client.token().unwrap().access_token(), "by-authorization_code");
    setup.clock.advance(Duration::from_secs(3600));
    assert_eq!(setup.client.token().unwrap().access_token(), "by-refresh_token");
    assert_eq!(grant_types(&setup), ["authorization_code", "refresh_token"]);
}

#[test]
fn a_refresh_token_that_cannot_be_replaced_survives_lost_answers_and_refused_credentials() {
    for trouble in [|| broken(true), || refused(401, "invalid_client")] {
        let is_troubled = AtomicBool::new(true);
        let setup = setup(with_code().max_retries(0), move |request| {
            let is_refresh = request.form_value("grant_type").as_deref() == Some("refresh_token");
            if is_refresh && is_troubled.swap(false, Ordering::SeqCst) {
                return trouble();
            }
            answer(200, json!({"access_token": "t", "expires_in": 3600, "refresh_token": "r"}))
        });
        setup.client.token().unwrap();
        setup.clock.advance(Duration::from_secs(3600));
        setup.client.token().unwrap_err();
        setup.clock.advance(Duration::from_secs(60));
        assert!(setup.client.token().is_ok());
    }
}

#[test]
fn a_reset_does_not_throw_away_the_only_refresh_token() {
    let setup =
        setup(with_code(), |_| answer(200, json!({"access_token": "t", "expires_in": 3600, "refresh_token": "r"})));
    setup.client.token().unwrap();
    setup.client.reset();
    setup.client.token().unwrap();
    assert_eq!(grant_types(&setup), ["authorization_code", "refresh_token"]);
}
