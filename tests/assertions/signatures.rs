//! Every algorithm with every kind of key, verified by somebody else.

use oauth_token::ClientAuth;

use crate::{config, granted, key, proof_in, proof_of, setup, with_key};

const ALL: [(&str, &[&str], &[&str]); 4] = [
    ("rsa", &["pkcs8", "pkcs1"], &["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]),
    ("p256", &["pkcs8", "sec1"], &["ES256"]),
    ("p384", &["pkcs8", "sec1"], &["ES384"]),
    ("ed25519", &["pkcs8"], &["EdDSA"]),
];

#[test]
fn each_algorithm_signs_with_each_form_of_its_keys() {
    for (name, forms, algorithms) in ALL {
        for form in forms {
            for algorithm in algorithms {
                let proof = proof_of(with_key(&format!("{name}_{form}.pem")).assertion_alg(*algorithm));
                assert_eq!(proof.header["alg"], *algorithm);
                assert!(proof.is_signed_by(name), "{algorithm} with {form}");
            }
        }
    }
}

#[test]
fn without_a_choice_the_key_decides_the_algorithm() {
    for ((name, forms, _), algorithm) in ALL.into_iter().zip(["RS256", "ES256", "ES384", "EdDSA"]) {
        for form in forms {
            let proof = proof_of(with_key(&format!("{name}_{form}.pem")));
            assert_eq!(proof.header["alg"], algorithm);
            assert!(proof.is_signed_by(name), "{algorithm} with {form}");
        }
    }
}

#[test]
fn a_key_may_be_given_as_text() {
    for (name, _, _) in ALL {
        let proof = proof_of(config().private_key_pem(key(&format!("{name}_pkcs8.pem"))));
        assert!(proof.is_signed_by(name), "{name}");
    }
}

#[test]
fn a_key_is_found_between_certificates_remarks_and_windows_line_ends() {
    let pem = format!("Bag Attributes\n  friendlyName: x\n{}{}", key("p256_certificate.pem"), key("p256_pkcs8.pem"));
    for pem in [pem.replace('\n', "\r\n"), pem] {
        assert!(proof_of(config().private_key_pem(pem)).is_signed_by("p256"));
    }
}

/// Numbers with leading zeros are shorter in DER, and those with the high bit set are longer.
#[test]
fn every_ecdsa_signature_has_full_width_and_verifies() {
    for (name, width) in [("p256", 64), ("p384", 96)] {
        let setup = setup(with_key(&format!("{name}_pkcs8.pem")), granted);
        let count = 1500;
        for _ in 0..count {
            setup.client.token().unwrap();
            setup.client.reset();
        }
        let requests = setup.server.requests();
        assert_eq!(requests.len(), count);
        let mut short = 0;
        for request in &requests {
            let proof = proof_in(request);
            assert_eq!(proof.signature.len(), width);
            assert!(proof.is_signed_by(name));
            short += usize::from(proof.signature[0] == 0 || proof.signature[width / 2] == 0);
        }
        assert!(short > 0, "one in 128 should have a leading zero");
    }
}

#[test]
fn the_client_s_secret_signs_with_each_hmac() {
    for algorithm in [None, Some("HS256"), Some("HS384"), Some("HS512")] {
        let mut config = config().client_auth(ClientAuth::ClientSecretJwt).client_secret("s3cret-s3cret");
        if let Some(algorithm) = algorithm {
            config = config.assertion_alg(algorithm);
        }
        let proof = proof_of(config);
        assert_eq!(proof.header["alg"], algorithm.unwrap_or("HS256"));
        assert!(proof.is_signed_with("s3cret-s3cret"));
        assert!(!proof.is_signed_with("another"));
    }
}

#[test]
fn a_new_secret_signs_from_then_on() {
    let config = config().client_auth(ClientAuth::ClientSecretJwt).client_secret("first");
    let setup = setup(config, granted);
    setup.client.token().unwrap();
    setup.client.set_secret("second").unwrap();
    setup.client.reset();
    setup.client.token().unwrap();
    let requests = setup.server.requests();
    assert!(proof_in(&requests[0]).is_signed_with("first"));
    assert!(proof_in(&requests[1]).is_signed_with("second"));
}
