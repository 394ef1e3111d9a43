//! Finding the token URL by the name of its issuer (RFC 8414, OpenID Connect Discovery).

mod documents;
mod failures;
#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;
use std::time::Duration;

use oauth_token::transport::{Response, TransportError};
use oauth_token::{Client, ClientAuth, Config, Error, UseRefreshToken};
use serde_json::{Value, json};

use support::{FakeTransport, Request, TestClock, answer};

type Outcome = Result<Response, TransportError>;

const SECRET: &str = "hunter2-secret";

struct Setup {
    client: Client,
    server: Arc<FakeTransport>,
    clock: Arc<TestClock>,
}

impl Setup {
    /// Where requests went, in order.
    fn targets(&self) -> Vec<String> {
        self.server.requests().into_iter().map(|request| request.target).collect()
    }
}

fn config(issuer: &str) -> Config {
    Config::new().issuer(issuer).client_id("me").client_secret(SECRET)
}

fn setup(config: Config, server: impl Fn(&Request) -> Outcome + Send + Sync + 'static) -> Setup {
    let server = Arc::new(FakeTransport::new(server));
    let clock = TestClock::new();
    let client = Client::builder(config).transport(server.clone()).clock(clock.clone()).build();
    Setup { client: client.expect("the options are good"), server, clock }
}

fn metadata(issuer: &str) -> Value {
    json!({"issuer": issuer, "token_endpoint": "https://api.example.com/token"})
}

/// A server that grants tokens, and has `document` at `place`.
fn server(place: &'static str, document: Value) -> impl Fn(&Request) -> Outcome {
    move |request| match request.method.as_str() {
        "POST" => answer(200, json!({"access_token": "t", "expires_in": 3600, "refresh_token": "r"})),
        _ if request.target == place => answer(200, document.clone()),
        _ => answer(404, json!({})),
    }
}

const ISSUER: &str = "https://login.example.com/tenant";
const RFC_8414: &str = "https://login.example.com/.well-known/oauth-authorization-server/tenant";
const OPENID: &str = "https://login.example.com/tenant/.well-known/openid-configuration";

#[track_caller]
fn assert_names_issuer(error: &Error) {
    assert!(error.message().contains("issuer"), "{error}");
    assert!(error.message().contains("login.example.com"), "{error}");
    assert!(!error.message().contains(char::is_control), "{error}");
    assert!(!format!("{error:?}").contains(SECRET), "{error:?}");
}

#[test]
fn the_place_of_rfc_8414_is_asked_first_between_host_and_path() {
    let setup = setup(config(ISSUER), server(RFC_8414, metadata(ISSUER)));
    assert_eq!(setup.client.token().unwrap().access_token(), "t");
    assert_eq!(setup.targets(), [RFC_8414, "https://api.example.com/token"]);
}

#[test]
fn the_place_of_openid_connect_is_asked_next_behind_the_path() {
    let setup = setup(config(ISSUER), server(OPENID, metadata(ISSUER)));
    setup.client.token().unwrap();
    assert_eq!(setup.targets(), [RFC_8414, OPENID, "https://api.example.com/token"]);
}

#[test]
fn an_issuer_without_a_path_has_two_places() {
    for issuer in ["https://login.example.com", "https://login.example.com/"] {
        let place = "https://login.example.com/.well-known/openid-configuration";
        let setup = setup(config(issuer), server(place, metadata(issuer)));
        setup.client.token().unwrap();
        let first = "https://login.example.com/.well-known/oauth-authorization-server";
        assert_eq!(setup.targets(), [first, place, "https://api.example.com/token"]);
    }
}

#[test]
fn a_slash_at_the_end_makes_no_difference() {
    for (configured, named) in [
        ("https://login.example.com/tenant/", "https://login.example.com/tenant"),
        ("https://login.example.com/tenant", "https://login.example.com/tenant/"),
    ] {
        let setup = setup(config(configured), server(RFC_8414, metadata(named)));
        setup.client.token().unwrap_or_else(|error| panic!("{configured}: {error}"));
    }
}

