//! A fresh hit, the call that programs make most, allocates nothing and frees nothing.
#![cfg(all(feature = "capi", feature = "http", target_os = "linux"))]

mod c_support;
mod support;

use serde_json::json;

use c_support::Program;
use support::{Reply, Server};

/// Counted in C, where the whole process can be made to use one's own allocator.
#[test]
fn a_fresh_hit_allocates_nothing() {
    if cfg!(not(target_env = "gnu")) {
        return c_support::skip("the allocator to stand in front of is glibc's");
    }
    let server = Server::http(|_| Reply::json(200, json!({"access_token": "t", "expires_in": 3600})));
    Program::build("fresh_hits").client_of(&server).succeed(&[]);
    assert_eq!(server.requests().len(), 1);
}
