//! A client without a network: its options, what it talks to, and its clock.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use oauth_token::{Client, Config};
use serde_json::json;

use super::{FakeTransport, Gate, Outcome, Request, TestClock, answer};

/// A client, what it talks to, and its clock.
pub struct Setup {
    pub client: Client,
    pub server: Arc<FakeTransport>,
    pub clock: Arc<TestClock>,
}

impl Setup {
    /// How many requests have been made.
    pub fn asked(&self) -> usize {
        self.server.requests().len()
    }

    /// The text of the token that a call gets, which must be one.
    #[track_caller]
    pub fn token(&self) -> String {
        self.client.token().expect("there must be a token").access_token().to_owned()
    }
}

pub fn config() -> Config {
    without_secret().client_secret("s3cret")
}

/// What a client needs but for its secret.
pub fn without_secret() -> Config {
    Config::new().token_url("https://login.example.com/token").client_id("me")
}

/// A client that reads its secret from this file.
pub fn with_secret_file(path: &Path) -> Config {
    without_secret().client_secret_file(path.to_str().expect("a path that is text"))
}

pub fn setup(config: Config, server: impl Fn(&Request) -> Outcome + Send + Sync + 'static) -> Setup {
    setup_with(config, FakeTransport::new(server), TestClock::new())
}

/// A client whose clock something else holds too.
pub fn setup_with(config: Config, server: FakeTransport, clock: Arc<TestClock>) -> Setup {
    let server = Arc::new(server);
    let client = Client::builder(config).transport(server.clone()).clock(clock.clone()).build();
    Setup { client: client.expect("the options are complete"), server, clock }
}

/// An hour's token of that name.
pub fn granted(token: &str) -> Outcome {
    answer(200, json!({"access_token": token, "token_type": "Bearer", "expires_in": 3600}))
}

pub fn refused(status: u16, code: &str) -> Outcome {
    answer(status, json!({ "error": code }))
}

/// Grants `token-1`, `token-2` and so on, each for an hour.
pub fn numbered() -> impl Fn(&Request) -> Outcome {
    in_turn(nth_token)
}

/// Answers by a function that is told the how-manieth request it is, counted from 1.
pub fn in_turn(answer: impl Fn(usize) -> Outcome) -> impl Fn(&Request) -> Outcome {
    let count = AtomicUsize::new(0);
    move |_| answer(count.fetch_add(1, Ordering::SeqCst) + 1)
}

/// Answers by a function that is told the how-manieth request it is; that one waits at the gate first.
pub fn held_at<F>(nth: usize, gate: &Gate, answer: F) -> impl Fn(&Request) -> Outcome + use<F>
where
    F: Fn(usize) -> Outcome,
{
    let gate = gate.clone();
    in_turn(move |each| {
        if each == nth {
            gate.wait();
        }
        answer(each)
    })
}

/// An hour's token that says the how-manieth it is.
pub fn nth_token(nth: usize) -> Outcome {
    granted(&format!("token-{nth}"))
}

/// Grants where the secret is the right one.
pub fn knows(secret: &'static str) -> impl Fn(&Request) -> Outcome {
    move |request| {
        let is_known = request.basic_raw().is_some_and(|(_, sent)| sent == secret);
        if is_known { granted("t") } else { refused(401, "invalid_client") }
    }
}
