//! Whose refusal is whose: what proves who a client is besides its secret.

use oauth_token::{BasicEncoding, ClientAuth, Config};

use crate::support::offline::{config, refused, setup, without_secret};
use crate::{derive, granted, numbered, text};

#[cfg(feature = "jwt")]
#[test]
fn a_refused_key_says_nothing_about_another_key() {
    let key = |name: &str| format!("{}/tests/assertions/keys/{name}", env!("CARGO_MANIFEST_DIR"));
    let config = without_secret().client_auth(ClientAuth::PrivateKeyJwt).private_key_file(key("p256_pkcs8.pem"));
    let parent = setup(config, |_| refused(401, "invalid_client"));
    parent.client.token().unwrap_err();
    let child = derive(&parent.client, Config::new().private_key_file(key("p384_pkcs8.pem")));
    assert!(!child.token().unwrap_err().is_repeated());
    // One with the same key need not ask.
    let sibling = derive(&parent.client, Config::new().scope("a"));
    assert!(sibling.token().unwrap_err().is_repeated());
    assert_eq!(parent.asked(), 2);
}

#[test]
fn a_refused_parameter_says_nothing_about_another() {
    let config = without_secret().client_auth(ClientAuth::None).param("client_secret", "wrong");
    let parent = setup(config, |request| {
        let is_right = request.form_value("client_secret").as_deref() == Some("right");
        if is_right { granted("t") } else { refused(401, "invalid_client") }
    });
    parent.client.token().unwrap_err();
    assert_eq!(text(derive(&parent.client, Config::new().param("client_secret", "right")).token()), "t");
}

#[test]
fn a_refusal_says_nothing_about_another_encoding() {
    let config = without_secret().client_secret("a+b/c").basic_encoding(BasicEncoding::Raw);
    let parent = setup(config, |request| {
        let is_right = request.basic_raw().is_some_and(|(_, secret)| secret == "a%2Bb%2Fc");
        if is_right { granted("t") } else { refused(401, "invalid_client") }
    });
    parent.client.token().unwrap_err();
    assert_eq!(text(derive(&parent.client, Config::new().basic_encoding(BasicEncoding::Form)).token()), "t");
}

#[test]
fn relatives_that_come_and_go_do_not_try_a_refused_secret_again() {
    let parent = setup(config(), |_| refused(401, "invalid_client"));
    for number in 0..20 {
        derive(&parent.client, Config::new().scope(format!("{number}"))).token().unwrap_err();
    }
    assert_eq!(parent.asked(), 1);
}

#[test]
fn a_grant_that_may_be_sent_once_is_not_derived() {
    let parent = setup(config().grant_type("authorization_code").param("code", "c0de"), numbered());
    let error = parent.client.derive(Config::new().scope("a")).unwrap_err();
    assert!(error.message().contains("param.code"), "{error}");
    let child = derive(&parent.client, Config::new().param("code", "another"));
    text(child.token());
    parent.token();
    text(derive(&parent.client, Config::new().grant_type("client_credentials")).token());
}
