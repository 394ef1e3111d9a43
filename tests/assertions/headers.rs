//! What the header of an assertion says (RFC 7515 §4.1).

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;

use crate::{key, key_path, proof_of, with_key};

#[test]
fn a_plain_header_names_algorithm_and_type_and_nothing_else() {
    assert_eq!(proof_of(with_key("p256_pkcs8.pem")).header, json!({"alg": "ES256", "typ": "JWT"}));
}

#[test]
fn key_id_is_the_kid() {
    let proof = proof_of(with_key("p256_pkcs8.pem").key_id("key \"1\""));
    assert_eq!(proof.header, json!({"alg": "ES256", "typ": "JWT", "kid": "key \"1\""}));
    assert!(proof.is_signed_by("p256"));
}

#[test]
fn a_thumbprint_is_taken_in_every_spelling_and_its_length_names_its_member() {
    for (bytes, member) in [((0..20).collect::<Vec<u8>>(), "x5t"), ((200..232).collect(), "x5t#S256")] {
        let hexadecimal: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let encoded = URL_SAFE_NO_PAD.encode(&bytes);
        for written in [
            hexadecimal.concat(),
            hexadecimal.concat().to_uppercase(),
            hexadecimal.join(":").to_uppercase(),
            hexadecimal.join(" "),
            STANDARD.encode(&bytes),
            encoded.clone(),
        ] {
            let proof = proof_of(with_key("p256_pkcs8.pem").assertion_x5t(&written));
            assert_eq!(proof.header, json!({"alg": "ES256", "typ": "JWT", member: encoded}), "{written}");
        }
    }
}

#[test]
fn a_chain_is_sent_in_its_order_in_base64_with_padding() {
    let directory = crate::support::TemporaryDirectory::new();
    let other = crate::support::TestAuthority::new().certificate_pem();
    let chain = directory.write("chain.pem", format!("{}{other}", key("p256_certificate.pem")));
    let proof = proof_of(with_key("p256_pkcs8.pem").assertion_x5c(chain));
    let base64 = |pem: &str| pem.lines().filter(|line| !line.starts_with('-')).map(str::trim).collect::<String>();
    assert_eq!(proof.header["x5c"], json!([base64(&key("p256_certificate.pem")), base64(&other)]));
    assert!(proof.header["x5c"][0].as_str().is_some_and(|der| STANDARD.decode(der).is_ok()));
}

#[test]
fn a_thumbprint_a_chain_and_a_key_id_may_stand_together() {
    let proof = proof_of(
        with_key("p256_pkcs8.pem")
            .key_id("k")
            .assertion_x5t("00".repeat(20))
            .assertion_x5c(key_path("p256_certificate.pem")),
    );
    let mut names: Vec<_> = proof.header.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["alg", "kid", "typ", "x5c", "x5t"]);
}
