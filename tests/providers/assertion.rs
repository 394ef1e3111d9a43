//! Reads assertions as a provider does: by the public key, the secret, and the clock (RFC 7523 §3).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, KeyPair, UnparsedPublicKey, VerificationAlgorithm};
use ring::{hmac, rand, rsa};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};

use crate::computed::SECRET;
use crate::provider::{DIRECTORY, Provider};

/// What is wrong with an assertion that was sent to `url`.
pub(crate) fn check(provider: &Provider, token: &str, url: &str) -> Result<(), String> {
    let wanted = provider.fact("jwt").expect("an assertion is described");
    let parts: Vec<_> = token.split('.').collect();
    let [header, claims, signature] = parts[..] else {
        return Err("the assertion has not three parts".into());
    };
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|error| error.to_string())?;
    let algorithm = wanted["alg"].as_str().expect("the algorithm is named");
    let signed = format!("{header}.{claims}");
    if !is_signed(algorithm, signed.as_bytes(), &signature) {
        return Err(format!("the assertion is not signed with {algorithm}"));
    }
    let mut wanted_header = wanted["header"].clone();
    wanted_header["alg"] = json!(algorithm);
    wanted_header["typ"] = json!("JWT");
    let header = decode(header)?;
    if header != wanted_header {
        return Err(format!("the assertion's header is {header}, not {wanted_header}"));
    }
    check_claims(provider, decode(claims)?, wanted, url)
}

fn check_claims(provider: &Provider, mut claims: Value, wanted: &Value, url: &str) -> Result<(), String> {
    let moment = provider.fact("at").and_then(Value::as_u64).unwrap_or(1_700_000_000);
    let life = wanted["life"].as_u64().expect("the life is a number");
    let mut take = |name: &str| claims.as_object_mut().and_then(|claims| claims.remove(name)).unwrap_or_default();
    if (take("iat"), take("exp")) != (json!(moment), json!(moment + life)) {
        return Err(format!("the assertion does not live from {moment} for {life} s"));
    }
    if take("jti").as_str().is_none_or(|id| id.len() < 16) {
        return Err("the assertion has no `jti` that could be unique".into());
    }
    let mut wanted = wanted["claims"].clone();
    // Meant for the token URL, wherever that is.
    if wanted["aud"] == provider.text("url") {
        wanted["aud"] = json!(url);
    }
    if claims == wanted { Ok(()) } else { Err(format!("the assertion says {claims}, not {wanted}")) }
}

fn decode(part: &str) -> Result<Value, String> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|error| error.to_string())?;
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

fn is_signed(algorithm: &str, message: &[u8], signature: &[u8]) -> bool {
    let by_rsa = |algorithm: &'static dyn VerificationAlgorithm| {
        let key = rsa::KeyPair::from_pkcs8(&key("test-rsa.pem")).expect("it is an RSA key");
        UnparsedPublicKey::new(algorithm, key.public().as_ref()).verify(message, signature).is_ok()
    };
    match algorithm {
        "RS256" => by_rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
        "RS384" => by_rsa(&signature::RSA_PKCS1_2048_8192_SHA384),
        "RS512" => by_rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
        "PS256" => by_rsa(&signature::RSA_PSS_2048_8192_SHA256),
        "ES256" => {
            let kind = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
            let pair = signature::EcdsaKeyPair::from_pkcs8(kind, &key("test-p256.pem"), &rand::SystemRandom::new());
            let public = *pair.expect("it is a P-256 key").public_key();
            UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, public).verify(message, signature).is_ok()
        }
        "HS256" => {
            let secret = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
            hmac::verify(&secret, message, signature).is_ok()
        }
        other => panic!("{other} is used by no provider here"),
    }
}

fn key(file: &str) -> Vec<u8> {
    let key = PrivatePkcs8KeyDer::from_pem_file(format!("{DIRECTORY}/keys/{file}"));
    key.expect("the test key can be read").secret_pkcs8_der().to_vec()
}
