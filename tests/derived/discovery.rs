//! What discovery found for one client, and what of it holds for another.

use std::time::Duration;

use oauth_token::{Config, UseRefreshToken};
use serde_json::json;

use crate::support::offline::{granted, setup};
use crate::support::{Outcome, Request, answer};
use crate::{derive, nth_token, text};

const ISSUER: &str = "https://id.example.com";

fn config() -> Config {
    Config::new().issuer(ISSUER).client_id("me").client_secret("s3cret")
}

/// Metadata that names this endpoint, and otherwise this answer.
fn with_metadata(
    token_endpoint: &'static str,
    otherwise: impl Fn(&Request) -> Outcome + Send + Sync + 'static,
) -> impl Fn(&Request) -> Outcome + Send + Sync + 'static {
    move |request| {
        if request.target.contains("/.well-known/") {
            return answer(200, json!({"issuer": ISSUER, "token_endpoint": token_endpoint}));
        }
        otherwise(request)
    }
}

#[test]
fn what_discovery_found_is_not_asked_for_again() {
    let parent = setup(config(), with_metadata("https://id.example.com/token", |_| nth_token(1)));
    parent.token();
    let before = parent.asked();
    text(derive(&parent.client, Config::new().scope("a")).token());
    assert_eq!(parent.asked(), before + 1);
}

#[test]
fn refresh_tokens_go_where_the_derived_client_says() {
    let grant = |_: &Request| answer(200, json!({"access_token": "t", "expires_in": 60, "refresh_token": "r"}));
    let config = config().use_refresh_token(UseRefreshToken::Always);
    let parent = setup(config, with_metadata("https://id.example.com/token", grant));
    parent.token();
    let child = derive(&parent.client, Config::new().refresh_url("https://id.example.com/refresh"));
    text(child.token());
    parent.clock.advance(Duration::from_secs(61));
    text(child.token());
    let last = parent.server.requests().pop().map(|request| request.target);
    assert_eq!(last.as_deref(), Some("https://id.example.com/refresh"));
}

#[test]
fn plain_http_that_discovery_found_is_not_taken_over_by_a_client_that_forbids_it() {
    let server = with_metadata("http://id.example.com/token", |_| granted("t"));
    let parent = setup(config().dangerous_allow_http(true), server);
    parent.token();
    let before = parent.asked();
    let child = derive(&parent.client, Config::new().dangerous_allow_http(false));
    assert!(child.token().is_err());
    let targets: Vec<_> = parent.server.requests().into_iter().skip(before).map(|request| request.target).collect();
    assert!(targets.iter().all(|target| target.starts_with("https://")), "{targets:?}");
}
