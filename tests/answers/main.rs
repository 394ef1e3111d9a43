//! Unusual answers: tokens in other places, lifetimes in other units, failures that call themselves a success.

mod failures;
mod lifetimes;
mod places;
#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;
use std::time::Duration;

use oauth_token::transport::Response;
use oauth_token::{Client, Config, Error, Token};
use serde_json::Value;

use support::{FakeTransport, TestClock};

fn config() -> Config {
    Config::new().token_url("https://login.example.com/token").client_id("me").client_secret("s3cret")
}

/// What a client makes of an answer.
fn ask(config: Config, status: u16, headers: &[(&str, &str)], body: &str) -> Result<Token, Error> {
    let (headers, body) = (owned(headers), body.to_owned());
    let server = FakeTransport::new(move |_| {
        let response = Response::new(status, body.as_str());
        Ok(headers.iter().fold(response, |response, (name, value)| response.header(name, value)))
    });
    let client = Client::builder(config.max_retries(0)).transport(Arc::new(server)).clock(TestClock::new());
    client.build().expect("the options are good").token()
}

fn owned(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The token in an answer with this body.
#[track_caller]
fn token_in(config: Config, body: Value) -> Token {
    ask(config, 200, &[], &body.to_string()).unwrap_or_else(|error| panic!("{error}: {body}"))
}

/// How long the token in an answer with this body lives, in seconds; `None` where that had to be assumed.
#[track_caller]
fn lifetime_in(config: Config, body: Value) -> Option<u64> {
    let token = token_in(config, body);
    assert!(token.expires_in() <= Duration::from_secs(315_360_000));
    (!token.is_expiry_assumed()).then(|| token.expires_in().as_secs())
}
