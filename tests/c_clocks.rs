//! What a C program gets where the time of day is odd, and where a token lives longer than a number of 32 bits can say.
#![cfg(all(feature = "capi", feature = "http", target_os = "linux"))]

mod c_support;
mod support;

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use c_support::Program;
use support::{Reply, Server};

fn numbered_tokens() -> Server {
    let requests = AtomicUsize::new(0);
    Server::http(move |_| {
        let number = requests.fetch_add(1, Ordering::SeqCst) + 1;
        Reply::json(200, json!({"access_token": format!("t{number}"), "expires_in": 3600}))
    })
}

#[test]
fn the_time_of_day_goes_on_beyond_2038_and_2106() {
    let server = numbered_tokens();
    Program::build("clocks").client_of(&server).succeed(&["far"]);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_panic_is_caught_told_and_over() {
    let server = numbered_tokens();
    Program::build("clocks").client_of(&server).succeed(&["broken"]);
    assert_eq!(server.requests().len(), 1);
}

/// A token that is said to live for so long, and how long it may.
fn live(expires_in: u64, max_expires_in: &str, expected_seconds: u64) {
    let server = Server::http(move |_| Reply::json(200, json!({"access_token": "t", "expires_in": expires_in})));
    let program = Program::build("long_life").client_of(&server).set("OAUTH_MAX_EXPIRES_IN", max_expires_in);
    program.succeed(&[&expected_seconds.to_string()]);
    assert_eq!(server.requests().len(), 1);
}

/// In seconds, and still a number of 64 bits in milliseconds.
const FOREVER: u64 = i64::MAX as u64 / 1000;
const YEAR: u64 = 365 * 86_400;

#[test]
fn a_token_that_lives_for_ever_lives_ten_years() {
    live(FOREVER, "", 10 * YEAR);
}

#[test]
fn a_life_may_end_beyond_2038_and_2106() {
    live(50 * YEAR, "3153600000s", 50 * YEAR);
    live(FOREVER, "3153600000s", 100 * YEAR);
}
