//! The C libraries wipe what they free, whichever crate allocated it.
#![cfg(all(feature = "wiping-allocator", feature = "http", target_os = "linux"))]

mod c_support;
mod checks;
mod support;

use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;

use c_support::Program;
use c_support::program::CLIENT_ID;
use checks::Proxy;
use support::{Reply, Server, TestAuthority};

const SECRET: &str = "a secret of which the last few letters are looked for";
const TOKEN: &str = "a-token-of-which-the-last-few-letters-are-looked-for-too";
const REFRESH_TOKEN: &str = "another-token-for-which-one-may-look-when-all-is-over";
const PROXY_PASSWORD: &str = "a-password-that-is-as-long-as-it-takes-to-be-found-again";
const HOST: &str = "token.example.test";

#[test]
fn once_all_is_freed_no_secret_and_no_token_is_left_in_memory() {
    let authority = TestAuthority::new();
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let posted = Arc::clone(&bodies);
    let server = Server::https_with(authority.server_config(&[HOST]), move |request| match request.path() {
        "/refuse" => Reply::json(401, json!({"error": "invalid_client", "error_description": SECRET})),
        _ => {
            posted.lock().unwrap().push(request.text());
            Reply::json(200, json!({"access_token": TOKEN, "expires_in": 3600, "refresh_token": REFRESH_TOKEN}))
        }
    });
    let proxy = Proxy::leading_to(server.port());
    // How the body ends, and how every assertion begins.
    let body = "it%2Fstands%2Fat%2Fthe%2Fend%2Fof%2Fthe%2Fbody";
    let assertion = URL_SAFE_NO_PAD.encode(json!({"alg": "HS256", "typ": "JWT"}).to_string());
    let program = Program::build("leave_no_secret")
        .client_at(&format!("https://{HOST}/token"))
        .set_file("OAUTH_CA_FILE", &authority.certificate_pem())
        .set("OAUTH_CLIENT_SECRET", SECRET)
        .set("OAUTH_PROXY", proxy.url(&format!("porter:{PROXY_PASSWORD}@")))
        .set("OAUTH_USE_REFRESH_TOKEN", "always")
        .set("OAUTH_CONFIG", json!({"param.z": "it/stands/at/the/end/of/the/body"}).to_string());
    program
        .set("BASIC_CREDENTIALS", STANDARD.encode(format!("{CLIENT_ID}:{SECRET}")))
        .set("ACCESS_TOKEN", TOKEN)
        .set("REFRESH_TOKEN", REFRESH_TOKEN)
        .set("ASSERTION", &assertion)
        .set("POSTED_BODY", body)
        .set("PROXY_PASSWORD", PROXY_PASSWORD)
        .set("PROXY_CREDENTIALS", STANDARD.encode(format!("porter:{PROXY_PASSWORD}")))
        .set("REFUSING_URL", format!("https://{HOST}/refuse"))
        .succeed(&[]);
    assert_eq!((server.requests().len(), proxy.connections()), (7, 7));
    let bodies = bodies.lock().unwrap();
    assert!(bodies.iter().all(|text| text.ends_with(body)), "{bodies:?}");
    let with = |part: &str| bodies.iter().filter(|text| text.contains(part)).count();
    assert_eq!((with(&assertion), with(REFRESH_TOKEN)), (2, 3), "{bodies:?}");
}
