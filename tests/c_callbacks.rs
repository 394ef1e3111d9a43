//! What a host's callbacks are asked, told and allowed.
#![cfg(all(feature = "capi", feature = "http", target_os = "linux"))]

mod c_support;
mod support;

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use c_support::Program;
use support::{Reply, Request, Server};

/// Tokens `t1`, `t2`, … to whom the condition on the secret admits, else `invalid_client`; requests are counted
/// together.
fn admitting(admits: impl Fn(&str) -> bool + Send + Sync + 'static) -> Server {
    let requests = AtomicUsize::new(0);
    Server::http(move |request| {
        let number = requests.fetch_add(1, Ordering::SeqCst) + 1;
        if request.basic_decoded().is_some_and(|(_, secret)| admits(&secret)) {
            Reply::json(200, json!({"access_token": format!("t{number}"), "expires_in": 3600}))
        } else {
            Reply::json(401, json!({"error": "invalid_client"}))
        }
    })
}

fn admitting_right() -> Server {
    admitting(|secret| secret == "right")
}

fn secrets(server: &Server) -> Vec<String> {
    server.requests().iter().filter_map(Request::basic_decoded).map(|(_, secret)| secret).collect()
}

/// Runs the program with clients that have no secret but what their callback gives.
fn with_secret_callback(server: &Server, what: &str) {
    without_secret("secret_callback", server).succeed(&[what]);
}

fn without_secret(program: &str, server: &Server) -> Program {
    Program::build(program).client_of(server).set("OAUTH_CLIENT_SECRET", "")
}

#[test]
fn the_userdata_of_a_secret_callback_is_freed_once_after_the_last_that_holds_it() {
    let server = admitting(|_| true);
    without_secret("free_userdata", &server).succeed(&["secret"]);
}

#[test]
fn the_userdata_of_a_log_callback_is_freed_once_after_the_last_that_holds_it() {
    let server = admitting(|_| true);
    Program::build("free_userdata").client_of(&server).succeed(&["log"]);
}

#[test]
fn the_userdata_of_request_and_transport_callbacks_is_freed_once_after_the_last_that_holds_it() {
    let server = admitting(|_| true);
    Program::build("free_userdata").client_of(&server).succeed(&["request"]);
    Program::build("free_userdata").client_of(&server).succeed(&["transport"]);
}

#[test]
fn a_callback_gives_the_secret_on_the_thread_of_the_caller_once_for_each_token() {
    let server = admitting_right();
    with_secret_callback(&server, "given");
    assert_eq!(secrets(&server), ["right", "right"]);
}

#[test]
fn a_callback_whose_secret_is_refused_is_asked_for_another_within_the_same_call() {
    let server = admitting_right();
    with_secret_callback(&server, "refused");
    assert_eq!(secrets(&server), ["wrong", "right"]);
}

#[test]
fn a_callback_is_not_asked_during_a_pause() {
    let server = admitting_right();
    with_secret_callback(&server, "paused");
    assert_eq!(secrets(&server), ["wrong"]);
}

#[test]
fn a_callback_that_fails_is_told_of_with_its_code_and_no_request_is_sent() {
    let server = admitting_right();
    with_secret_callback(&server, "failed");
    // One for each code, after the callback has stopped failing.
    assert_eq!(secrets(&server), ["right"; 5]);
    assert_eq!(server.connections(), 5);
}

#[test]
fn a_callback_that_gives_no_secret_that_could_be_sent_is_told_of_and_no_request_is_sent() {
    let server = admitting(|_| true);
    with_secret_callback(&server, "misled");
    assert_eq!(server.connections(), 0);
}

#[test]
fn of_two_secrets_that_a_callback_gives_the_last_counts() {
    let server = admitting_right();
    with_secret_callback(&server, "twice");
    assert_eq!(secrets(&server), ["right"]);
}

#[test]
fn a_callback_that_asks_its_own_client_is_refused_at_once() {
    let server = admitting_right();
    without_secret("reenter", &server).succeed(&["itself"]);
    assert_eq!(secrets(&server), ["right"]);
}

#[test]
fn a_callback_may_ask_another_client() {
    let server = admitting(|secret| ["right", "t1"].contains(&secret));
    without_secret("reenter", &server).succeed(&["another"]);
    assert_eq!(secrets(&server), ["right", "t1"]);
}

#[test]
fn a_callback_that_asks_its_own_client_by_way_of_another_is_refused_at_once() {
    let server = admitting(|secret| ["right", "t1"].contains(&secret));
    without_secret("reenter", &server).succeed(&["circle"]);
    assert_eq!(secrets(&server), ["right", "t1"]);
}

#[test]
fn a_callback_beside_a_secret_or_where_none_is_sent_is_refused_when_the_client_is_made() {
    let server = admitting(|_| true);
    with_secret_callback(&server, "contradicted");
    assert_eq!(server.connections(), 0);
}

#[test]
fn derived_clients_share_callbacks_which_are_freed_once_after_the_last_of_them() {
    let server = Server::http(|request| {
        let scope = request.form_value("scope").unwrap_or_default();
        Reply::json(200, json!({"access_token": scope, "expires_in": 3600}))
    });
    without_secret("derive", &server).succeed(&[]);
    assert_eq!(secrets(&server), ["shared"; 3]);
}
