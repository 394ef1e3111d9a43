//! What a C program gets where the time of day is odd, and where a token lives longer than 32 bits can say.
#![cfg(all(feature = "capi", target_os = "linux"))]

mod c_support;
mod support;

use c_support::Program;

/// It sends its requests nowhere.
fn program() -> Program {
    Program::build("clocks").client_at("https://login.example.com/token")
}

#[test]
fn the_time_of_day_goes_on_beyond_2038_and_2106() {
    program().succeed(&["far"]);
}

#[test]
fn a_panic_is_caught_told_and_over() {
    program().succeed(&["broken"]);
}

/// In seconds, and still a number of 64 bits in milliseconds.
const FOREVER: u64 = i64::MAX as u64 / 1000;
const YEAR: u64 = 365 * 86_400;

#[test]
fn a_token_that_lives_for_ever_lives_ten_years() {
    program().succeed(&["long", &FOREVER.to_string(), &(10 * YEAR).to_string()]);
}

#[test]
fn a_life_may_end_beyond_2038_and_2106() {
    let century = (100 * YEAR).to_string();
    let program = program().set("OAUTH_MAX_EXPIRES_IN", format!("{century}s"));
    program.succeed(&["long", &(50 * YEAR).to_string(), &(50 * YEAR).to_string()]);
    program.succeed(&["long", &FOREVER.to_string(), &century]);
}
