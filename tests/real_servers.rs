//! What is known of servers that cannot be installed here, played on loopback.

#![cfg(feature = "http")]

mod checks;
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use oauth_token::{Client, ErrorKind, Token};
use serde_json::json;

use checks::{TOKEN, assert_error, assert_is_the_token, client_with, config, granted, token_error};
use support::{Reply, Request, Server, TestClock};

/// Knows this secret; whatever else it is sent, it answers alike.
fn knowing(secret: &'static str, otherwise: Reply) -> Server {
    Server::http(move |request| match request.basic_raw() {
        Some((_, sent)) if sent == secret => granted(TOKEN),
        _ => otherwise.clone(),
    })
}

#[track_caller]
fn assert_wrong_secret_is_told(answer: Reply, kind: ErrorKind, words: &[&str]) {
    let server = knowing("the right one", answer);
    let error = token_error(config(server.url("/token")));
    assert_error(&error, kind, &["client_secret_basic (`basic_encoding` raw), client_id `test-client`", "check"]);
    assert_error(&error, kind, words);
}

#[test]
fn a_wrong_secret_answered_401_without_a_word_points_to_the_credentials() {
    assert_wrong_secret_is_told(Reply::empty(401), ErrorKind::Rejected, &["HTTP 401", "`client_secret`"]);
}

#[test]
fn a_wrong_secret_answered_400_points_to_the_credentials() {
    let answer = Reply::json(400, json!({ "error": "invalid_client" }));
    assert_wrong_secret_is_told(answer, ErrorKind::Rejected, &["HTTP 400", "`client_secret`"]);
    let answer = Reply::empty(400);
    assert_wrong_secret_is_told(answer, ErrorKind::Server, &["HTTP 400 and said nothing else", "`client_auth`"]);
}

#[test]
fn a_wrong_secret_answered_403_without_a_word_says_what_was_sent() {
    assert_wrong_secret_is_told(Reply::empty(403), ErrorKind::Rejected, &["HTTP 403 and said nothing else"]);
}

#[test]
fn a_wrong_secret_answered_404_points_to_the_client_too() {
    assert_wrong_secret_is_told(Reply::empty(404), ErrorKind::Server, &["HTTP 404", "`client_id`"]);
}

#[test]
fn a_wrong_secret_answered_401_gives_way_to_the_alternate() {
    for scheme in ["Basic realm=\"x\"", "Bearer error=\"invalid_token\"", "Hawk ts=\"1353832234\"", "  ,"] {
        let server = knowing("the right one", Reply::empty(401).header("WWW-Authenticate", scheme));
        let config = config(server.url("/token")).client_secret_alternate("the right one");
        assert_is_the_token(Client::new(config).unwrap().token());
        assert_eq!(server.requests().len(), 2, "{scheme}");
    }
}

#[test]
fn a_challenge_of_whatever_scheme_leaves_the_server_s_words_as_they_are() {
    for scheme in ["Bearer error=\"invalid_token\", error_description=\"wrong\"", "Negotiate", "Hawk ts=\"1353832234\""]
    {
        let body = json!({ "error": "invalid_client", "error_description": "No such client" });
        let server = Server::http(move |_| Reply::json(401, body.clone()).header("WWW-Authenticate", scheme));
        let error = token_error(config(server.url("/token")));
        assert_error(&error, ErrorKind::Rejected, &["HTTP 401 invalid_client: No such client"]);
    }
}

#[test]
fn a_slash_that_the_token_url_lacks_is_told() {
    let server = Server::http(|request| match request.path() {
        "/o/token/" => granted(TOKEN),
        path => Reply::empty(301).header("Location", &format!("{path}/")),
    });
    let error = token_error(config(server.url("/o/token")));
    assert_error(&error, ErrorKind::Rejected, &["HTTP 301", "pointing to /o/token/", "set the URL"]);
    assert_eq!(server.requests().len(), 1);
    assert_is_the_token(Client::new(config(server.url("/o/token/"))).unwrap().token());
}

