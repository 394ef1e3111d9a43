//! An assertion as the grant itself, and where the user places it.

use oauth_token::{BodyFormat, ClientAuth, Config};
use serde_json::json;

use crate::jwt::Jwt;
use crate::support::Request;
use crate::{TOKEN_URL, key_path, request_of};

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

fn grant() -> Config {
    Config::new()
        .token_url(TOKEN_URL)
        .grant_type(JWT_BEARER)
        .client_auth(ClientAuth::None)
        .private_key_file(key_path("rsa_pkcs8.pem"))
        .assertion_issuer("robot@example.com")
}

fn names(request: &Request) -> Vec<String> {
    let mut names: Vec<String> = request.form().into_iter().map(|(name, _)| name).collect();
    names.sort();
    names
}

#[test]
fn the_jwt_bearer_grant_sends_its_assertion_and_no_proof_of_a_client() {
    let config = grant().assertion_claim("scope", "a b").assertion_subject("person@example.com");
    let request = request_of(config);
    assert_eq!(names(&request), ["assertion", "grant_type"]);
    assert_eq!(request.form_value("grant_type").as_deref(), Some(JWT_BEARER));
    let assertion = Jwt::read(&request.form_value("assertion").unwrap());
    assert!(assertion.is_signed_by("rsa"));
    assert_eq!(assertion.claims["iss"], "robot@example.com");
    assert_eq!(assertion.claims["sub"], "person@example.com");
    assert_eq!(assertion.claims["scope"], "a b");
    assert_eq!(assertion.claims["aud"], TOKEN_URL);
}

#[test]
fn a_grant_without_a_subject_claims_none() {
    let assertion = Jwt::read(&request_of(grant()).form_value("assertion").unwrap());
    assert_eq!(assertion.claim_names(), ["aud", "exp", "iat", "iss", "jti"]);
}

#[test]
fn the_jwt_bearer_grant_stands_beside_basic_authentication() {
    let config = grant().client_auth(ClientAuth::ClientSecretBasic).client_id("me").client_secret("s3cret");
    let request = request_of(config);
    assert_eq!(names(&request), ["assertion", "grant_type"]);
    assert_eq!(request.basic_raw(), Some(("me".into(), "s3cret".into())));
}

#[test]
fn the_jwt_bearer_grant_stands_beside_a_secret_in_the_form() {
    let config = grant().client_auth(ClientAuth::ClientSecretPost).client_id("me").client_secret("s3cret");
    assert_eq!(names(&request_of(config)), ["assertion", "client_id", "client_secret", "grant_type"]);
}

#[test]
fn the_jwt_bearer_grant_has_a_proof_of_the_client_beside_it_where_that_is_asked_for() {
    let request = request_of(grant().client_auth(ClientAuth::PrivateKeyJwt).client_id("me"));
    assert_eq!(names(&request), ["assertion", "client_assertion", "client_assertion_type", "grant_type"]);
}

#[test]
fn a_finished_assertion_of_the_user_is_sent_as_it_is() {
    let config = Config::new()
        .token_url(TOKEN_URL)
        .grant_type(JWT_BEARER)
        .client_auth(ClientAuth::None)
        .param("assertion", "made.by.somebody");
    assert_eq!(request_of(config).form_value("assertion").as_deref(), Some("made.by.somebody"));
}

#[test]
fn an_assertion_is_placed_in_a_header() {
    let config = Config::new()
        .token_url(TOKEN_URL)
        .client_id("me")
        .client_auth(ClientAuth::None)
        .grant_type("")
        .private_key_file(key_path("p256_sec1.pem"))
        .header("Authorization", "Bearer {assertion}");
    let request = request_of(config);
    let value = request.header("Authorization").and_then(|value| value.strip_prefix("Bearer ")).unwrap();
    assert!(Jwt::read(value).is_signed_by("p256"));
    assert_eq!(request.form_value("client_assertion"), None);
}

#[test]
fn an_assertion_is_placed_in_a_parameter_of_any_name_and_format() {
    let config = Config::new()
        .token_url(TOKEN_URL)
        .client_id("me")
        .client_auth(ClientAuth::None)
        .body_format(BodyFormat::Json)
        .private_key_file(key_path("ed25519_pkcs8.pem"))
        .param("proof.jwt", "{assertion}");
    let request = request_of(config);
    assert!(Jwt::read(request.json()["proof"]["jwt"].as_str().unwrap()).is_signed_by("ed25519"));
}

#[test]
fn one_request_holds_one_assertion_wherever_it_stands() {
    let request = request_of(grant().header("X-Assertion", "{assertion}"));
    assert_eq!(request.header("X-Assertion"), request.form_value("assertion").as_deref());
}

#[test]
fn a_renewal_by_refresh_token_does_not_repeat_the_grant_but_proves_the_client_again() {
    let config = grant()
        .client_auth(ClientAuth::PrivateKeyJwt)
        .client_id("me")
        .use_refresh_token(oauth_token::UseRefreshToken::Always);
    let setup = crate::setup(config, |_| {
        crate::support::answer(200, json!({"access_token": "t", "expires_in": 3600, "refresh_token": "r"}))
    });
    setup.client.token().unwrap();
    setup.clock.advance(std::time::Duration::from_secs(3600));
    setup.client.token().unwrap();
    let renewal = &setup.server.requests()[1];
    assert_eq!(names(renewal), ["client_assertion", "client_assertion_type", "grant_type", "refresh_token"]);
}
