//! Options by their names, each with the same value; URLs among them.

use std::sync::Arc;

use oauth_token::transport::{Request, Response, Transport, TransportError};
use oauth_token::{Client, Config, Url, options as table};

use super::promises::{CLIENT_ID, assert_is_sane};

/// What every client has beside the option in question.
const GIVEN: [(&str, &str); 3] =
    [("token_url", "https://login.example.com/"), ("client_id", CLIENT_ID), ("client_secret", "s3cret")];

/// Takes the input for the value of every option, and for a name; makes a client with one option, which the length names.
pub fn options(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let named = ["param", "header", "assertion_claim"].map(|section| (format!("{section}.a"), text.to_string()));
    let plain = table().iter().map(|option| (option.name.to_owned(), text.to_string()));
    let as_name = ["", "param.", "header."].map(|section| (format!("{section}{text}"), "value".to_owned()));
    let all: Vec<(String, String)> = plain.chain(named).chain(as_name).collect();
    for (name, value) in &all {
        set(&mut Config::new(), name, value);
    }
    if let Some((name, value)) = all.get(input.len() % all.len()) {
        build(name, value);
    }
    check_url(&text);
}

/// Whether it is accepted.
fn set(config: &mut Config, name: &str, value: &str) -> bool {
    let Err(error) = config.set(name, value) else {
        return true;
    };
    assert_is_sane(&error);
    assert!(!is_secret(name) || !error.message().contains(value) || value.len() < 10, "the value is shown: {error}");
    false
}

fn build(name: &str, value: &str) {
    let mut config = Config::new();
    // The two exclude each other.
    let given = GIVEN.into_iter().filter(|(known, _)| (*known, name) != ("token_url", "issuer"));
    for (known, value) in given.clone() {
        assert!(set(&mut config, known, value));
    }
    if set(&mut config, name, value) && table().iter().any(|option| option.name == name) {
        let is_set = |known: &&str| *known == name || given.clone().any(|(given, _)| given == *known);
        let names: Vec<&str> = table().iter().map(|option| option.name).filter(is_set).collect();
        assert_eq!(format!("{config:?}"), format!("Config{names:?}"));
    }
    if let Err(error) = Client::builder(config).transport(Arc::new(Unreachable)).build() {
        assert_is_sane(&error);
    }
}

fn is_secret(name: &str) -> bool {
    ["client_secret", "client_secret_alternate", "ca_pem", "tls_cert_pem", "tls_key_pem", "private_key_pem"]
        .contains(&name)
}

/// What is accepted as a URL prints as one that is the same, and shows nothing of its query.
fn check_url(text: &str) {
    let Ok(url) = text.parse::<Url>() else {
        return;
    };
    let written = url.as_text();
    assert_eq!(written.parse::<Url>().as_ref(), Ok(&url), "{written}");
    assert!(!url.host().is_empty() && url.port() == written.parse::<Url>().unwrap().port());
    let shown = url.to_string();
    let (without_query, query) = written.split_once('?').unwrap_or((&written, ""));
    // Elsewhere it is like any other character.
    let authority = shown.split('/').nth(2).unwrap_or_default();
    assert!(shown.starts_with(without_query) && !authority.contains('@'), "{shown}");
    assert!(shown.parse::<Url>().is_err() || query.is_empty(), "{shown}");
    assert_eq!(format!("{url:?}"), format!("Url({shown})"));
}

struct Unreachable;

impl Transport for Unreachable {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        panic!("nobody asked for {request:?}")
    }
}
