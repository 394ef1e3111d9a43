//! The table of values.

use std::time::Duration;

use oauth_token::{
    BasicEncoding, BodyFormat, ClientAuth, Config, ExpiresFormat, Method, ProxyChoice, Refresh, Roots, UseRefreshToken,
};
use serde_json::json;

use crate::Row;

const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/assertions/keys/ed25519_pkcs8.pem");
const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/assertions/keys/p256_certificate.pem");
/// A file of one line.
const SECRET_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/options/secret.txt");
const KEY_TEXT: &str = include_str!("../assertions/keys/ed25519_pkcs8.pem");

fn bare() -> Config {
    Config::new().token_url("https://a.test/")
}

fn plain() -> Config {
    bare().client_id("me").client_secret("old-secret")
}

fn at(path: &str) -> Config {
    plain().token_url(format!("https://a.test{path}"))
}

fn refreshing() -> Config {
    plain().use_refresh_token(UseRefreshToken::Always)
}

fn unsigned() -> Config {
    bare().client_id("me").client_auth(ClientAuth::PrivateKeyJwt)
}

fn signing() -> Config {
    unsigned().private_key_file(KEY)
}

fn dated() -> Config {
    plain().expires_path("expires").expires_format(ExpiresFormat::Datetime)
}

macro_rules! row {
    ($name:ident, $text:expr, $json:expr, $value:expr, $base:expr) => {
        Row {
            name: stringify!($name),
            text: $text,
            json: json!($json),
            method: |config| config.$name($value),
            base: || $base,
        }
    };
    ($name:ident, $text:expr, $base:expr) => {
        row!($name, $text, $text, $text, $base)
    };
}

pub(crate) fn all() -> Vec<Row> {
    [requests(), answers(), calls(), transport(), assertions()].into_iter().flatten().collect()
}

fn requests() -> Vec<Row> {
    vec![
        row!(token_url, "https://b.test/", Config::new().client_id("me").client_secret("s")),
        row!(issuer, "https://issuer.test", Config::new().client_id("me").client_secret("s")),
        row!(client_id, "another", bare().client_secret("s")),
        row!(client_secret, "another", bare().client_id("me")),
        row!(client_secret_file, SECRET_FILE, bare().client_id("me")),
        row!(client_secret_alternate, "new-secret", at("/rotated")),
        row!(client_auth, "client_secret_post", "client_secret_post", ClientAuth::ClientSecretPost, plain()),
        row!(basic_encoding, "form", "form", BasicEncoding::Form, plain().client_secret("a b/")),
        row!(grant_type, "urn:x", plain()),
        row!(scope, "a b", ["a", "b"], "a b", plain()),
        row!(audience, "https://api.test", plain()),
        row!(resource, "https://a https://b", ["https://a", "https://b"], "https://a https://b", plain()),
        row!(method, "PUT", "PUT", Method::Put, plain()),
        row!(body_format, "json", "json", BodyFormat::Json, plain()),
        row!(user_agent, "host/1", plain()),
        row!(dangerous_allow_http, "true", true, true, plain().token_url("http://b.test/")),
    ]
}

fn answers() -> Vec<Row> {
    vec![
        row!(token_path, "data.token", plain()),
        row!(expires_path, "minutes", plain()),
        row!(expires_format, "minutes", "minutes", ExpiresFormat::Minutes, plain().expires_path("minutes")),
        row!(expires_utc_offset, "+01:00", dated()),
        row!(default_expires_in, "77s", 77, Duration::from_secs(77), plain().expires_path("nowhere")),
        row!(max_expires_in, "10m", 600, Duration::from_secs(600), plain()),
        row!(max_response_bytes, "1MiB", 1_048_576, 1 << 20, plain()),
    ]
}

fn calls() -> Vec<Row> {
    vec![
        row!(refresh_margin, "11m", 660, Duration::from_secs(660), plain()),
        row!(use_refresh_token, "always", "always", UseRefreshToken::Always, plain()),
        row!(refresh_url, "https://b.test/renew", refreshing()),
        row!(refresh, "manual", "manual", Refresh::Manual, plain()),
        row!(refresh_timeout, "1500ms", 1.5, Duration::from_millis(1500), plain()),
        row!(max_retry_after, "100", 100, Duration::from_secs(100), at("/busy")),
        row!(timeout, "7s", "7s", Duration::from_secs(7), plain()),
        row!(max_retries, "1", 1, 1_u32, at("/failing")),
    ]
}

/// Beside a transport of the host's own these are refused by their names. What they do otherwise: `covered.txt`.
fn transport() -> Vec<Row> {
    vec![
        row!(connect_timeout, "1s", 1, Duration::from_secs(1), plain()),
        row!(proxy, "http://proxy.test:1", "http://proxy.test:1", ProxyChoice::from("http://proxy.test:1"), plain()),
        row!(roots, "bundled", "bundled", Roots::Bundled, plain()),
        row!(ca_file, CERTIFICATE, plain()),
        row!(ca_pem, "certificate", plain()),
        row!(tls_cert_file, CERTIFICATE, plain()),
        row!(tls_cert_pem, "certificate", plain()),
        row!(tls_key_file, CERTIFICATE, plain()),
        row!(tls_key_pem, "text-of-a-key", plain()),
    ]
}

fn assertions() -> Vec<Row> {
    const RSA: &str = include_str!("../assertions/keys/rsa_pkcs8.pem");
    vec![
        row!(private_key_file, KEY, unsigned()),
        row!(private_key_pem, KEY_TEXT, unsigned()),
        row!(client_assertion_file, SECRET_FILE, unsigned()),
        row!(key_id, "k1", signing()),
        row!(assertion_alg, "RS512", unsigned().private_key_pem(RSA)),
        row!(assertion_audience, "https://aud.test", signing()),
        row!(assertion_lifetime, "5m", 300, Duration::from_secs(300), signing()),
        row!(assertion_issuer, "somebody", signing()),
        row!(assertion_subject, "somebody", signing()),
        row!(assertion_x5t, "00112233445566778899aabbccddeeff00112233", signing()),
        row!(assertion_x5c, CERTIFICATE, signing()),
    ]
}
