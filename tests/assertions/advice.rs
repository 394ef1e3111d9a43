//! What an error says of an assertion that was refused: what it said, and the options behind it.

use oauth_token::{ClientAuth, Config};
use serde_json::json;

use crate::{TOKEN_URL, key, key_path, setup, with_key};

/// What is told of a refusal with this code.
#[track_caller]
fn told(config: Config, status: u16, code: &'static str) -> String {
    let setup = setup(config, move |_| crate::support::answer(status, json!({ "error": code })));
    setup.client.token().unwrap_err().message().to_owned()
}

fn grant() -> Config {
    let config = Config::new().token_url(TOKEN_URL).client_auth(ClientAuth::None);
    config.grant_type("urn:ietf:params:oauth:grant-type:jwt-bearer").private_key_file(key_path("p256_pkcs8.pem"))
}

#[track_caller]
fn assert_tells(told: &str, words: &[&str]) {
    words.iter().for_each(|word| assert!(told.contains(word), "`{word}` is not told: {told}"));
}

#[test]
fn a_refused_grant_is_told_with_what_it_said_and_the_options_behind_it() {
    let config = grant().assertion_issuer("robot").assertion_subject("person").key_id("k1");
    let words = [
        "assertion (alg `ES256`, kid `k1`, iss `robot`, sub `person`, aud `https://login.example.com/token`)",
        "check `private_key_file`, `key_id`, `assertion_issuer`, `assertion_subject`, `assertion_audience`, and this \
         machine's clock",
    ];
    assert_tells(&told(config, 400, "invalid_grant"), &words);
    let bare = told(grant().assertion_issuer("robot"), 400, "invalid_grant");
    assert_tells(&bare, &["check `private_key_file`, `key_id`, `assertion_issuer`, `assertion_audience`, and"]);
}

#[test]
fn a_grant_that_alone_says_who_the_client_is_is_told_where_the_client_is_refused() {
    for code in ["invalid_client", ""] {
        let told = told(grant().assertion_issuer("robot"), 401, code);
        assert_tells(&told, &["check `private_key_file`, `key_id`, `assertion_issuer`", "machine's clock"]);
        assert!(!told.contains("param.NAME"), "{told}");
    }
}

#[test]
fn a_refused_proof_is_told_with_the_option_that_signs_it() {
    let words =
        ["client_assertion (alg `ES256`, iss `me`, sub `me`, aud", "check `client_id`, `private_key_file`, `key_id`"];
    for (status, code) in [(401, "invalid_client"), (400, "invalid_grant"), (401, "")] {
        assert_tells(&told(with_key("p256_pkcs8.pem"), status, code), &words);
    }
    let of_text = crate::config().private_key_pem(key("p256_pkcs8.pem"));
    assert_tells(&told(of_text, 401, "invalid_client"), &["check `client_id`, `private_key_pem`, `key_id`"]);
    let of_secret = crate::config().client_auth(ClientAuth::ClientSecretJwt).client_secret("s3cret");
    assert_tells(
        &told(of_secret, 401, "invalid_client"),
        &["check `client_id`, `client_secret`, `assertion_audience`"],
    );
}

#[test]
fn what_is_secret_in_the_token_url_is_not_told_as_the_audience() {
    let config = with_key("p256_pkcs8.pem").token_url("https://login.example.com/token?key=hunter22");
    let told = told(config, 401, "invalid_client");
    assert!(!told.contains("hunter22"), "{told}");
}
