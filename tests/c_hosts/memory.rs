//! How much memory a call takes, counted in C by an allocator in front of glibc's.

use crate::c_support::{Program, skip};
use crate::granted;
use crate::support::{Reply, Server};

const KIB: usize = 1 << 10;

/// The most bytes that are held during a call, beside what is held before it; `None` where that cannot be counted.
#[track_caller]
fn peak(way: &str, limit: &str, status: &str, set: impl FnOnce(Program) -> Program) -> Option<usize> {
    if cfg!(not(target_env = "gnu")) {
        skip("the allocator to stand in front of is glibc's");
        return None;
    }
    let program = set(Program::build("measure_memory")).set("OAUTH_MAX_RESPONSE_BYTES", limit);
    let printed = program.set("OAUTH_MAX_RETRIES", "0").succeed(&[way, status]);
    let peak = printed.lines().find_map(|line| line.strip_prefix("peak_of_another_call "));
    Some(peak.expect("a peak").parse().expect("a number of bytes"))
}

#[test]
fn a_small_answer_costs_the_same_however_large_one_might_be() {
    for way in ["transport", "plain"] {
        let Some(usual) = peak(way, "256KiB", "OAUTH_OK", |program| program) else { return };
        assert!(usual > 1000, "{way}: {usual}");
        assert_eq!(Some(usual), peak(way, "1024MiB", "OAUTH_OK", |program| program), "{way}");
    }
}

#[test]
fn a_small_answer_over_tls_costs_the_same_however_large_one_might_be() {
    let server = Server::https(|_| granted());
    let peak = |limit| peak("environment", limit, "OAUTH_OK", |program| program.client_of(&server));
    let (Some(usual), Some(large)) = (peak("256KiB"), peak("1024MiB")) else { return };
    // Signatures differ by a few bytes in length.
    assert!(usual.abs_diff(large) < KIB, "{usual} {large}");
}

#[test]
fn a_long_request_is_held_only_a_few_times() {
    const LENGTH: usize = 100_000;
    let server = Server::http(|_| granted());
    let peak = |length: usize| {
        let config = format!(r#"{{"param.assertion": "{}"}}"#, "a".repeat(length));
        peak("environment", "256KiB", "OAUTH_OK", |program| program.client_of(&server).set("OAUTH_CONFIG", &config))
    };
    let (Some(short), Some(long)) = (peak(10), peak(LENGTH)) else { return };
    println!("{short} bytes for a short request, {long} for one of {LENGTH}");
    assert!(long < short + 4 * LENGTH, "{long} bytes, and {short} for a request that is short");
}

#[test]
fn an_announcement_alone_costs_little() {
    let announcing = |length: usize| {
        let server =
            Server::http(move |_| Reply::raw(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{{}}")));
        let status = if length == 2 { "OAUTH_ERROR_RESPONSE" } else { "OAUTH_ERROR_NETWORK" };
        peak("environment", "1024MiB", status, |program| program.client_of(&server))
    };
    let (Some(small), Some(large)) = (announcing(2), announcing(1_000_000_000)) else { return };
    println!("{small} bytes for an answer of 2 bytes, {large} where a billion were announced");
    assert!(large < small + 66 * KIB, "{large} bytes, and {small} for an answer that is small");
}
