//! The table of values.

use std::time::Duration;

use oauth_token::{
    BasicEncoding, BodyFormat, ClientAuth, ExpiresFormat, Method, ProxyChoice, Refresh, Roots, UseRefreshToken,
};
use serde_json::json;

use crate::Row;

const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/assertions/keys/ed25519_pkcs8.pem");
const RSA_KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/assertions/keys/rsa_pkcs8.pem");
const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/assertions/keys/p256_certificate.pem");
/// A file of one line.
const SECRET_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/options/secret.txt");
const KEY_TEXT: &str = include_str!("../assertions/keys/ed25519_pkcs8.pem");

/// Options by name; of two with one name the last counts.
pub(crate) type Base = Vec<(&'static str, &'static str)>;

fn with(mut base: Base, more: &[(&'static str, &'static str)]) -> Base {
    base.extend(more);
    base
}

fn bare() -> Base {
    vec![("token_url", "https://a.test/")]
}

fn plain() -> Base {
    with(bare(), &[("client_id", "me"), ("client_secret", "old-secret")])
}

fn at(url: &'static str) -> Base {
    with(plain(), &[("token_url", url)])
}

fn unsigned() -> Base {
    with(bare(), &[("client_id", "me"), ("client_auth", "private_key_jwt")])
}

fn signing() -> Base {
    with(unsigned(), &[("private_key_file", KEY)])
}

/// One half of a client certificate, for a server that demands a whole.
fn half(name: &'static str, value: &'static str) -> Base {
    with(at("https://mutual.test/"), &[("ca_pem", "authority.pem"), (name, value)])
}

macro_rules! row {
    ($name:ident, $text:expr, $json:expr, $value:expr, $base:expr) => {
        Row {
            name: stringify!($name),
            text: $text,
            json: json!($json),
            method: |config| config.$name($value),
            base: $base,
        }
    };
    ($name:ident, $text:expr, $base:expr) => {
        row!($name, $text, $text, $text, $base)
    };
}

pub(crate) fn all() -> Vec<Row> {
    [requests(), sections(), answers(), calls(), transport(), assertions()].into_iter().flatten().collect()
}

fn requests() -> Vec<Row> {
    let nowhere = || plain().split_off(1);
    vec![
        row!(token_url, "https://b.test/", nowhere()),
        row!(issuer, "https://issuer.test", nowhere()),
        row!(client_id, "another", with(bare(), &[("client_secret", "s")])),
        row!(client_secret, "another", with(bare(), &[("client_id", "me")])),
        row!(client_secret_file, SECRET_FILE, with(bare(), &[("client_id", "me")])),
        row!(client_secret_alternate, "new-secret", at("https://a.test/rotated")),
        row!(client_auth, "client_secret_post", "client_secret_post", ClientAuth::ClientSecretPost, plain()),
        row!(basic_encoding, "form", "form", BasicEncoding::Form, with(plain(), &[("client_secret", "a b/")])),
        row!(grant_type, "urn:x", plain()),
        row!(scope, "a b", ["a", "b"], "a b", plain()),
        row!(audience, "https://api.test", plain()),
        row!(resource, "https://a https://b", ["https://a", "https://b"], "https://a https://b", plain()),
        row!(method, "PUT", "PUT", Method::Put, plain()),
        row!(body_format, "json", "json", BodyFormat::Json, plain()),
        row!(user_agent, "host/1", plain()),
        row!(dangerous_allow_http, "true", true, true, at("http://elsewhere.test/")),
    ]
}

/// Options that are maps.
fn sections() -> Vec<Row> {
    macro_rules! section {
        ($section:ident, $name:literal, $text:literal, $base:expr) => {
            Row {
                name: concat!(stringify!($section), ".", $name),
                text: $text,
                json: json!($text),
                method: |config| config.$section($name, $text),
                base: $base,
            }
        };
    }
    vec![
        section!(param, "tenant", "{client_id} & co", plain()),
        section!(header, "X-Key", "{base64:{client_secret}}", plain()),
        section!(assertion_claim, "scope", "a b", signing()),
    ]
}

