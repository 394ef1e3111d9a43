//! Which failures of one call are tried again over a real connection, how often, and at what pace.

#![cfg(feature = "http")]

mod checks;
mod support;

use std::sync::Arc;
use std::time::Duration;

use oauth_token::{Config, Error, ErrorKind};

use checks::{Port, TOKEN, answering, assert_error, assert_is_the_token, client_with, config, granted};
use support::{FakeTransport, Reply, Server, TestAuthority, TestClock, broken};

/// Answers with these one after another, then grants.
fn answering_first(mut replies: Vec<Reply>) -> Server {
    replies.push(granted(TOKEN));
    answering(replies)
}

/// The error of one call, and how many requests it took.
#[track_caller]
fn failure_of(reply: Reply, max_retries: Option<u32>) -> (Error, usize) {
    let server = Server::http(move |_| reply.clone());
    let mut config = config(server.url("/token"));
    if let Some(max_retries) = max_retries {
        config = config.max_retries(max_retries);
    }
    let clock = TestClock::new();
    let error = client_with(config, &clock).token().expect_err("there must be no token");
    let requests = server.requests().len();
    assert_eq!(clock.sleeps().len(), requests - 1, "one wait before each retry");
    (error, requests)
}

#[test]
fn a_connection_that_breaks_once_costs_one_more_request() {
    let server = answering_first(vec![Reply::hang_up()]);
    let clock = TestClock::new();
    assert_is_the_token(client_with(config(server.url("/token")), &clock).token());
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn an_answer_that_breaks_off_once_costs_one_more_request() {
    let server = answering_first(vec![Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"access_token\":")]);
    let clock = TestClock::new();
    assert_is_the_token(client_with(config(server.url("/token")), &clock).token());
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_server_that_fails_twice_is_asked_a_third_time() {
    let server = answering_first(vec![Reply::empty(503), Reply::hang_up()]);
    let clock = TestClock::new();
    assert_is_the_token(client_with(config(server.url("/token")), &clock).token());
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn before_each_retry_a_moment_passes() {
    let server = answering_first(vec![Reply::hang_up(); 50]);
    let clock = TestClock::new();
    assert_is_the_token(client_with(config(server.url("/token")).max_retries(50), &clock).token());
    let sleeps = clock.sleeps();
    assert_eq!(sleeps.len(), 50);
    let (shortest, longest) = (Duration::from_millis(100), Duration::from_millis(500));
    assert!(sleeps.iter().all(|sleep| (shortest..=longest).contains(sleep)), "{sleeps:?}");
    assert!(sleeps.iter().any(|sleep| *sleep != sleeps[0]), "clients that failed together must spread: {sleeps:?}");
}

#[test]
fn every_attempt_sends_the_same() {
    let server = answering_first(vec![Reply::empty(500), Reply::empty(500)]);
    let clock = TestClock::new();
    assert_is_the_token(client_with(config(server.url("/token")).scope("a"), &clock).token());
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert!(requests.iter().all(|request| *request == requests[0]), "{requests:?}");
}

#[test]
fn a_server_that_goes_on_failing_is_asked_three_times() {
    for status in [500, 502, 503, 504] {
        let (error, requests) = failure_of(Reply::empty(status), None);
        assert_error(&error, ErrorKind::Server, &[&format!("HTTP {status}")]);
        assert_eq!(requests, 3, "{status}");
    }
}

#[test]
fn a_connection_that_goes_on_breaking_is_tried_three_times() {
    let (error, requests) = failure_of(Reply::hang_up(), None);
    assert_error(&error, ErrorKind::Network, &["ended before the answer did"]);
    assert_eq!(requests, 3);
}

#[test]
fn max_retries_is_how_many_more_times() {
    for max_retries in [0, 1, 5] {
        let (_, requests) = failure_of(Reply::empty(503), Some(max_retries));
        assert_eq!(requests, max_retries as usize + 1);
        let (_, requests) = failure_of(Reply::hang_up(), Some(max_retries));
        assert_eq!(requests, max_retries as usize + 1);
    }
}

#[test]
fn a_server_that_says_when_to_come_back_is_not_asked_before() {
    for when in ["0", "1", "120", "Fri, 31 Dec 2100 23:59:59 GMT"] {
        let (error, requests) = failure_of(Reply::empty(503).header("Retry-After", when), None);
        assert_error(&error, ErrorKind::Server, &["HTTP 503"]);
        assert_eq!(requests, 1, "Retry-After: {when}");
    }
}

#[test]
fn a_refusal_is_not_asked_about_again() {
    for status in [400, 401, 403, 404, 405, 408, 415, 422, 429] {
        let (error, requests) = failure_of(Reply::empty(status), None);
        assert_eq!(error.http_status(), Some(status));
        assert_eq!(requests, 1, "{status}");
    }
}

#[test]
fn an_oauth_error_is_a_refusal_whatever_its_status() {
    let body = serde_json::json!({"error": "invalid_client"});
    let (error, requests) = failure_of(Reply::json(500, body), None);
    assert_error(&error, ErrorKind::Rejected, &["HTTP 500", "invalid_client"]);
    assert_eq!(requests, 1);
}

#[test]
fn an_answer_that_makes_no_sense_is_not_asked_for_again() {
    for reply in [Reply::text(200, "text/html", "<p>Sign in"), Reply::text(200, "application/json", "{}")] {
        let (error, requests) = failure_of(reply, None);
        assert_eq!(error.kind(), ErrorKind::Response);
        assert_eq!(requests, 1);
    }
}

#[test]
fn a_redirect_is_not_asked_about_again() {
    let (_, requests) = failure_of(Reply::empty(302).header("Location", "/elsewhere"), None);
    assert_eq!(requests, 1);
}

#[test]
fn a_refused_connection_is_tried_again() {
    let clock = TestClock::new();
    let client = client_with(config(format!("http://127.0.0.1:{}/token", Port::closed())), &clock);
    assert_error(&client.token().expect_err("nobody listens"), ErrorKind::Network, &["no connection"]);
    assert_eq!(clock.sleeps().len(), 2);
}

#[test]
fn a_server_that_is_not_trusted_is_not_tried_again() {
    let server = Server::https(|_| granted(TOKEN));
    let (other_authority, _) = TestAuthority::new().client_certificate("Other Authority");
    let clock = TestClock::new();
    let client = client_with(config(server.url("/token")).ca_pem(other_authority), &clock);
    assert_error(&client.token().expect_err("it is not trusted"), ErrorKind::Tls, &["`ca_pem` does not hold it"]);
    assert_eq!(server.connections(), 1);
}

#[test]
fn retries_end_with_the_time_limit_of_the_call() {
    // At the end nearly nothing is left of the limit, which would be too little for a real connection.
    let transport = Arc::new(FakeTransport::new(|_| broken(true)));
    let clock = TestClock::new();
    let limit = Duration::from_secs(2);
    let config = Config::new().token_url("https://provider.test/token").client_id("id").client_secret("secret");
    let config = config.timeout(limit).max_retries(1_000).transport(transport);
    let client = client_with(config, &clock);
    assert_error(&client.token().expect_err("the connection breaks"), ErrorKind::Network, &["the connection broke"]);
    let slept: Duration = clock.sleeps().iter().sum();
    assert!(slept < limit && !slept.is_zero(), "{slept:?}");
}

#[test]
fn during_the_pause_after_a_failure_no_request_is_made() {
    let server = answering_first(vec![Reply::empty(503)]);
    let clock = TestClock::new();
    let client = client_with(config(server.url("/token")).max_retries(0), &clock);
    let first = client.token().expect_err("the server fails");
    let second = client.token().expect_err("the pause has begun");
    assert!(!first.is_repeated() && second.is_repeated());
    assert!(second.message().starts_with(first.message()), "{second}");
    assert!(second.message().contains("no new request was made"), "{second}");
    assert_eq!(server.requests().len(), 1);
    clock.advance(first.retry_in().expect("a pause has an end"));
    assert_is_the_token(client.token());
    assert_eq!(server.requests().len(), 2);
}
