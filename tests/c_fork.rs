//! A process that is forked off goes on by itself, whatever its parent was doing.
#![cfg(all(feature = "capi", feature = "http", target_os = "linux"))]

mod c_support;
mod support;

use serde_json::json;

use c_support::program::CLIENT_SECRET;
use c_support::{Program, Signals, token_requests};
use support::{Reply, Request, Server};

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

/// The same with a client and one derived from it. The server knows the secret of the parent, and the child gives itself
/// another.
fn fork_relatives(whose: &str) -> Vec<Request> {
    let signals = Signals::new();
    let server = Server::http(move |request| {
        signals.answer(request, |number| {
            let is_known = request.basic_decoded().is_some_and(|(_, secret)| secret == CLIENT_SECRET);
            let is_last = request.form_value("scope").as_deref() == Some("c");
            if is_known || !is_last {
                granted(&format!("t{number}"))
            } else {
                Reply::json(401, json!({"error": "invalid_client"}))
            }
        })
    });
    Program::build("fork_relatives").client_of(&server).set("OAUTH_TIMEOUT", "100s").succeed(&[whose]);
    server.requests().into_iter().filter(|request| request.path() == "/token").collect()
}

#[track_caller]
fn assert_sent(requests: &[Request], expected: &[(&str, &str)]) {
    let sent = requests.iter().map(|request| {
        let scope = request.form_value("scope").unwrap_or_default();
        (scope, request.basic_decoded().map_or(String::new(), |(_, secret)| secret))
    });
    let expected = expected.iter().map(|&(scope, secret)| (scope.to_owned(), secret.to_owned()));
    assert_eq!(sent.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

/// What a child replaces its secret by.
const OF_CHILD: &str = "secret of the child";

#[test]
fn a_child_uses_a_client_and_one_derived_from_it_without_touching_its_parent_s() {
    let shared = [("", CLIENT_SECRET), ("a", CLIENT_SECRET)];
    let expected = [&shared[..], &[("b", OF_CHILD), ("c", OF_CHILD), ("a", CLIENT_SECRET)]].concat();
    assert_sent(&fork_relatives("nobody's"), &expected);
}

#[test]
fn a_child_fetches_for_a_client_and_one_derived_from_it_whichever_is_asking() {
    for (whose, asking, other) in [("the base's", "", "a"), ("the derived one's", "a", "")] {
        let of_child = [("a", CLIENT_SECRET), ("", CLIENT_SECRET), ("b", OF_CHILD), ("c", OF_CHILD)];
        let expected = [&[(asking, CLIENT_SECRET)][..], &of_child, &[(other, CLIENT_SECRET)]].concat();
        assert_sent(&fork_relatives(whose), &expected);
    }
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
    // One for each of two clients, and none by any child.
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_child_may_cancel_what_the_threads_of_its_parent_are_cancelling() {
    let server = Server::http(|_| granted("t"));
    fork_while_asking(&server, "cancel", 300);
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
