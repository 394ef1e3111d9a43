//! What one exchange sends, and what it does with each answer; no network, no waiting.

#[path = "../support/mod.rs"]
mod support;

mod basic_encodings;
mod lifetimes;
mod one_time_grants;
mod parameters;
mod refresh_tokens;
mod retries;
mod secrets;

use std::sync::Arc;

use oauth_token::transport::{Response, TransportError};
use oauth_token::{Client, Config};
use serde_json::json;
use support::{FakeTransport, Request, TestClock};

/// A client, what it talks to, and its clock.
struct Setup {
    client: Client,
    server: Arc<FakeTransport>,
    clock: Arc<TestClock>,
}

fn config() -> Config {
    Config::new().token_url("https://login.example.com/token").client_id("me").client_secret("s3cret")
}

fn setup(
    config: Config,
    server: impl Fn(&Request) -> Result<Response, TransportError> + Send + Sync + 'static,
) -> Setup {
    let server = Arc::new(FakeTransport::new(server));
    let clock = Arc::new(TestClock::new());
    let client = Client::builder(config).transport(server.clone()).clock(clock.clone()).build();
    Setup { client: client.expect("the options are complete"), server, clock }
}

/// An hour's token of that name.
fn granted(token: &str) -> Result<Response, TransportError> {
    support::answer(200, json!({"access_token": token, "token_type": "Bearer", "expires_in": 3600}))
}

fn refused(status: u16, code: &str) -> Result<Response, TransportError> {
    support::answer(status, json!({ "error": code }))
}

fn grant_types(setup: &Setup) -> Vec<String> {
    setup.server.requests().iter().map(|request| request.form_value("grant_type").unwrap_or_default()).collect()
}
