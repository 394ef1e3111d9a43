//! Credentials in a JSON body, `scope` openid, one hour, no refresh token, secrets that rotate.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use oauth_token::{Config, ErrorKind};
use serde_json::json;

use crate::support::{Reply, Request, Server};
use crate::{HOUR, client_of, recipe};

fn config(server: &Server) -> Config {
    recipe("JSON body, rotating secrets", 0)
        .token_url(server.url("/oauth/token"))
        .ca_pem(server.ca_pem())
        .client_id("app-1")
        .client_secret("old secret")
        .client_secret_alternate("new secret")
}

fn issue(request: &Request, secrets: &[&str]) -> Reply {
    if request.method != "POST" || request.path() != "/oauth/token" {
        return Reply::empty(404);
    }
    let body = request.json();
    let secret = body["client_secret"].as_str().unwrap_or_default();
    let asked = json!({
        "grant_type": "client_credentials", "client_id": "app-1", "client_secret": secret, "scope": "openid"
    });
    if request.header("Content-Type") != Some("application/json") || body != asked {
        return Reply::empty(400);
    }
    if !secrets.contains(&secret) {
        return Reply::json(401, json!({"error": "invalid_client"}));
    }
    let token = format!("token-for-{}", secret.replace(' ', "-"));
    Reply::json(200, json!({"access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": "openid"}))
}

#[test]
fn the_documented_request_gets_the_documented_token() {
    let server = Server::https(|request| issue(request, &["old secret"]));
    let (client, _) = client_of(config(&server));
    let token = client.token().unwrap();
    assert_eq!(token.authorization(), "Bearer token-for-old-secret");
    assert_eq!(token.scope(), Some("openid"));
    assert_eq!(token.expires_in(), HOUR);
    assert_eq!(client.token().unwrap().access_token(), token.access_token());
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_wrong_secret_is_invalid_client_and_says_what_to_check() {
    let server = Server::https(|request| issue(request, &["another secret"]));
    let (client, _) = client_of(config(&server));
    let error = client.token().unwrap_err();
    assert_eq!(
        (error.kind(), error.code(), error.http_status()),
        (ErrorKind::Rejected, Some("invalid_client"), Some(401))
    );
    assert!(error.message().contains("`client_secret`") && !error.message().contains("old secret"), "{error}");
}

#[test]
fn a_missing_subscription_is_insufficient_scope_and_is_not_retried() {
    let server = Server::https(|_| Reply::json(403, json!({"error": "insufficient_scope"})));
    let (client, _) = client_of(config(&server));
    let error = client.token().unwrap_err();
    assert_eq!(
        (error.kind(), error.code(), error.http_status()),
        (ErrorKind::Rejected, Some("insufficient_scope"), Some(403))
    );
    assert!(error.message().contains("`scope`"), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn the_token_is_issued_again_a_few_minutes_before_it_expires() {
    let server = Server::https(|request| issue(request, &["old secret"]));
    let (client, clock) = client_of(config(&server));
    client.token().unwrap();
    clock.advance(HOUR - Duration::from_secs(361));
    client.token().unwrap();
    assert_eq!(server.requests().len(), 1, "six minutes before its end a token is still fresh");
    clock.advance(Duration::from_secs(61));
    client.token().unwrap();
    assert_eq!(server.requests().len(), 2, "five minutes before its end a token is renewed");
}

#[test]
fn a_rotated_secret_is_found_in_the_same_call_and_goes_first_from_then_on() {
    let old_is_valid = Arc::new(AtomicBool::new(true));
    let server = Server::https({
        let old_is_valid = Arc::clone(&old_is_valid);
        move |request| {
            let both = ["new secret", "old secret"];
            issue(request, if old_is_valid.load(Ordering::SeqCst) { &both } else { &both[..1] })
        }
    });
    let (client, clock) = client_of(config(&server));
    assert_eq!(client.token().unwrap().access_token(), "token-for-old-secret");

    old_is_valid.store(false, Ordering::SeqCst);
    clock.advance(HOUR);
    assert_eq!(client.token().unwrap().access_token(), "token-for-new-secret");
    assert_eq!(server.requests().len(), 3, "the old secret is refused, the new one is tried at once");

    clock.advance(HOUR);
    assert_eq!(client.token().unwrap().access_token(), "token-for-new-secret");
    assert_eq!(server.requests().len(), 4, "the one that worked goes first");
}

#[test]
fn a_call_that_renews_during_the_rotation_never_fails() {
    let server = Server::https(|request| issue(request, &["new secret"]));
    let (client, clock) = client_of(config(&server));
    for _ in 0..5 {
        client.token().unwrap();
        clock.advance(HOUR);
    }
}
