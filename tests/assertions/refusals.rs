//! What cannot be signed, or would not be sent: said when the client is made.

use oauth_token::{Client, ClientAuth, Config, ErrorKind};

use crate::support::TemporaryDirectory;
use crate::{TOKEN_URL, config, key, key_path, with_key};

#[track_caller]
fn assert_refused(config: Config, words: &[&str]) {
    let error = Client::new(config).expect_err("there must be no client");
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    for word in words {
        assert!(error.message().contains(word), "`{word}` is not said: {error}");
    }
    assert!(!error.message().contains(char::is_control), "{error}");
    assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    assert!(!format!("{error:?}").contains("MI"), "a part of a key: {error:?}");
}

#[test]
fn a_missing_key_names_every_way_to_give_one() {
    assert_refused(config(), &["`private_key_file`", "`private_key_pem`", "`client_assertion_file`"]);
}

#[test]
fn a_grant_without_a_key_names_every_way_to_give_one() {
    let config = Config::new()
        .token_url(TOKEN_URL)
        .client_auth(ClientAuth::None)
        .grant_type("urn:ietf:params:oauth:grant-type:jwt-bearer");
    assert_refused(config, &["`private_key_file`", "`param.assertion`"]);
}

#[test]
fn a_placed_assertion_without_a_key_names_every_way_to_give_one() {
    let config = Config::new().token_url(TOKEN_URL).client_auth(ClientAuth::None).param("jwt", "{assertion}");
    assert_refused(config, &["`private_key_file`"]);
}

#[test]
fn a_key_that_cannot_sign_with_the_algorithm_is_named_with_it() {
    for (name, algorithm) in [
        ("rsa_pkcs8.pem", "ES256"),
        ("p256_pkcs8.pem", "RS256"),
        ("p256_sec1.pem", "ES384"),
        ("p384_pkcs8.pem", "ES256"),
        ("ed25519_pkcs8.pem", "PS256"),
        ("rsa_pkcs1.pem", "EdDSA"),
        ("rsa_pkcs8.pem", "HS256"),
    ] {
        assert_refused(with_key(name).assertion_alg(algorithm), &["`private_key_file`", name, algorithm]);
    }
}

#[test]
fn an_encrypted_key_says_that_it_must_not_be() {
    for name in ["encrypted_pkcs8.pem", "encrypted_pkcs1.pem"] {
        assert_refused(with_key(name), &["`private_key_file`", name, "not encrypted"]);
    }
}

#[test]
fn what_is_no_key_is_refused_and_not_repeated() {
    let directory = TemporaryDirectory::new();
    for content in [
        String::new(),
        "hunter2".into(),
        key("p256_certificate.pem"),
        key("p256_public.pem"),
        "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n".into(),
        "-----BEGIN PRIVATE KEY-----\naHVudGVyMg==\n-----END PRIVATE KEY-----\n".into(),
        key("p256_pkcs8.pem").replace('\n', "")[..100].to_owned(),
    ] {
        assert_refused(config().private_key_pem(content.as_str()), &["`private_key_pem`", "private key"]);
        assert_refused(
            config().private_key_file(directory.write("key", content)),
            &["`private_key_file`", "private key"],
        );
    }
    assert_refused(with_key("unusable_secp256k1.pem"), &["`private_key_file`", "cannot be used"]);
}

#[test]
fn a_key_file_that_is_missing_is_named_with_its_path() {
    assert_refused(config().private_key_file("/nowhere/key.pem"), &["`private_key_file`", "/nowhere/key.pem"]);
}

#[test]
fn a_key_that_signs_nothing_is_not_kept_in_silence() {
    for option in ["private_key_file", "private_key_pem"] {
        let mut config = Config::new().token_url(TOKEN_URL).client_id("me").client_secret("hunter2");
        let value = if option.ends_with("file") {
            key_path("p256_pkcs8.pem").display().to_string()
        } else {
            key("p256_pkcs8.pem")
        };
        config.set(option, &value).unwrap();
        assert_refused(config, &[option, "`private_key_jwt`", "`{assertion}`"]);
    }
}

