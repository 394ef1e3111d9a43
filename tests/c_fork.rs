//! A process that is forked off goes on by itself, whatever its parent was doing.
#![cfg(all(feature = "capi", feature = "http", target_os = "linux"))]

mod c_support;
mod support;

use serde_json::json;

use c_support::{Program, Signals, token_requests};
use support::{Reply, Server};

fn granted(token: &str) -> Reply {
    Reply::json(200, json!({"access_token": token, "expires_in": 3600}))
}

/// Holds back what the parent asks for, and answers its child.
fn fork_in_flight(what: &str) -> usize {
    let signals = Signals::new();
    let server = Server::http(move |request| signals.answer(request, |number| granted(&format!("t{number}"))));
    // With another attempt, a request that the child broke off would go unnoticed.
    let program = Program::build("fork_in_flight").client_of(&server).set("OAUTH_MAX_RETRIES", "0");
    program.set("OAUTH_TIMEOUT", "100s").succeed(&[what]);
    token_requests(&server)
}

fn fork_while_asking(server: &Server, what: &str, times: u32) {
    Program::build("fork_while_asking").client_of(server).succeed(&[what, &times.to_string()]);
}

#[test]
fn a_child_fetches_by_itself_while_its_parent_s_request_is_under_way() {
    assert_eq!(fork_in_flight("fetch"), 2);
}

#[test]
fn a_child_renews_by_itself_while_its_parent_s_request_is_under_way() {
    assert_eq!(fork_in_flight("renew"), 2);
}

#[test]
fn a_child_of_a_child_fetches_by_itself_too() {
    assert_eq!(fork_in_flight("fork"), 2);
}

#[test]
fn a_child_that_cancels_its_client_does_not_break_its_parent_s_request_off() {
    assert_eq!(fork_in_flight("cancel"), 1);
}

#[test]
fn a_child_that_frees_its_client_leaves_its_parent_s_request_alone() {
    assert_eq!(fork_in_flight("free"), 1);
}

#[test]
fn a_child_gets_the_token_in_hand_whatever_the_threads_of_its_parent_were_doing() {
    let server = Server::http(|_| granted("t"));
    fork_while_asking(&server, "take", 200);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_child_gets_a_token_while_the_threads_of_its_parent_forget_theirs() {
    let server = Server::http(|_| granted("t"));
    fork_while_asking(&server, "reset", 100);
}

#[test]
fn a_child_gets_a_token_over_tls_while_the_threads_of_its_parent_forget_theirs() {
    let server = Server::https(|_| granted("t"));
    fork_while_asking(&server, "reset", 50);
}