#[test]
fn a_page_for_people_is_told_with_its_title_whatever_its_status() {
    for status in [400, 500, 502] {
        let page = "<!DOCTYPE html><html><head><title>The service is down</title></head><body>…</body></html>";
        let server = Server::http(move |_| Reply::text(status, "text/html; charset=utf-8", page));
        let error = token_error(config(server.url("/token")));
        let words = [&format!("HTTP {status}"), "The service is down", "HTML"];
        assert_error(&error, ErrorKind::Server, &words);
        assert!(error.is_retryable(), "{error}");
    }
}

/// The token of a server that was asked for `read write` and says that it granted this.
fn granted_scope(scope: &'static str) -> Token {
    let server = Server::http(move |_| {
        Reply::json(200, json!({ "access_token": TOKEN, "token_type": "Bearer", "expires_in": 60, "scope": scope }))
    });
    Client::new(config(server.url("/token")).scope("read write")).unwrap().token().unwrap()
}

#[test]
fn a_scope_granted_in_part_in_another_order_or_with_more_is_told_as_it_was_granted() {
    for scope in ["read", "write read", "read write profile", "READ", ""] {
        let token = granted_scope(scope);
        assert_eq!((token.access_token(), token.scope()), (TOKEN, Some(scope)));
    }
}

#[test]
fn a_lifetime_that_lost_a_second_on_the_way_is_believed() {
    let server = Server::http(|_| {
        Reply::json(200, json!({ "access_token": TOKEN, "token_type": "Bearer", "expires_in": 3599 }))
    });
    let clock = TestClock::new();
    let client = client_with(config(server.url("/token")), &clock);
    assert_eq!(client.token().unwrap().expires_in(), Duration::from_secs(3599));
    clock.advance(Duration::from_secs(3239 - 60));
    client.token().unwrap();
    assert_eq!(server.requests().len(), 1, "the second is no reason to ask again");
}

/// Issues a token that lives ten minutes, and the same one again until it has died.
fn reissuing(clock: &Arc<TestClock>, life: u64) -> Server {
    let (clock, start) = (Arc::clone(clock), clock_seconds(clock));
    Server::http(move |_| {
        let age = clock_seconds(&clock) - start;
        let (number, left) = (age / life, life - age % life);
        let body = json!({ "access_token": format!("t{number}"), "token_type": "Bearer", "expires_in": left });
        Reply::json(200, body)
    })
}

fn clock_seconds(clock: &TestClock) -> u64 {
    oauth_token::Clock::now(clock).monotonic.as_secs()
}

#[test]
fn a_token_that_is_issued_again_until_it_dies_is_used_until_then_and_no_longer() {
    let (life, clock) = (600, TestClock::new());
    let server = reissuing(&clock, life);
    let client = client_with(config(server.url("/token")), &clock);
    let start = clock_seconds(&clock);
    for _ in 0..3 * life {
        let age = clock_seconds(&clock) - start;
        let token = client.token().unwrap();
        let number = token.access_token().trim_start_matches('t').parse::<u64>().unwrap();
        assert_eq!(number, age / life, "after {age} s");
        clock.advance(Duration::from_secs(1));
    }
    assert!(server.requests().len() < 60, "{} requests", server.requests().len());
}

/// An API beside its token endpoint, which says `status` to the first token.
fn api_that_says_to_the_first_token(status: u16) -> Server {
    let issued = AtomicU64::new(0);
    Server::http(move |request: &Request| match (request.path(), request.header("authorization")) {
        ("/api", Some("Bearer t1")) => Reply::empty(status),
        ("/api", _) => Reply::empty(200),
        _ => granted(&format!("t{}", issued.fetch_add(1, Ordering::SeqCst) + 1)),
    })
}

#[test]
fn an_api_that_documents_403_for_a_dead_token_gets_another_from_whoever_says_so() {
    let server = api_that_says_to_the_first_token(403);
    let client = Client::new(config(server.url("/token"))).unwrap();
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build().into();
    let status = client.call(|authorization| {
        let answer = agent.get(server.url("/api")).header("Authorization", authorization).call();
        let status = answer.unwrap().status().as_u16();
        if status == 403 { Err(oauth_token::Unauthorized(status)) } else { Ok(status) }
    });
    assert_eq!(status.unwrap(), 200);
    assert_eq!(client.statistics().invalidated, 1);
}
