//! Grants that need nothing but options.

use std::time::Duration;

use oauth_token::{Client, ClientAuth, Config, UseRefreshToken};
use serde_json::json;

use crate::checks::{CLIENT_ID, SECRET, config};
use crate::support::{Reply, Server};
use crate::{bare, pairs, request_of};

#[test]
fn the_password_grant_is_two_parameters() {
    let request = request_of(|server| {
        config(server.url("/token"))
            .grant_type("password")
            .param("username", "ann")
            .param("password", "p&ss w=rd")
            .scope("a")
    });
    let expected = [("grant_type", "password"), ("scope", "a"), ("username", "ann"), ("password", "p&ss w=rd")];
    assert_eq!(request.form(), pairs(&expected));
    assert_eq!(request.basic_decoded(), Some((CLIENT_ID.into(), SECRET.into())));
}

#[test]
fn a_password_is_repeated_once_it_has_expired_and_stays_out_of_errors() {
    let server = Server::http(|request| {
        let password = request.form_value("password").unwrap_or_default();
        Reply::json(400, json!({"error": "invalid_grant", "error_description": format!("{password} is wrong")}))
    });
    let config =
        config(server.url("/token")).grant_type("password").param("username", "ann").param("password", "hunter3-word");
    let client = Client::new(config).unwrap();
    for _ in 0..2 {
        let error = client.token().unwrap_err();
        assert_eq!(error.code(), Some("invalid_grant"));
        assert!(!format!("{error:?}").contains("hunter3"), "{error:?}");
        client.reset();
    }
    assert_eq!(server.requests().len(), 2, "unlike a code, a password may be sent again");
}

#[test]
fn the_refresh_of_a_password_grant_does_not_repeat_the_password() {
    let server =
        Server::http(|_| Reply::json(200, json!({"access_token": "t", "expires_in": 3600, "refresh_token": "r"})));
    let config = config(server.url("/token"))
        .grant_type("password")
        .param("username", "ann")
        .param("password", "word")
        .param("tenant", "x")
        .use_refresh_token(UseRefreshToken::Always);
    let clock = crate::support::TestClock::new();
    let client = Client::builder(config).clock(clock.clone()).build().unwrap();
    client.token().unwrap();
    clock.advance(Duration::from_secs(3600));
    client.token().unwrap();
    let form = server.requests()[1].form();
    assert_eq!(form, pairs(&[("grant_type", "refresh_token"), ("refresh_token", "r"), ("tenant", "x")]));
}

#[test]
fn token_exchange_is_that_of_rfc_8693() {
    let request = request_of(|server| {
        let mut config = config(server.url("/token"));
        config
            .set_json(
                r#"{"grant_type": "urn:ietf:params:oauth:grant-type:token-exchange", "audience": "api",
                    "resource": ["https://a.test/x", "https://b.test/y"],
                    "param": {"subject_token": "a.b.c", "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                              "requested_token_type": "urn:ietf:params:oauth:token-type:access_token"}}"#,
            )
            .unwrap();
        config
    });
    let mut form = request.form();
    form.sort();
    let mut expected = pairs(&[
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("audience", "api"),
        ("resource", "https://a.test/x"),
        ("resource", "https://b.test/y"),
        ("subject_token", "a.b.c"),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
        ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
    ]);
    expected.sort();
    assert_eq!(form, expected);
}

#[test]
fn token_exchange_works_without_a_client() {
    let request = request_of(|server| {
        bare(server).grant_type("urn:ietf:params:oauth:grant-type:token-exchange").param("subject_token", "a.b.c")
    });
    let expected = [("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), ("subject_token", "a.b.c")];
    assert_eq!(request.form(), pairs(&expected));
    assert_eq!(request.header("Authorization"), None);
}

#[test]
fn a_grant_of_any_name_is_sent_as_it_is_written() {
    for name in
        ["urn:example:params:oauth:grant-type:saml2-bearer", "account_credentials", "fb_exchange_token", "apikey"]
    {
        let request = request_of(|server| config(server.url("/token")).grant_type(name).param("account_id", "7"));
        assert_eq!(request.form(), pairs(&[("grant_type", name), ("account_id", "7")]));
    }
}

#[test]
fn a_code_goes_with_its_verifier_from_a_public_client() {
    let request = request_of(|server| {
        Config::new()
            .token_url(server.url("/token"))
            .client_auth(ClientAuth::None)
            .client_id("app")
            .grant_type("authorization_code")
            .param("code", "c0de")
            .param("redirect_uri", "https://app.test/cb?x=1")
            .param("code_verifier", "v~-._")
    });
    let expected = [
        ("grant_type", "authorization_code"),
        ("client_id", "app"),
        ("code", "c0de"),
        ("redirect_uri", "https://app.test/cb?x=1"),
        ("code_verifier", "v~-._"),
    ];
    assert_eq!(request.form(), pairs(&expected));
}
