//! Requests that a C program sends by itself.
#![cfg(all(feature = "capi", target_os = "linux"))]

mod c_support;
mod support;

use c_support::Program;

/// What the program prints whose transport does this.
fn outcome_of(deed: &str) -> String {
    Program::build("transport_callback").set("OAUTH_CLIENT_ID", "my-service").succeed(&[deed])
}

#[track_caller]
fn assert_refused(deed: &str, status_and_numbers: &str, words: &[&str]) {
    let outcome = outcome_of(deed);
    assert!(outcome.starts_with(status_and_numbers), "{outcome}");
    assert_eq!(outcome.lines().count(), 1, "{outcome}");
    for word in words {
        assert!(outcome.contains(word), "`{word}` is not in: {outcome}");
    }
}

#[test]
fn a_transport_sees_the_whole_request_and_its_answer_is_read_in_pieces() {
    outcome_of("grant");
}

#[test]
fn a_transport_cannot_set_what_no_answer_has_nor_change_the_request() {
    outcome_of("refuse");
}

#[test]
fn any_status_is_an_answer_and_its_headers_are_read() {
    assert_refused("reject", "OAUTH_ERROR_REJECTED 0 401 ", &["invalid_client"]);
    assert_refused("busy", "OAUTH_ERROR_SERVER 0 503 ", &[]);
    assert_refused("redirect", "OAUTH_ERROR_", &["302", "evil.test"]);
}

#[test]
fn an_answer_that_is_too_large_is_refused_while_it_arrives() {
    assert_refused("too_large", "OAUTH_ERROR_RESPONSE 0 0 ", &["1000 bytes", "max_response_bytes"]);
    // Whoever hears of it may as well fail.
    assert_refused("too_large_with_code", "OAUTH_ERROR_RESPONSE 23 0 ", &["1000 bytes", "max_response_bytes"]);
}

#[test]
fn headers_that_are_too_long_are_told_as_such() {
    assert_refused("long_headers", "OAUTH_ERROR_RESPONSE 0 0 ", &["headers", "32 KiB"]);
    assert!(!outcome_of("long_headers").contains("max_response_bytes"));
}

/// Each of its bytes becomes three.
#[test]
fn an_answer_is_measured_as_it_arrived() {
    assert!(!outcome_of("long_and_not_utf8").contains("max_response_bytes"));
}

#[test]
fn a_transport_that_fails_is_told_with_its_code_and_its_words_without_the_secret() {
    assert_refused("code", "OAUTH_ERROR_NETWORK -77 0 ", &["transport callback", "code -77"]);
    assert_refused("tell", "OAUTH_ERROR_TLS 0 0 ", &["no trust in [secret] and a new line"]);
    assert_refused("tell_with_code", "OAUTH_ERROR_NETWORK 5 0 ", &["the host name has no address"]);
}

#[test]
fn a_transport_that_fails_at_an_issuers_metadata_is_told_with_its_code_too() {
    outcome_of("discovery");
}

#[test]
fn a_transport_that_sets_nothing_or_no_text_is_told_so() {
    assert_refused("nothing", "OAUTH_ERROR_NETWORK 0 0 ", &["without setting a status"]);
    assert_refused("not_utf8", "OAUTH_ERROR_RESPONSE 0 ", &[]);
}

#[test]
fn a_transport_that_asks_its_own_client_is_refused() {
    assert_refused("reenter", "OAUTH_ERROR_NETWORK 1 0 ", &[]);
}

#[test]
fn a_transport_is_told_of_the_cancellation() {
    assert_refused("cancel", "OAUTH_ERROR_CANCELLED 0 0 ", &[]);
}

#[test]
fn options_of_the_built_in_transport_beside_another_are_refused() {
    outcome_of("option");
}
