//! Id and secret in a form; a refresh token with a life of its own and an endpoint of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use oauth_token::Config;
use serde_json::json;

use crate::support::{Reply, Request, Server};
use crate::{client_of, recipe};

const TOKEN_PATH: &str = "/realms/korusticket/protocol/openid-connect/token";
const REFRESH_PATH: &str = "/realms/korusticket/protocol/openid-connect/refresh";

fn config(server: &Server) -> Config {
    recipe("Secret in the form, refresh tokens at their own endpoint", 0)
        .token_url(server.url(TOKEN_PATH))
        .refresh_url(server.url(REFRESH_PATH))
        .ca_pem(server.ca_pem())
}

/// Plays the documented server; `is_alive` says whether the refresh token is.
fn start(refresh_expires_in: u64, is_alive: bool) -> Server {
    let issued = Arc::new(AtomicUsize::new(0));
    Server::https(move |request| {
        let credentials = [("client_id", "your-client-id"), ("client_secret", "your-client-secret")];
        let expected: Vec<(String, String)> = match request.path() {
            TOKEN_PATH => pairs(&[("grant_type", "client_credentials"), credentials[0], credentials[1]]),
            REFRESH_PATH => {
                let latest = format!("refresh-{}", issued.load(Ordering::SeqCst));
                pairs(&[("grant_type", "refresh_token"), ("refresh_token", &latest), credentials[0], credentials[1]])
            }
            _ => return Reply::empty(404),
        };
        if sorted(request) != expected || (request.path() == REFRESH_PATH && !is_alive) {
            return Reply::json(400, json!({"error": "invalid_grant", "error_description": "Token is not active"}));
        }
        let number = issued.fetch_add(1, Ordering::SeqCst) + 1;
        Reply::json(
            200,
            json!({
                "access_token": format!("access-{number}"), "expires_in": 1800,
                "refresh_expires_in": refresh_expires_in, "refresh_token": format!("refresh-{number}"),
                "token_type": "Bearer"
            }),
        )
    })
}

fn pairs(written: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = written.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    pairs.sort();
    pairs
}

fn sorted(request: &Request) -> Vec<(String, String)> {
    let mut form = request.form();
    form.sort();
    form
}

fn paths(server: &Server) -> Vec<String> {
    server.requests().iter().map(|request| request.path().to_owned()).collect()
}

#[test]
fn the_documented_requests_get_and_renew_the_token() {
    let server = start(1800, true);
    let (client, clock) = client_of(config(&server));
    let token = client.token().unwrap();
    assert_eq!((token.access_token(), token.field("refresh_expires_in")), ("access-1", Some("1800")));

    clock.advance(Duration::from_secs(1500));
    assert_eq!(client.token().unwrap().access_token(), "access-2");
    clock.advance(Duration::from_secs(1500));
    assert_eq!(client.token().unwrap().access_token(), "access-3", "the new refresh token replaces the old");
    assert_eq!(paths(&server), [TOKEN_PATH, REFRESH_PATH, REFRESH_PATH]);
}

#[test]
fn a_dead_refresh_token_falls_back_in_the_same_call() {
    let server = start(86_400, false);
    let (client, clock) = client_of(config(&server));
    client.token().unwrap();
    clock.advance(Duration::from_secs(1500));
    assert_eq!(client.token().unwrap().access_token(), "access-2");
    assert_eq!(paths(&server), [TOKEN_PATH, REFRESH_PATH, TOKEN_PATH]);
}

#[test]
fn a_refresh_token_that_died_with_the_access_token_is_not_even_sent() {
    let server = start(1800, true);
    let (client, clock) = client_of(config(&server));
    client.token().unwrap();
    clock.advance(Duration::from_secs(1800));
    assert_eq!(client.token().unwrap().access_token(), "access-2");
    assert_eq!(paths(&server), [TOKEN_PATH, TOKEN_PATH]);
}

#[test]
fn a_refresh_token_that_outlives_the_access_token_is_used_after_it() {
    let server = start(86_400, true);
    let (client, clock) = client_of(config(&server));
    client.token().unwrap();
    clock.advance(Duration::from_secs(7200));
    assert_eq!(client.token().unwrap().access_token(), "access-2");
    assert_eq!(paths(&server), [TOKEN_PATH, REFRESH_PATH]);
}
