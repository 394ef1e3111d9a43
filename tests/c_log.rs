//! What a log callback is told.
#![cfg(all(feature = "capi", feature = "http", target_os = "linux"))]

mod c_support;
mod support;

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use c_support::program::CLIENT_SECRET;
use c_support::{Program, Signals};
use support::{Reply, Server};

const TOKEN: &str = "the-token";

/// What is logged, each line without the client, which must stand behind its level; none of it holds the secret or the
/// token.
fn logged(server: &Server, max_level: i32, what: &str) -> Vec<String> {
    let program = Program::build("log_lines").client_of(server);
    let printed = program.succeed(&[&max_level.to_string(), what]);
    assert!(!printed.contains(CLIENT_SECRET) && !printed.contains(TOKEN), "{printed}");
    let without_client = |line: &str| {
        let (level, text) = line.split_once(" [my-service] ").unwrap_or_else(|| panic!("no client: {line}"));
        format!("{level} {text}")
    };
    printed.lines().map(without_client).collect()
}

fn granted() -> Reply {
    Reply::json(200, json!({"access_token": TOKEN, "expires_in": 3600}))
}

fn granting() -> Server {
    Server::http(|_| granted())
}

/// Says in its description what must not be repeated.
fn refused() -> Reply {
    let description = format!("{CLIENT_SECRET} is wrong");
    Reply::json(401, json!({"error": "invalid_client", "error_description": description}))
}

/// Grants a token that is due after a second and good for eight more, and then fails.
fn failing_to_renew() -> Server {
    let requests = AtomicUsize::new(0);
    Server::http(move |_| match requests.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::json(200, json!({"access_token": TOKEN, "expires_in": 10, "refresh_in": 1})),
        _ => refused(),
    })
}

/// Each line has its level and begins and goes on as given.
#[track_caller]
fn assert_lines(lines: &[String], expected: &[(&str, &str)]) {
    let agree = lines.len() == expected.len()
        && lines.iter().zip(expected).all(|(line, (start, part))| line.starts_with(start) && line.contains(part));
    assert!(agree, "{lines:#?} is not {expected:#?}");
}

#[test]
fn a_token_is_told_of_with_its_lifetime_and_a_token_in_hand_is_not() {
    let lines = logged(&granting(), 4, "succeed");
    assert_lines(&lines, &[("4 requesting a token", ""), ("3 got a token for 3600 s", "1 request")]);
}

#[test]
fn a_failure_and_its_repetition_are_told_of_with_the_next_attempt() {
    let server = Server::http(|_| refused());
    let lines = logged(&server, 4, "fail");
    let failed = ("1 got no token", "invalid_client");
    assert_lines(&lines, &[("4 requesting a token", ""), failed, ("4 repeated an earlier failure", "next attempt in")]);
    assert!(lines[1].contains("401") && lines[1].contains("next attempt in 5.0 s"), "{lines:?}");
}

#[test]
fn a_failed_renewal_is_a_warning_and_the_token_that_is_still_good_is_told_of() {
    let lines = logged(&failing_to_renew(), 4, "renew");
    let served = ("4 handed out a token that is due", "");
    let failed = ("2 got no token", "next attempt in");
    let first = [("4 requesting a token", ""), ("3 got a token for 10 s", "")];
    assert_lines(&lines, &[&first[..], &[("4 renewing the token", ""), failed, served, served]].concat());
}

#[test]
fn a_client_that_is_told_to_stop_is_no_error_and_tells_of_no_next_attempt() {
    let lines = logged(&granting(), 4, "cancel");
    assert_lines(&lines, &[("4 requesting a token", ""), ("3 got no token", "make a new one to go on")]);
    assert!(!lines[1].contains("next attempt"), "{lines:?}");
}

#[test]
fn a_caller_that_waited_is_told_of() {
    let signals = Signals::new();
    let server = Server::http(move |request| signals.answer(request, |_| granted()));
    let mut lines = logged(&server, 4, "wait");
    // Which of the two threads comes first is open.
    lines.sort();
    let waited = ("4 waited", "for another caller's request");
    assert_lines(&lines, &[("3 got a token for 3600 s", ""), ("4 requesting a token", ""), waited]);
}

#[test]
fn a_refused_token_is_told_of_when_it_goes_and_when_it_stays() {
    let lines = logged(&granting(), 4, "invalidate");
    let first = [("4 requesting a token", ""), ("3 got a token for 3600 s", "")];
    let gone = ("3 an API refused the token", "the next call fetches another");
    let kept = (
        "2 an API refused the token",
        "stays in use for a while to spare the server; the API seems to refuse every token",
    );
    assert_lines(&lines, &[&first[..], &[gone], &first, &[kept]].concat());
}

#[test]
fn a_lifetime_that_had_to_be_assumed_is_a_warning() {
    let server = Server::http(|_| Reply::json(200, json!({"access_token": TOKEN, "ttl": 3600})));
    let lines = logged(&server, 3, "succeed");
    let warning =
        ("2 the token's lifetime is assumed to be 300 s", "no `expires_in`; the answer has `access_token`, `ttl`");
    assert_lines(&lines, &[("3 got a token for 300 s", ""), warning]);
}

#[test]
fn nothing_is_told_above_the_highest_level() {
    for (max_level, expected) in [(i32::MIN, &[][..]), (-1, &[]), (0, &[]), (1, &[]), (2, &[]), (3, &["3"])] {
        assert_eq!(levels(&granting(), max_level, "succeed"), expected, "at {max_level}");
    }
    for (max_level, expected) in [(0, &[][..]), (1, &["1"]), (2, &["1"]), (3, &["1"]), (i32::MAX, &["4", "1", "4"])] {
        assert_eq!(levels(&Server::http(|_| refused()), max_level, "fail"), expected, "at {max_level}");
    }
    for (max_level, expected) in [(1, &[][..]), (2, &["2"]), (3, &["3", "2"])] {
        assert_eq!(levels(&failing_to_renew(), max_level, "renew"), expected, "at {max_level}");
    }
}

fn levels(server: &Server, max_level: i32, what: &str) -> Vec<String> {
    logged(server, max_level, what).iter().map(|line| line[..1].to_owned()).collect()
}

#[test]
fn a_callback_that_asks_its_own_client_does_not_wait_for_itself() {
    let server = granting();
    logged(&server, 4, "reenter");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_callback_that_asks_its_own_client_about_a_failure_does_not_wait_for_itself() {
    let server = Server::http(|_| refused());
    logged(&server, 4, "reenter and fail");
    assert_eq!(server.requests().len(), 1);
}
