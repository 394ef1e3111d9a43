//! Providers that want a value computed from the others, which a program adds with a request hook.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth_token::Config;
use ring::{digest, hmac};

use crate::support::Request;

/// What nearly all providers here are told.
pub(crate) const SECRET: &str = "my-client-secret";

/// The hook that a program would write for this provider, if it needs one.
pub(crate) fn add_hook(provider: &str, config: Config) -> Config {
    match provider {
        "avanan" => config.request_hook(|request| {
            let part = |name| request.header(name).unwrap_or_default();
            let signed = [part("x-av-req-id"), part("x-av-app-id"), part("x-av-date"), SECRET].concat();
            let digest = digest::digest(&digest::SHA256, STANDARD.encode(signed).as_bytes());
            request.set_header("x-av-sig", hexadecimal(digest.as_ref()))
        }),
        "passportal" => config.request_hook(|request| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
            let body: serde_json::Value =
                serde_json::from_str(request.body().unwrap_or_default()).map_err(|error| error.to_string())?;
            let tag = hmac::sign(&key, body["content"].as_str().unwrap_or_default().as_bytes());
            request.set_header("x-hash", hexadecimal(tag.as_ref()))
        }),
        _ => config,
    }
}

/// Whether the value that arrived belongs to the request.
///
/// The wanted ones were computed with `openssl dgst` where the request is always the same.
pub(crate) fn check(provider: &str, request: &Request) -> Result<(), String> {
    let header = |name| request.header(name).unwrap_or_default();
    let (sent, wanted) = match provider {
        "avanan" => {
            let signed = format!("{}my-client-id2023-11-14T22:13:20Z{SECRET}", header("x-av-req-id"));
            let digest = digest::digest(&digest::SHA256, STANDARD.encode(signed).as_bytes());
            (header("x-av-sig"), hexadecimal(digest.as_ref()))
        }
        "passportal" => {
            (header("x-hash"), "1b8ec57e595e54747e5814d2484cf584deb15fbe286bf9bc3f1a1179912f16c6".to_owned())
        }
        _ => return Ok(()),
    };
    if sent == wanted { Ok(()) } else { Err(format!("the signature is `{sent}`, not `{wanted}`")) }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
