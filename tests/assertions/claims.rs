//! What an assertion claims (RFC 7523 §3).

use std::collections::HashSet;
use std::time::Duration;

use oauth_token::Config;
use serde_json::json;

use crate::support::broken;
use crate::{TOKEN_URL, granted, proof_in, proof_of, setup, with_key};

/// What `TestClock` begins with.
const NOW: u64 = 1_700_000_000;

fn config() -> Config {
    with_key("p256_pkcs8.pem")
}

#[test]
fn the_claims_are_those_that_rfc_7523_wants_and_no_nbf() {
    let proof = proof_of(config());
    assert_eq!(proof.claim_names(), ["aud", "exp", "iat", "iss", "jti", "sub"]);
    assert_eq!(proof.claims["iss"], "me");
    assert_eq!(proof.claims["sub"], "me");
    assert_eq!(proof.claims["aud"], TOKEN_URL, "one text, not a list");
    assert_eq!(proof.claims["iat"], json!(NOW));
    assert_eq!(proof.claims["exp"], json!(NOW + 60));
    assert!(proof.claims["jti"].as_str().is_some_and(|id| id.len() >= 32));
}

#[test]
fn the_request_names_the_type_of_the_assertion_and_no_other_proof() {
    let request = crate::request_of(config());
    let mut names: Vec<String> = request.form().into_iter().map(|(name, _)| name).collect();
    names.sort();
    assert_eq!(names, ["client_assertion", "client_assertion_type", "grant_type"]);
    assert_eq!(
        request.form_value("client_assertion_type").as_deref(),
        Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
    );
    assert_eq!(request.form_value("grant_type").as_deref(), Some("client_credentials"));
    assert_eq!(request.header("Authorization"), None);
}

#[test]
fn every_attempt_has_an_id_of_its_own_retries_too() {
    let setup = setup(config().max_retries(2), |_| broken(true));
    setup.client.token().unwrap_err();
    setup.clock.advance(Duration::from_secs(3600));
    setup.client.token().unwrap_err();
    let requests = setup.server.requests();
    let ids: HashSet<String> = requests.iter().map(|request| proof_in(request).claims["jti"].to_string()).collect();
    assert_eq!((requests.len(), ids.len()), (6, 6));
}

#[test]
fn every_attempt_is_signed_with_the_time_at_which_it_is_made() {
    let setup = setup(config(), granted);
    setup.client.token().unwrap();
    setup.clock.advance(Duration::from_secs(3600));
    setup.client.token().unwrap();
    let requests = setup.server.requests();
    assert_eq!(proof_in(&requests[1]).claims["iat"], json!(NOW + 3600));
    assert_eq!(proof_in(&requests[1]).claims["exp"], json!(NOW + 3660));
}

#[test]
fn the_lifetime_can_be_chosen() {
    let proof = proof_of(config().assertion_lifetime(Duration::from_secs(600)));
    assert_eq!(proof.claims["exp"], json!(NOW + 600));
}

#[test]
fn issuer_subject_and_audience_can_be_chosen_each_by_itself() {
    let proof = proof_of(config().assertion_issuer("key-server"));
    assert_eq!((&proof.claims["iss"], &proof.claims["sub"]), (&json!("key-server"), &json!("me")));
    let proof = proof_of(config().assertion_subject("somebody"));
    assert_eq!((&proof.claims["iss"], &proof.claims["sub"]), (&json!("me"), &json!("somebody")));
    let proof = proof_of(config().assertion_audience("https://login.example.com"));
    assert_eq!(proof.claims["aud"], "https://login.example.com");
}

#[test]
fn a_claim_may_be_of_any_type_of_json() {
    let mut config = config();
    config
        .set_json(
            r#"{"assertion_claim": {"text": "a \"b\"", "whole": 7, "negative": -7, "fraction": 1.5, "yes": true,
                "list": ["a", 1, {"b": []}], "object": {"a": {"b": [1, "c"]}}}}"#,
        )
        .unwrap();
    let proof = proof_of(config);
    let claims = &proof.claims;
    assert_eq!(claims["text"], "a \"b\"");
    assert_eq!(claims["whole"], json!(7));
    assert_eq!(claims["negative"], json!(-7));
    assert_eq!(claims["fraction"], json!(1.5));
    assert_eq!(claims["yes"], json!(true));
    assert_eq!(claims["list"], json!(["a", 1, {"b": []}]));
    assert_eq!(claims["object"], json!({"a": {"b": [1, "c"]}}), "an object is one claim, not a path");
    assert!(proof.is_signed_by("p256"));
}

#[test]
fn a_claim_replaces_the_one_of_its_name_whoever_set_it() {
    let proof =
        proof_of(config().assertion_claim("scope", "a").assertion_claim("scope", "b").assertion_claim("aud", "x"));
    assert_eq!((&proof.claims["scope"], &proof.claims["aud"]), (&json!("b"), &json!("x")));
    let mut config = config();
    config.set_json(r#"{"assertion_claim": {"aud": ["a", "b"]}}"#).unwrap();
    assert_eq!(proof_of(config).claims["aud"], json!(["a", "b"]));
}

#[test]
fn an_empty_claim_leaves_out_the_one_of_its_name() {
    let proof = proof_of(config().assertion_claim("jti", "").assertion_claim("sub", ""));
    assert_eq!(proof.claim_names(), ["aud", "exp", "iat", "iss"]);
}

#[test]
fn an_empty_subject_or_audience_is_left_out() {
    let proof = proof_of(config().assertion_subject("").assertion_audience(""));
    assert_eq!(proof.claim_names(), ["exp", "iat", "iss", "jti"]);
}

#[test]
fn the_audience_of_a_client_that_knows_its_issuer_only_is_the_token_url_that_was_found() {
    let config = Config::new()
        .issuer("https://login.example.com")
        .client_id("me")
        .client_auth(oauth_token::ClientAuth::PrivateKeyJwt)
        .private_key_file(crate::key_path("p256_pkcs8.pem"));
    let setup = setup(config, |request| {
        if request.method == "GET" {
            return crate::support::answer(
                200,
                json!({"issuer": "https://login.example.com", "token_endpoint": "https://api.example.com/t"}),
            );
        }
        granted(request)
    });
    setup.client.token().unwrap();
    assert_eq!(proof_in(&setup.server.requests()[1]).claims["aud"], "https://api.example.com/t");
}
