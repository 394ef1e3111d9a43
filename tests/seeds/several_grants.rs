//! Basic, a form, several scopes; `id_token` and `refresh_token` in the answer; `error` with `errorDescription`;
//! `client_credentials` and `authorization_code` allowed, `refresh_token` not.

use std::time::Duration;

use oauth_token::{Config, ErrorKind, UseRefreshToken};
use serde_json::json;

use crate::support::{Reply, Request, Server};
use crate::{client_of, recipe, recipe_text};

const WEEK: Duration = Duration::from_secs(604_800);

fn config(server: &Server) -> Config {
    adapted(recipe("Basic and several scopes, with an ID token", 0), server)
}

fn config_for_a_code(server: &Server) -> Config {
    let mut config = recipe("Basic and several scopes, with an ID token", 0);
    config.set_json(&recipe_text("Basic and several scopes, with an ID token", 1)).expect("the addition can be read");
    adapted(config, server)
}

fn adapted(config: Config, server: &Server) -> Config {
    config
        .token_url(server.url("/api/id/v1/auth/token"))
        .ca_pem(server.ca_pem())
        .client_id("inspector")
        .client_secret("s3cret")
}

fn forbidden(status: u16) -> Reply {
    Reply::json(status, json!({"error": "Forbidden", "errorDescription": "permission denied"}))
}

fn issue(request: &Request) -> Reply {
    if request.method != "POST" || request.path() != "/api/id/v1/auth/token" {
        return forbidden(404);
    }
    if request.basic_raw() != Some(("inspector".into(), "s3cret".into())) {
        return forbidden(401);
    }
    if request.header("Content-Type") != Some("application/x-www-form-urlencoded") {
        return forbidden(400);
    }
    let is_granted = match request.form_value("grant_type").as_deref() {
        Some("client_credentials") => true,
        Some("authorization_code") => {
            request.form_value("code").as_deref() == Some("the-code")
                && request.form_value("redirect_uri").as_deref() == Some("https://app.example.com/callback")
                && request.form_value("code_verifier").as_deref() == Some("the-verifier")
        }
        _ => false,
    };
    if !is_granted || request.form_value("scope").as_deref() != Some("openid email profile inspect") {
        return forbidden(400);
    }
    Reply::json(
        200,
        json!({
            "scope": "openid email profile inspect", "token_type": "Bearer", "access_token": "access.jwt.1",
            "expires_in": 604_800, "id_token": "id.jwt.1", "refresh_token": "refresh.jwt.1"
        }),
    )
}

#[test]
fn the_documented_request_gets_access_id_and_refresh_token() {
    let server = Server::https(issue);
    let (client, _) = client_of(config(&server));
    let token = client.token().unwrap();
    assert_eq!(token.access_token(), "access.jwt.1");
    assert_eq!(token.id_token(), Some("id.jwt.1"));
    assert_eq!(token.field("refresh_token"), Some("refresh.jwt.1"));
    assert_eq!(token.scope(), Some("openid email profile inspect"));
    assert_eq!(token.expires_in(), WEEK);
}

#[test]
fn each_documented_error_ends_in_the_provider_s_own_words() {
    for (status, kind) in [
        (400, ErrorKind::Server),
        (401, ErrorKind::Rejected),
        (403, ErrorKind::Rejected),
        (404, ErrorKind::Server),
        (500, ErrorKind::Server),
    ] {
        let server = Server::https(move |_| forbidden(status));
        let (client, _) = client_of(config(&server));
        let error = client.token().unwrap_err();
        assert_eq!((error.kind(), error.http_status()), (kind, Some(status)), "{error}");
        assert_eq!((error.code(), error.description()), (Some("Forbidden"), Some("permission denied")));
        assert!(error.message().contains("permission denied"), "{error}");
        let requests = if status == 500 { 3 } else { 1 };
        assert_eq!(server.requests().len(), requests, "HTTP {status}: only a 5xx is asked again in one call");
    }
}

#[test]
fn a_code_is_exchanged_by_configuration_and_sent_once() {
    let server = Server::https(issue);
    let (client, clock) = client_of(config_for_a_code(&server));
    assert_eq!(client.token().unwrap().access_token(), "access.jwt.1");

    clock.advance(WEEK - Duration::from_secs(200));
    assert_eq!(client.token().unwrap().access_token(), "access.jwt.1", "a refused renewal withholds nothing");
    assert_eq!(server.requests().len(), 2);
    let renewal = server.requests().pop().unwrap();
    assert_eq!(renewal.form_value("grant_type").as_deref(), Some("refresh_token"));
    assert_eq!(renewal.form_value("refresh_token").as_deref(), Some("refresh.jwt.1"));
    assert_eq!(renewal.form_value("code"), None);

    clock.advance(Duration::from_secs(300));
    let error = client.token().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Spent);
    assert!(error.message().contains("`authorization_code`"), "{error}");
    let codes = server.requests().iter().filter(|request| request.form_value("code").is_some()).count();
    assert_eq!(codes, 1);
}

#[test]
fn a_code_that_is_refused_is_not_sent_again() {
    let server = Server::https(|_| forbidden(400));
    let (client, clock) = client_of(config_for_a_code(&server));
    client.token().unwrap_err();
    clock.advance(Duration::from_secs(600));
    assert_eq!(client.token().unwrap_err().kind(), ErrorKind::Spent);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_refresh_that_is_not_allowed_falls_back_in_the_same_call() {
    let server = Server::https(issue);
    let (client, clock) = client_of(config(&server).use_refresh_token(UseRefreshToken::Always));
    client.token().unwrap();
    clock.advance(WEEK);
    client.token().unwrap();
    let grants: Vec<_> =
        server.requests().iter().map(|request| request.form_value("grant_type").unwrap_or_default()).collect();
    assert_eq!(grants, ["client_credentials", "refresh_token", "client_credentials"]);
}

#[test]
fn by_default_the_refresh_token_is_not_used() {
    let server = Server::https(issue);
    let (client, clock) = client_of(config(&server));
    client.token().unwrap();
    clock.advance(WEEK);
    client.token().unwrap();
    let last = server.requests().pop().unwrap();
    assert_eq!(last.form_value("grant_type").as_deref(), Some("client_credentials"));
}