#[test]
fn a_key_beside_a_secret_that_signs_is_not_kept_in_silence() {
    let config = with_key("p256_pkcs8.pem").client_auth(ClientAuth::ClientSecretJwt).client_secret("hunter2");
    assert_refused(config, &["`private_key_file`", "`client_secret_jwt`"]);
}

#[test]
fn a_secret_beside_a_key_that_signs_is_not_kept_in_silence() {
    assert_refused(with_key("p256_pkcs8.pem").client_secret("hunter2"), &["nothing would send", "`client_auth`"]);
}

#[test]
fn a_grant_that_a_workload_s_file_does_not_give_is_asked_for() {
    let config = config().grant_type("urn:ietf:params:oauth:grant-type:jwt-bearer").client_assertion_file("/run/token");
    assert_refused(config, &["`client_assertion_file`", "`private_key_file`", "`param.assertion`", "`{assertion}`"]);
}

#[test]
fn a_file_and_a_key_with_one_place_between_them_are_refused() {
    let config = Config::new()
        .token_url(TOKEN_URL)
        .client_auth(ClientAuth::None)
        .client_assertion_file("/run/token")
        .private_key_file(key_path("p256_pkcs8.pem"))
        .param("jwt", "{assertion}");
    assert_refused(config, &["`client_assertion_file`", "`private_key_file`", "keep one"]);
}

#[test]
fn both_options_of_a_key_contradict_each_other() {
    let config = with_key("p256_pkcs8.pem").private_key_pem(key("p256_pkcs8.pem"));
    assert_refused(config, &["`private_key_file`", "`private_key_pem`", "keep one"]);
}

#[test]
fn a_secret_does_not_sign_with_the_algorithms_of_keys() {
    for algorithm in ["RS256", "ES256", "EdDSA"] {
        let config =
            config().client_auth(ClientAuth::ClientSecretJwt).client_secret("hunter2").assertion_alg(algorithm);
        assert_refused(config, &["`assertion_alg`", algorithm, "HS256"]);
    }
}

#[test]
fn client_secret_jwt_without_a_secret_says_so() {
    assert_refused(config().client_auth(ClientAuth::ClientSecretJwt), &["secret is missing", "`client_secret`"]);
}

#[test]
fn an_algorithm_that_is_none_names_the_choices() {
    for algorithm in ["none", "ES512", "rs256", ""] {
        assert_refused(with_key("p256_pkcs8.pem").assertion_alg(algorithm), &["`assertion_alg`", "`ES256`", "`EdDSA`"]);
    }
}

#[test]
fn a_thumbprint_that_is_none_is_refused() {
    for thumbprint in ["", "x", "00", "zz", "AAAA", &"0".repeat(39), &"00".repeat(21), &"g".repeat(40)] {
        assert_refused(with_key("p256_pkcs8.pem").assertion_x5t(thumbprint), &["`assertion_x5t`", "SHA-1", "SHA-256"]);
    }
}

#[test]
fn a_chain_without_a_certificate_is_refused() {
    let directory = TemporaryDirectory::new();
    for path in [directory.write("empty", ""), key_path("p256_pkcs8.pem"), directory.path().join("missing")] {
        let shown = path.display().to_string();
        assert_refused(with_key("p256_pkcs8.pem").assertion_x5c(path), &["`assertion_x5c`", &shown]);
    }
}

#[test]
fn an_assertion_that_nobody_would_have_issued_is_refused() {
    let config = Config::new()
        .token_url(TOKEN_URL)
        .client_auth(ClientAuth::None)
        .grant_type("urn:ietf:params:oauth:grant-type:jwt-bearer")
        .private_key_file(key_path("p256_pkcs8.pem"));
    assert_refused(config.clone(), &["`client_id`", "`assertion_issuer`"]);
    Client::new(config.assertion_claim("iss", "robot")).expect("a claim may say it");
}

#[test]
fn an_assertion_without_any_life_is_refused() {
    assert_refused(with_key("p256_pkcs8.pem").assertion_lifetime(std::time::Duration::ZERO), &["`assertion_lifetime`"]);
}