fn answers() -> Vec<Row> {
    let minutes = with(plain(), &[("expires_path", "minutes")]);
    let dated = with(plain(), &[("expires_path", "expires"), ("expires_format", "datetime")]);
    let missing = with(plain(), &[("expires_path", "nowhere")]);
    vec![
        row!(token_path, "data.token", plain()),
        row!(expires_path, "minutes", plain()),
        row!(expires_format, "minutes", "minutes", ExpiresFormat::Minutes, minutes),
        row!(expires_utc_offset, "+01:00", dated),
        row!(default_expires_in, "77s", 77, Duration::from_secs(77), missing),
        row!(max_expires_in, "10m", 600, Duration::from_secs(600), plain()),
        row!(max_response_bytes, "99", 99, 99_usize, plain()),
    ]
}

fn calls() -> Vec<Row> {
    let refreshing = with(plain(), &[("use_refresh_token", "always")]);
    let silent = with(at("https://a.test/silent"), &[("timeout", "1200ms")]);
    let silent_later = with(at("https://a.test/once"), &[("timeout", "1200ms"), ("refresh_timeout", "1200ms")]);
    vec![
        row!(refresh_margin, "11m", 660, Duration::from_secs(660), plain()),
        row!(use_refresh_token, "always", "always", UseRefreshToken::Always, plain()),
        row!(refresh_url, "https://b.test/renew", refreshing),
        row!(refresh, "manual", "manual", Refresh::Manual, plain()),
        row!(refresh_timeout, "200ms", 0.2, Duration::from_millis(200), silent_later),
        row!(max_retry_after, "100", 100, Duration::from_secs(100), at("https://a.test/busy")),
        row!(timeout, "200ms", 0.2, Duration::from_millis(200), silent),
        row!(max_retries, "1", 1, 1_u32, at("https://a.test/failing")),
    ]
}

/// Beside a transport of the host's own these are refused by their names. What else they do: `covered.txt`.
fn transport() -> Vec<Row> {
    let deaf = with(at("https://deaf.test/"), &[("timeout", "1200ms"), ("max_retries", "1")]);
    let distant = at("https://elsewhere.test/");
    let proxy = "http://proxy.test:1";
    vec![
        row!(connect_timeout, "200ms", 0.2, Duration::from_millis(200), deaf),
        row!(proxy, proxy, proxy, ProxyChoice::from("http://proxy.test:1"), distant),
        row!(roots, "bundled", "bundled", Roots::Bundled, at("https://tls.test/")),
        row!(ca_file, "/run/authority.pem", at("https://own.test/")),
        row!(ca_pem, "authority.pem", at("https://own.test/")),
        row!(tls_cert_file, "/run/client.pem", half("tls_key_pem", "client.key")),
        row!(tls_cert_pem, "client.pem", half("tls_key_pem", "client.key")),
        row!(tls_key_file, "/run/client.key", half("tls_cert_pem", "client.pem")),
        row!(tls_key_pem, "client.key", half("tls_cert_pem", "client.pem")),
    ]
}

fn assertions() -> Vec<Row> {
    vec![
        row!(private_key_file, KEY, unsigned()),
        row!(private_key_pem, KEY_TEXT, unsigned()),
        row!(client_assertion_file, SECRET_FILE, unsigned()),
        row!(key_id, "k1", signing()),
        row!(assertion_alg, "RS512", with(unsigned(), &[("private_key_file", RSA_KEY)])),
        row!(assertion_audience, "https://aud.test", signing()),
        row!(assertion_lifetime, "5m", 300, Duration::from_secs(300), signing()),
        row!(assertion_issuer, "somebody", signing()),
        row!(assertion_subject, "somebody", signing()),
        row!(assertion_x5t, "00112233445566778899aabbccddeeff00112233", signing()),
        row!(assertion_x5c, CERTIFICATE, signing()),
    ]
}
