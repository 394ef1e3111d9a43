//! Which options a derived client has, and what is refused.

use std::sync::Arc;

use oauth_token::{Client, ClientAuth, Config, ErrorKind};

use crate::support::FakeTransport;
use crate::support::offline::{config, granted, numbered, setup};
use crate::{derive, text};

#[track_caller]
fn assert_refused(parent: &Client, overrides: Config, words: &str) {
    let error = parent.derive(overrides).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.message().contains(words), "{error}");
}

#[test]
fn a_wrong_option_is_told_like_that_of_any_client() {
    let parent = setup(config(), numbered());
    assert_refused(&parent.client, Config::new().token_url("ftp://a"), "token_url");
    let mut unknown = Config::new();
    let _ = unknown.set("scoep", "a");
    assert_refused(&parent.client, unknown, "scope");
    assert_refused(&parent.client, Config::new().timeout(std::time::Duration::ZERO), "timeout");
}

#[test]
fn options_of_the_built_in_transport_are_refused_beside_the_parents_own_one() {
    let parent = setup(config(), numbered());
    assert_refused(&parent.client, Config::new().ca_file("/nowhere"), "ca_file");
}

#[test]
fn another_transport_may_be_given() {
    let parent = setup(config(), |_| granted("parents"));
    let other = Arc::new(FakeTransport::new(|_| granted("others")));
    let child = derive(&parent.client, Config::new().transport(other.clone()));
    assert_eq!(text(child.token()), "others");
    assert_eq!((parent.asked(), other.requests().len()), (0, 1));
}

#[test]
fn a_secret_of_the_parent_that_is_of_no_use_is_left_alone() {
    let parent = setup(config(), numbered());
    let overrides = Config::new().client_auth(ClientAuth::None).client_id("public");
    text(derive(&parent.client, overrides).token());
    assert_eq!(parent.server.requests()[0].header("Authorization"), None);
    // Its own children have use for it again.
    let overrides = Config::new().client_auth(ClientAuth::ClientSecretBasic);
    let public = derive(&parent.client, Config::new().client_auth(ClientAuth::None));
    text(derive(&public, overrides).token());
    let sent = parent.server.requests().last().and_then(|request| request.basic_raw());
    assert_eq!(sent.map(|(_, secret)| secret).as_deref(), Some("s3cret"));
    // One that was set for the client itself would be lost.
    let overrides = Config::new().client_auth(ClientAuth::None).client_secret("own");
    assert_refused(&parent.client, overrides, "client secret is set but nothing would send it");
}

#[test]
fn refresh_tokens_do_not_go_to_the_parents_server() {
    let parent = setup(config().refresh_url("https://login.example.com/refresh"), |_| {
        crate::answer(200, serde_json::json!({"access_token": "t", "refresh_token": "r", "expires_in": 3600}))
    });
    let overrides = Config::new()
        .token_url("https://other.example.com/token")
        .use_refresh_token(oauth_token::UseRefreshToken::Always);
    let child = derive(&parent.client, overrides);
    text(child.token());
    parent.clock.advance(std::time::Duration::from_secs(3_595));
    text(child.token());
    let targets: Vec<_> = parent.server.requests().into_iter().map(|request| request.target).collect();
    assert_eq!(targets, ["https://other.example.com/token"; 2]);
}

#[test]
fn an_option_that_means_nothing_alone_has_the_parents_beside_it() {
    let parent = setup(config(), crate::support::offline::knows("next"));
    derive(&parent.client, Config::new().refresh_url("https://login.example.com/refresh"));
    let child = derive(&parent.client, Config::new().client_secret_alternate("next"));
    text(child.token());
}
