//! What metadata must hold, and what is taken for none.

use oauth_token::transport::Response;
use oauth_token::{ClientAuth, Config, Error, ErrorKind};
use serde_json::{Value, json};

use crate::{ISSUER, RFC_8414, assert_names_issuer, config, metadata, server, setup};

/// The error where the metadata of [`ISSUER`] is this.
#[track_caller]
fn error_of(document: Value) -> Error {
    let setup = setup(config(ISSUER), server(RFC_8414, document));
    let error = setup.client.token().expect_err("there must be no token");
    assert_eq!(setup.targets(), [RFC_8414], "nothing else may be asked");
    assert_names_issuer(&error);
    error
}

#[test]
fn the_metadata_must_name_the_same_issuer() {
    for named in [
        "https://login.example.com",
        "https://login.example.com/tenant2",
        "https://LOGIN.example.com.evil.test/tenant",
        "https://evil.test/tenant\r\nX: y",
        "",
    ] {
        let error = error_of(metadata(named));
        assert_eq!(error.kind(), ErrorKind::Response, "{error}");
        assert!(error.message().contains("set `issuer`"), "{error}");
    }
    error_of(json!({"issuer": 7, "token_endpoint": "https://api.example.com/token"}));
}

#[test]
fn another_issuer_is_told_with_what_differs_which_may_be_hard_to_see() {
    for (named, difference) in [
        ("https://LOGIN.example.com/tenant", "they differ in capitals"),
        ("https://login.example.com/Tenant/", "they differ in capitals"),
        ("https://login.example.com/tenant2", "another path"),
        ("https://login.example.com//tenant", "another path"),
        ("https://login.example.com:8443/tenant", "another scheme or port"),
        ("http://login.example.com/tenant", "another scheme or port"),
        ("https://login.example.org/tenant", "another host"),
        ("login.example.com/tenant", "no URL"),
    ] {
        let error = error_of(metadata(named));
        let told = error.message();
        assert!(told.contains(&format!("`{named}`")) && told.contains(difference), "{difference}: {error}");
        assert!(told.contains("RFC 8414 §3.3; a slash at the end makes no difference"), "{error}");
    }
}

#[test]
fn a_document_without_an_issuer_is_none() {
    let setup = setup(config(ISSUER), server(RFC_8414, json!({"token_endpoint": "https://evil.test/token"})));
    let error = setup.client.token().unwrap_err();
    assert_names_issuer(&error);
    assert!(!setup.targets().contains(&"https://evil.test/token".to_owned()));
}

#[test]
fn metadata_without_a_token_endpoint_says_so() {
    for endpoint in [json!(null), json!(7), json!(["https://api.example.com/token"])] {
        let error = error_of(json!({"issuer": ISSUER, "token_endpoint": endpoint}));
        assert!(error.message().contains("`token_endpoint`"), "{error}");
    }
    let error = error_of(json!({"issuer": ISSUER}));
    assert!(error.message().contains("`token_endpoint`"), "{error}");
}

#[test]
fn a_token_endpoint_that_cannot_be_is_refused() {
    for endpoint in ["", "/token", "ftp://api.example.com/token", "https://", "https://a b/", "https://u:p@a.test/t"] {
        let error = error_of(json!({"issuer": ISSUER, "token_endpoint": endpoint}));
        assert!(error.message().contains("`token_endpoint`"), "{error}");
    }
}

#[test]
fn a_token_endpoint_without_tls_is_refused_unless_it_is_allowed() {
    let document = json!({"issuer": ISSUER, "token_endpoint": "http://api.example.com/token"});
    let error = error_of(document.clone());
    assert!(error.message().contains("`dangerous_allow_http`"), "{error}");
    let setup = setup(config(ISSUER).dangerous_allow_http(true), server(RFC_8414, document));
    setup.client.token().unwrap();
}

#[test]
fn pages_and_nonsense_in_the_place_of_metadata_count_as_none() {
    for body in ["<html><title>Log in</title></html>", "", "[]", "7", "{\"issuer\"", "\u{1}"] {
        let setup = setup(config(ISSUER), move |_| Ok(Response::new(200, body).header("Content-Type", "text/html")));
        let error = setup.client.token().unwrap_err();
        assert_names_issuer(&error);
        assert!(error.message().contains("set `token_url`"), "{error}");
        assert!(setup.targets().len() > 1, "the other places are asked too");
    }
}

#[test]
fn metadata_that_is_too_large_is_refused_whatever_the_transport_let_through() {
    let mut document = metadata(ISSUER);
    document["padding"] = Value::from("x".repeat(300_000));
    let error = error_of(document);
    assert!(error.message().contains("`max_response_bytes`"), "{error}");
}

#[test]
fn a_client_with_a_certificate_goes_where_certificates_are_asked_for() {
    let mut document = metadata(ISSUER);
    document["mtls_endpoint_aliases"] = json!({"token_endpoint": "https://mtls.example.com/token"});
    for (client_auth, endpoint) in [
        (ClientAuth::TlsClientAuth, "https://mtls.example.com/token"),
        (ClientAuth::SelfSignedTlsClientAuth, "https://mtls.example.com/token"),
        (ClientAuth::None, "https://api.example.com/token"),
    ] {
        // A transport of the host's own, as here, has the certificate.
        let config = Config::new().issuer(ISSUER).client_id("me").client_auth(client_auth);
        let setup = setup(config, server(RFC_8414, document.clone()));
        setup.client.token().unwrap();
        assert_eq!(setup.targets()[1], endpoint);
    }
}
