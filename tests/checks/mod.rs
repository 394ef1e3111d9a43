//! What the tests of a whole client share: its options, its clock, and what every error must keep to itself.

// Each program that includes this uses a part of it.
#![allow(dead_code, unused_imports, unreachable_pub)]

mod port;
mod proxy;

pub use port::{Port, read_head, read_request, wait_for_end};
pub use proxy::Proxy;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth_token::{Client, Config, Error, ErrorKind, ProxyChoice, Token};
use serde_json::json;

use crate::support::{Reply, Request, Server, TestClock};

pub const CLIENT_ID: &str = "test-client";
/// Written differently in every encoding, and the same in all that `basic_encoding` = `auto` tries.
pub const SECRET: &str = "hunter2/<of the>&client";
pub const PROXY_PASSWORD: &str = "pa55word";
pub const TOKEN: &str = "2YotnFZFEjr1zCsicMWpAA";

/// What a client needs to ask at `token_url`. No proxy: the environment of whoever runs the tests is not under test.
pub fn config(token_url: impl Into<String>) -> Config {
    Config::new().token_url(token_url).client_id(CLIENT_ID).client_secret(SECRET).proxy(ProxyChoice::None)
}

/// The error of a client that fails once and does not try again by itself.
#[track_caller]
pub fn token_error(config: Config) -> Error {
    let client = Client::new(config.max_retries(0)).expect("the options are good");
    client.token().expect_err("there must be no token")
}

/// The error of options that make no client.
#[track_caller]
pub fn refusal(config: Config) -> Error {
    Client::new(config).expect_err("there must be no client")
}

pub fn client_with(config: Config, clock: &Arc<TestClock>) -> Client {
    Client::builder(config).clock(Arc::clone(clock) as _).build().expect("the options are good")
}

/// Answers with these one after another, and with the last from then on.
pub fn answering(replies: Vec<Reply>) -> Server {
    let count = AtomicUsize::new(0);
    Server::http(move |_| {
        let nth = count.fetch_add(1, Ordering::SeqCst).min(replies.len() - 1);
        replies[nth].clone()
    })
}

pub fn grant(_: &Request) -> Reply {
    granted(TOKEN)
}

pub fn granted(access_token: &str) -> Reply {
    Reply::json(200, json!({"access_token": access_token, "token_type": "Bearer", "expires_in": 3600}))
}

/// The kind and the words of an error, and that it is one line without secret and token.
#[track_caller]
pub fn assert_error(error: &Error, kind: ErrorKind, words: &[&str]) {
    assert_eq!(error.kind(), kind, "{error}");
    for word in words {
        assert!(error.message().contains(word), "`{word}` is not said: {error}");
    }
    assert!(!error.to_string().contains(char::is_control), "not one line: {error:?}");
    assert_hides(error, SECRET);
}

/// That neither this secret, in whatever form it may be sent, nor the token can be read from the error.
#[track_caller]
pub fn assert_hides(error: &Error, secret: &str) {
    let percent_encoded = percent_encode(secret);
    let hidden = [
        secret.to_owned(),
        percent_encoded.to_lowercase(),
        percent_encoded.replace("%20", "+").to_lowercase(),
        STANDARD.encode(format!("{CLIENT_ID}:{secret}")),
        TOKEN.to_owned(),
    ];
    for shown in [error.to_string(), format!("{error:?}"), format!("{error:#?}")] {
        for hidden in &hidden {
            let is_shown = shown.contains(hidden.as_str()) || shown.to_lowercase().contains(hidden.as_str());
            assert!(!is_shown, "`{hidden}` is shown: {shown}");
        }
    }
}

/// Every byte but letters and digits, in upper case as RFC 3986 §2.1 wants it.
pub fn percent_encode(text: &str) -> String {
    let encode = |byte: u8| match byte {
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

#[track_caller]
pub fn assert_is_the_token(outcome: Result<Token, Error>) {
    assert_eq!(outcome.expect("there must be a token").access_token(), TOKEN);
}
