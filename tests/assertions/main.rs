//! Signed assertions: as proof of who the client is, as a grant, and in places of the user's own (RFC 7523).

#![cfg(feature = "jwt")]

mod advice;
mod claims;
mod files;
mod grants;
mod headers;
mod jwt;
mod refusals;
mod secrets;
mod signatures;
#[path = "../support/mod.rs"]
mod support;
mod two;

use std::path::PathBuf;
use std::sync::Arc;

use oauth_token::transport::{Response, TransportError};
use oauth_token::{Client, ClientAuth, Config};
use serde_json::json;

use jwt::Jwt;
use support::{FakeTransport, Request, TestClock};

const TOKEN_URL: &str = "https://login.example.com/token";

/// A client, what it talks to, and its clock.
struct Setup {
    client: Client,
    server: Arc<FakeTransport>,
    clock: Arc<TestClock>,
}

/// A client that would sign, if it had a key.
fn config() -> Config {
    Config::new().token_url(TOKEN_URL).client_id("me").client_auth(ClientAuth::PrivateKeyJwt)
}

fn with_key(name: &str) -> Config {
    config().private_key_file(key_path(name))
}

fn key_path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/assertions/keys").join(name)
}

fn key(name: &str) -> String {
    std::fs::read_to_string(key_path(name)).expect("the key is checked in")
}

fn granted(_: &Request) -> Result<Response, TransportError> {
    support::answer(200, json!({"access_token": "t", "expires_in": 3600}))
}

#[track_caller]
fn setup(
    config: Config,
    answer: impl Fn(&Request) -> Result<Response, TransportError> + Send + Sync + 'static,
) -> Setup {
    let server = Arc::new(FakeTransport::new(answer));
    let clock = TestClock::new();
    let client = Client::builder(config).transport(server.clone()).clock(clock.clone()).build();
    Setup { client: client.expect("the options are good"), server, clock }
}

/// The one request that these options lead to.
#[track_caller]
fn request_of(config: Config) -> Request {
    let setup = setup(config, granted);
    setup.client.token().expect("it was granted");
    let requests = setup.server.requests();
    let [request] = &requests[..] else { panic!("there must be one request: {requests:?}") };
    request.clone()
}

/// The assertion by which a client proves who it is.
#[track_caller]
fn proof_of(config: Config) -> Jwt {
    proof_in(&request_of(config))
}

#[track_caller]
fn proof_in(request: &Request) -> Jwt {
    Jwt::read(&request.form_value("client_assertion").expect("there is an assertion"))
}
