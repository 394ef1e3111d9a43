//! Token requests that a C program changes before they are sent.
#![cfg(all(feature = "capi", feature = "http", target_os = "linux"))]

mod c_support;
mod support;

use serde_json::json;

use c_support::Program;
use support::{Reply, Request, Server};

/// What the server received while the program did this.
fn requests_of(deed: &str) -> Vec<Request> {
    let server = Server::http(|_| Reply::json(200, json!({"access_token": "t", "expires_in": 3600})));
    let program = Program::build("request_callback").client_at(&server.url("/token?v=1"));
    program.succeed(&[deed]);
    server.requests()
}

#[test]
fn a_callback_sees_the_request_and_changes_headers_and_body() {
    let requests = requests_of("change");
    let [request] = &requests[..] else { panic!("there must be one request: {requests:?}") };
    assert_eq!(request.text(), "a=1&sign=2");
    assert_eq!(request.header("Content-Length"), Some("10"));
    let signatures = request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("x-signature"));
    assert_eq!(signatures.map(|(_, value)| value.as_str()).collect::<Vec<_>>(), ["signed"]);
}

#[test]
fn a_callback_cannot_smuggle_headers_or_set_what_is_no_text() {
    let requests = requests_of("smuggle");
    assert_eq!(requests.len(), 1);
    assert_eq!((requests[0].header("X-A"), requests[0].header("X-B")), (None, None));
    assert_eq!(requests[0].text(), "grant_type=client_credentials");
}

#[test]
fn a_callback_changes_path_and_query_and_nothing_before_them() {
    let requests = requests_of("url");
    assert_eq!(requests.iter().map(|request| request.target.as_str()).collect::<Vec<_>>(), ["/token?v=1&sign=abc"]);
}

#[test]
fn a_callback_that_fails_because_a_change_was_refused_has_the_reason_told() {
    assert_eq!(requests_of("elsewhere").len(), 0);
}

#[test]
fn a_callback_may_empty_the_body() {
    let requests = requests_of("empty");
    assert_eq!((requests[0].text().as_str(), requests[0].header("Content-Length")), ("", Some("0")));
}

#[test]
fn a_callback_may_set_what_it_has_read() {
    let requests = requests_of("read");
    assert_eq!((requests[0].text().as_str(), requests[0].header("X-Name")), ("type", Some("a")));
}

#[test]
fn a_callback_may_hold_what_it_has_read_until_it_sets_the_same() {
    let requests = requests_of("hold");
    assert_eq!((requests[0].text().as_str(), requests[0].header("X-Long")), ("a=1", Some("b")));
}

#[test]
fn a_callback_that_fails_is_told_with_its_code_and_nothing_is_sent() {
    assert_eq!(requests_of("fail").len(), 0);
}

#[test]
fn a_callback_that_is_replaced_is_freed_at_once() {
    assert_eq!(requests_of("replace").len(), 0);
}
