//! Reads and verifies assertions, independently of the code under test.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use serde_json::Value;

/// A compact JWS (RFC 7515 §7.1), taken apart.
pub(crate) struct Jwt {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    signed: String,
    pub(crate) signature: Vec<u8>,
}

impl Jwt {
    #[track_caller]
    pub(crate) fn read(compact: &str) -> Self {
        let parts: Vec<&str> = compact.split('.').collect();
        let [header, claims, signature] = parts[..] else { panic!("there must be three parts: {compact}") };
        Self {
            header: document(header),
            claims: document(claims),
            signed: format!("{header}.{claims}"),
            signature: URL_SAFE_NO_PAD.decode(signature).expect("the signature is base64url without padding"),
        }
    }

    /// The names of the claims, in order.
    pub(crate) fn claim_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.claims.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// Whether the header's algorithm verifies the signature with the key in `keys/NAME_public.pem`.
    #[track_caller]
    pub(crate) fn is_signed_by(&self, name: &str) -> bool {
        let (algorithm, key_length) = verifier(self.header["alg"].as_str().unwrap());
        let public = super::key(&format!("{name}_public.pem"));
        let base64: String = public.lines().filter(|line| !line.starts_with('-')).collect();
        let der = STANDARD.decode(base64).expect("the key is PEM");
        // What ring wants is the end of a SubjectPublicKeyInfo.
        let key = &der[der.len() - key_length..];
        UnparsedPublicKey::new(algorithm, key).verify(self.signed.as_bytes(), &self.signature).is_ok()
    }

    /// Whether the header's algorithm verifies the signature with this secret.
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        let algorithm = match self.header["alg"].as_str() {
            Some("HS256") => ring::hmac::HMAC_SHA256,
            Some("HS384") => ring::hmac::HMAC_SHA384,
            Some("HS512") => ring::hmac::HMAC_SHA512,
            other => panic!("{other:?} is not for secrets"),
        };
        let key = ring::hmac::Key::new(algorithm, secret.as_bytes());
        ring::hmac::verify(&key, self.signed.as_bytes(), &self.signature).is_ok()
    }
}

fn document(part: &str) -> Value {
    let json = URL_SAFE_NO_PAD.decode(part).expect("the part is base64url without padding");
    serde_json::from_slice(&json).expect("the part is JSON")
}

/// What verifies an algorithm, and how long its public keys are here (RSA: 2048 bits).
fn verifier(algorithm: &str) -> (&'static dyn VerificationAlgorithm, usize) {
    match algorithm {
        "RS256" => (&signature::RSA_PKCS1_2048_8192_SHA256, 270),
        "RS384" => (&signature::RSA_PKCS1_2048_8192_SHA384, 270),
        "RS512" => (&signature::RSA_PKCS1_2048_8192_SHA512, 270),
        "PS256" => (&signature::RSA_PSS_2048_8192_SHA256, 270),
        "PS384" => (&signature::RSA_PSS_2048_8192_SHA384, 270),
        "PS512" => (&signature::RSA_PSS_2048_8192_SHA512, 270),
        "ES256" => (&signature::ECDSA_P256_SHA256_FIXED, 65),
        "ES384" => (&signature::ECDSA_P384_SHA384_FIXED, 97),
        "EdDSA" => (&signature::ED25519, 32),
        other => panic!("{other} is not for keys"),
    }
}
