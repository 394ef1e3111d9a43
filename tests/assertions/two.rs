//! A grant that is an assertion, or a placed one, beside a proof of the client that is one too: two, not one twice.

use oauth_token::{ClientAuth, Config};
use serde_json::json;

use crate::jwt::Jwt;
use crate::support::{Request, TemporaryDirectory};
use crate::{TOKEN_URL, key_path, proof_in, request_of};

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

fn granting(client_auth: ClientAuth) -> Config {
    Config::new()
        .token_url(TOKEN_URL)
        .client_id("me")
        .client_auth(client_auth)
        .grant_type(JWT_BEARER)
        .assertion_issuer("robot@example.com")
        .assertion_subject("person@example.com")
        .assertion_claim("scope", "a b")
}

fn with_key(config: Config) -> Config {
    config.private_key_file(key_path("rsa_pkcs8.pem"))
}

#[track_caller]
fn grant_in(request: &Request) -> Jwt {
    Jwt::read(&request.form_value("assertion").expect("there is a grant"))
}

/// What RFC 7523 §3 wants of a client's own, and nothing that was meant for the grant.
#[track_caller]
fn assert_of_the_client(proof: &Jwt) {
    assert_eq!(proof.claim_names(), ["aud", "exp", "iat", "iss", "jti", "sub"]);
    assert_eq!((&proof.claims["iss"], &proof.claims["sub"]), (&json!("me"), &json!("me")));
    assert_eq!(proof.claims["aud"], TOKEN_URL);
}

#[track_caller]
fn assert_of_the_grant(grant: &Jwt) {
    assert_eq!(grant.claim_names(), ["aud", "exp", "iat", "iss", "jti", "scope", "sub"]);
    assert_eq!(grant.claims["iss"], "robot@example.com");
    assert_eq!(grant.claims["sub"], "person@example.com");
    assert_eq!(grant.claims["scope"], "a b");
}

#[test]
fn the_proof_is_the_client_s_own_and_the_grant_says_what_the_options_say() {
    let request = request_of(with_key(granting(ClientAuth::PrivateKeyJwt)).key_id("k1"));
    let (proof, grant) = (proof_in(&request), grant_in(&request));
    assert_of_the_client(&proof);
    assert_of_the_grant(&grant);
    assert_ne!(proof.claims["jti"], grant.claims["jti"], "each has an id of its own");
    for assertion in [proof, grant] {
        assert!(assertion.is_signed_by("rsa"));
        assert_eq!(assertion.header["kid"], "k1");
    }
}

#[test]
fn audience_and_lifetime_are_those_of_both() {
    let config = with_key(granting(ClientAuth::PrivateKeyJwt))
        .assertion_audience("https://as.example.com")
        .assertion_lifetime(std::time::Duration::from_secs(30));
    let request = request_of(config);
    for assertion in [proof_in(&request), grant_in(&request)] {
        assert_eq!(assertion.claims["aud"], "https://as.example.com");
        let life = assertion.claims["exp"].as_u64().unwrap() - assertion.claims["iat"].as_u64().unwrap();
        assert_eq!(life, 30);
    }
}

#[test]
fn a_secret_proves_the_client_and_the_key_signs_the_grant() {
    let config = || with_key(granting(ClientAuth::ClientSecretJwt)).client_secret("s3cret").key_id("k1");
    for (algorithm, of_proof, of_grant) in
        [(None, "HS256", "RS256"), (Some("HS512"), "HS512", "RS256"), (Some("PS256"), "HS256", "PS256")]
    {
        let request = request_of(match algorithm {
            Some(name) => config().assertion_alg(name),
            None => config(),
        });
        let (proof, grant) = (proof_in(&request), grant_in(&request));
        assert_of_the_client(&proof);
        assert_of_the_grant(&grant);
        assert!(proof.is_signed_with("s3cret") && grant.is_signed_by("rsa"), "{algorithm:?}");
        assert_eq!((&proof.header["alg"], &grant.header["alg"]), (&json!(of_proof), &json!(of_grant)));
        assert_eq!((&proof.header["kid"], &grant.header["kid"]), (&json!(null), &json!("k1")), "it names the key");
    }
}

#[test]
fn a_secret_without_a_key_signs_both() {
    let request = request_of(granting(ClientAuth::ClientSecretJwt).client_secret("s3cret"));
    let (proof, grant) = (proof_in(&request), grant_in(&request));
    assert_of_the_client(&proof);
    assert_of_the_grant(&grant);
    assert!(proof.is_signed_with("s3cret") && grant.is_signed_with("s3cret"));
    assert_ne!(proof.claims["jti"], grant.claims["jti"]);
}

#[test]
fn a_workload_s_file_proves_the_client_and_the_key_signs_the_grant() {
    let directory = TemporaryDirectory::new();
    let config = with_key(granting(ClientAuth::PrivateKeyJwt));
    let request = request_of(config.client_assertion_file(directory.write("token", "a.b.c")));
    assert_eq!(request.form_value("client_assertion").as_deref(), Some("a.b.c"));
    assert_of_the_grant(&grant_in(&request));
}

#[test]
fn a_placed_assertion_is_not_the_client_s_proof() {
    let config = with_key(granting(ClientAuth::PrivateKeyJwt))
        .grant_type("urn:ietf:params:oauth:grant-type:token-exchange")
        .param("subject_token", "{assertion}");
    let request = request_of(config);
    let subject = Jwt::read(&request.form_value("subject_token").unwrap());
    assert_of_the_client(&proof_in(&request));
    assert_of_the_grant(&subject);
    assert_eq!(request.form_value("assertion"), None);
}

#[test]
fn a_file_is_placed_beside_a_proof_that_the_secret_signs() {
    let directory = TemporaryDirectory::new();
    let config = Config::new()
        .token_url(TOKEN_URL)
        .client_id("me")
        .client_auth(ClientAuth::ClientSecretJwt)
        .client_secret("s3cret")
        .client_assertion_file(directory.write("token", "a.b.c"))
        .param("subject_token", "{assertion}");
    let request = request_of(config);
    assert_eq!(request.form_value("subject_token").as_deref(), Some("a.b.c"));
    assert!(proof_in(&request).is_signed_with("s3cret"));
}

#[test]
fn neither_of_two_is_repeated_in_an_error() {
    let setup = crate::setup(with_key(granting(ClientAuth::PrivateKeyJwt)), |request| {
        let words = format!(
            "bad {} or {}",
            request.form_value("client_assertion").unwrap(),
            request.form_value("assertion").unwrap()
        );
        crate::support::answer(400, json!({"error": "invalid_grant", "error_description": words}))
    });
    let error = setup.client.token().unwrap_err();
    assert!(error.message().contains("bad [secret] or [secret]"), "{error}");
    assert!(!format!("{error:?}").contains("eyJ"), "{error:?}");
}