#[test]
fn what_was_found_is_kept_as_long_as_the_client_lives() {
    let setup = setup(config(ISSUER), server(RFC_8414, metadata(ISSUER)));
    for _ in 0..5 {
        setup.client.token().unwrap();
        setup.clock.advance(Duration::from_secs(86_400));
    }
    setup.client.reset();
    setup.client.token().unwrap();
    assert_eq!(setup.targets().iter().filter(|target| target.contains("well-known")).count(), 1);
}

#[test]
fn what_was_found_is_kept_even_where_the_token_was_refused() {
    let setup = setup(config(ISSUER), |request| match request.method.as_str() {
        "POST" => answer(400, json!({"error": "invalid_scope"})),
        _ => answer(200, metadata(ISSUER)),
    });
    setup.client.token().unwrap_err();
    setup.client.reset();
    setup.client.token().unwrap_err();
    assert_eq!(setup.targets(), [RFC_8414, "https://api.example.com/token", "https://api.example.com/token"]);
}

#[test]
fn the_secret_is_never_sent_to_the_issuer() {
    let config = config(ISSUER)
        .client_auth(ClientAuth::ClientSecretPost)
        .header("X-Key", "{client_secret}")
        .param("key", "{client_secret}");
    let setup = setup(config, server(OPENID, metadata(ISSUER)));
    setup.client.token().unwrap();
    let requests = setup.server.requests();
    assert!(requests[2].text().contains(SECRET));
    for request in &requests[..2] {
        assert_eq!((request.method.as_str(), request.body.len()), ("GET", 0));
        assert!(!format!("{request:?}").contains(SECRET), "{request:?}");
        assert_eq!(request.header("Authorization"), None);
        assert_eq!(request.header("Accept"), Some("application/json"));
    }
}

#[test]
fn a_refresh_url_of_one_s_own_is_used() {
    let config = config(ISSUER).use_refresh_token(UseRefreshToken::Always).refresh_url("https://api.example.com/renew");
    let setup = setup(config, server(RFC_8414, metadata(ISSUER)));
    setup.client.token().unwrap();
    setup.clock.advance(Duration::from_secs(3600));
    setup.client.token().unwrap();
    assert_eq!(setup.targets()[1..], ["https://api.example.com/token", "https://api.example.com/renew"]);
}

#[test]
fn without_one_refresh_tokens_go_where_tokens_come_from() {
    let config = config(ISSUER).use_refresh_token(UseRefreshToken::Always);
    let setup = setup(config, server(RFC_8414, metadata(ISSUER)));
    setup.client.token().unwrap();
    setup.clock.advance(Duration::from_secs(3600));
    setup.client.token().unwrap();
    let requests = setup.server.requests();
    assert_eq!(requests[2].target, "https://api.example.com/token");
    assert_eq!(requests[2].form_value("grant_type").as_deref(), Some("refresh_token"));
}

#[cfg(feature = "http")]
#[test]
fn an_issuer_is_asked_over_tls() {
    let server = support::Server::https(|request| {
        let issuer = format!("https://{}", request.header("Host").unwrap_or_default());
        match (request.method.as_str(), request.path()) {
            ("GET", "/.well-known/openid-configuration") => {
                support::Reply::json(200, json!({"issuer": issuer, "token_endpoint": format!("{issuer}/token")}))
            }
            ("POST", "/token") => support::Reply::json(200, json!({"access_token": "t", "expires_in": 3600})),
            _ => support::Reply::text(404, "text/html", "<html></html>"),
        }
    });
    let config = config(&server.url("")).ca_pem(server.ca_pem()).proxy(oauth_token::ProxyChoice::None);
    assert_eq!(Client::new(config).unwrap().token().unwrap().access_token(), "t");
    let untrusting = self::config(&server.url("")).proxy(oauth_token::ProxyChoice::None);
    let error = Client::new(untrusting).unwrap().token().unwrap_err();
    assert_eq!(error.kind(), oauth_token::ErrorKind::Tls);
    assert!(error.message().contains("issuer") && error.message().contains("`ca_file`"), "{error}");
    assert_eq!(server.requests().len(), 3);
}
