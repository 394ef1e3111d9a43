//! The C libraries wipe what they free, whichever crate allocated it.
#![cfg(all(feature = "wiping-allocator", feature = "http", target_os = "linux"))]

mod c_support;
mod support;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use c_support::Program;
use c_support::program::CLIENT_ID;
use support::{Reply, Server};

const SECRET: &str = "a secret of which the last few letters are looked for";
const TOKEN: &str = "a-token-of-which-the-last-few-letters-are-looked-for-too";

#[test]
fn once_all_is_freed_no_secret_and_no_token_is_left_in_memory() {
    let server = Server::https(|request| match request.path() {
        "/refuse" => Reply::json(401, json!({"error": "invalid_client", "error_description": SECRET})),
        _ => Reply::json(200, json!({"access_token": TOKEN, "expires_in": 3600})),
    });
    let credentials = STANDARD.encode(format!("{CLIENT_ID}:{SECRET}"));
    let program = Program::build("leave_no_secret").client_of(&server).set("OAUTH_CLIENT_SECRET", SECRET);
    program.set("BASIC_CREDENTIALS", credentials).set("REFUSING_URL", server.url("/refuse")).succeed(&[]);
    assert_eq!(server.requests().len(), 3);
}
