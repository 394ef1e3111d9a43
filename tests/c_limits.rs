//! How long calls of a C program take, when they renew, how they are stopped, and what is counted.
#![cfg(all(feature = "capi", feature = "http", target_os = "linux"))]

mod c_support;
mod support;

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use c_support::{Program, Signals, token_requests};
use support::{Gate, Reply, Server};

/// The token `t` and its number, for an hour.
fn granted(number: usize) -> Reply {
    Reply::json(200, json!({"access_token": format!("t{number}"), "expires_in": 3600}))
}

/// Due after a second, and good for eight more.
fn granted_for_a_second(number: usize) -> Reply {
    Reply::json(200, json!({"access_token": format!("t{number}"), "expires_in": 10, "refresh_in": 1}))
}

/// Answers with what is given for requests counted from 1.
fn answering(answer: impl Fn(usize) -> Reply + Send + Sync + 'static) -> Server {
    let requests = AtomicUsize::new(0);
    Server::http(move |_| answer(requests.fetch_add(1, Ordering::SeqCst) + 1))
}

/// Holds the answer to the first request back until it is told not to.
fn holding() -> Server {
    let signals = Signals::new();
    Server::http(move |request| signals.answer(request, granted))
}

fn limits(server: &Server, what: &str) {
    let program = Program::build("limits").client_of(server).set("OAUTH_TIMEOUT", "100s");
    program.set("OAUTH_MAX_RETRIES", "0").succeed(&[what]);
}

fn renew_when_due(server: &Server, what: &str) {
    let program = Program::build("renew_when_due").client_of(server).set("OAUTH_REFRESH", "manual");
    program.set("OAUTH_MAX_RETRIES", "0").succeed(&[what]);
}

fn cancel(server: &Server, what: &str) {
    let program = Program::build("cancel").client_of(server).set("OAUTH_TIMEOUT", "100s");
    program.set("OAUTH_MAX_RETRIES", "0").succeed(&[what]);
}

#[test]
fn a_call_without_time_makes_no_connection() {
    let server = answering(granted);
    limits(&server, "no time");
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_call_without_time_gets_the_token_in_hand_and_leaves_no_failure() {
    let server = answering(granted);
    limits(&server, "no time first");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_call_with_little_or_no_time_does_not_wait_for_another_s_request() {
    let server = holding();
    limits(&server, "no time to wait");
    assert_eq!(token_requests(&server), 1);
}

#[test]
fn a_call_ends_with_its_limit_however_long_the_server_takes() {
    let gate = Gate::new();
    let server = answering(move |number| Reply::gated(&gate, granted(number)));
    limits(&server, "little time");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn who_waits_is_not_failed_by_the_shorter_limit_of_the_caller_that_asks() {
    let server = holding();
    limits(&server, "hand over");
    assert_eq!(token_requests(&server), 2);
}

#[test]
fn the_first_token_is_fetched_by_a_renewal_and_not_renewed_before_it_is_due() {
    let server = answering(granted);
    renew_when_due(&server, "fetch first");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_due_token_is_renewed_when_the_host_says_so_and_served_until_then() {
    let server = answering(granted_for_a_second);
    renew_when_due(&server, "renew");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_renewal_that_fails_is_told_of_and_not_tried_again_during_the_pause() {
    let server = answering(|number| if number == 1 { granted_for_a_second(1) } else { Reply::empty(503) });
    renew_when_due(&server, "fail to renew");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_first_token_that_cannot_be_had_is_told_of_and_not_tried_again_during_the_pause() {
    let server = answering(|_| Reply::empty(503).header("Retry-After", "300"));
    renew_when_due(&server, "fail to fetch");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_renewal_is_left_to_the_caller_that_is_at_it() {
    let server = holding();
    renew_when_due(&server, "leave to another");
    assert_eq!(token_requests(&server), 1);
}

#[test]
fn a_short_life_is_due_soon() {
    let server = answering(|_| Reply::json(200, json!({"access_token": "t1", "expires_in": 2})));
    renew_when_due(&server, "live shortly");
}

#[test]
fn a_cancelled_request_ends_at_once_for_who_makes_it_and_who_waits() {
    let server = holding();
    cancel(&server, "asking");
    assert_eq!(token_requests(&server), 1);
}

#[test]
fn a_cancelled_request_over_tls_ends_at_once() {
    let signals = Signals::new();
    let server = Server::https(move |request| signals.answer(request, granted));
    cancel(&server, "asking");
    assert_eq!(token_requests(&server), 1);
}

#[test]
fn a_cancelled_renewal_says_that_it_was_cancelled() {
    let server = holding();
    cancel(&server, "renewing");
    assert_eq!(token_requests(&server), 1);
}

#[test]
fn a_client_that_is_cancelled_before_or_between_requests_makes_no_more() {
    let server = answering(granted);
    cancel(&server, "nobody");
    assert_eq!(server.connections(), 0);
    cancel(&server, "after");
    assert_eq!(server.connections(), 1);
}

#[test]
fn all_that_a_client_does_is_counted_and_read_into_memory_of_any_size() {
    let server = answering(|number| match number {
        1 | 3 => granted(number),
        2 => Reply::empty(503),
        _ => Reply::json(401, json!({"error": "invalid_client"})),
    });
    Program::build("stats").client_of(&server).succeed(&[]);
    assert_eq!(server.requests().len(), 4);
}
