//! Signed assertions: a client's proof of who it is, or a grant (RFC 7523).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::hmac;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::SigningKey;

use crate::private_key::{PrivateKeyError, signing_key};
use crate::secret::{Secret, SecretBuffer};

use super::algorithm::AssertionAlgorithm;
use super::json::Json;

/// What signs.
#[derive(Clone)]
pub(crate) struct AssertionKey {
    algorithm: AssertionAlgorithm,
    /// `None` is the client's secret.
    private: Option<Arc<dyn SigningKey>>,
}

impl AssertionKey {
    /// A private key in PEM: PKCS#8, PKCS#1 or SEC1, not encrypted. The error says what is wrong with it.
    pub(crate) fn from_pem(pem: &[u8], algorithm: Option<AssertionAlgorithm>) -> Result<Self, String> {
        const DEFAULTS: [AssertionAlgorithm; 4] = [
            AssertionAlgorithm::Rs256,
            AssertionAlgorithm::Es256,
            AssertionAlgorithm::Es384,
            AssertionAlgorithm::EdDsa,
        ];
        let private = signing_key(pem).map_err(|error| error.to_string())?;
        let fits = |algorithm: &AssertionAlgorithm| {
            algorithm.scheme().is_some_and(|scheme| private.choose_scheme(&[scheme]).is_some())
        };
        let algorithm = match algorithm {
            Some(wanted) if fits(&wanted) => wanted,
            Some(wanted) => return Err(format!("holds a private key that cannot sign with {}", wanted.name())),
            None => DEFAULTS.into_iter().find(fits).ok_or_else(|| PrivateKeyError::Unusable.to_string())?,
        };
        Ok(Self { algorithm, private: Some(private) })
    }

    /// The client's secret as a key for HMAC.
    pub(crate) fn client_secret(algorithm: Option<AssertionAlgorithm>) -> Result<Self, String> {
        let algorithm = algorithm.unwrap_or(AssertionAlgorithm::Hs256);
        if !algorithm.is_for_secrets() {
            return Err(format!("{} does not sign with a secret; use HS256, HS384 or HS512", algorithm.name()));
        }
        Ok(Self { algorithm, private: None })
    }

    fn sign(&self, message: &[u8], client_secret: &str) -> Result<Vec<u8>, String> {
        if let Some(algorithm) = self.algorithm.hmac() {
            let key = hmac::Key::new(algorithm, client_secret.as_bytes());
            return Ok(hmac::sign(&key, message).as_ref().to_vec());
        }
        let signer = self
            .algorithm
            .scheme()
            .zip(self.private.as_ref())
            .and_then(|(scheme, key)| key.choose_scheme(&[scheme]))
            .ok_or("the key cannot sign with this algorithm")?;
        let signature = signer.sign(message).map_err(|error| error.to_string())?;
        match self.algorithm {
            AssertionAlgorithm::Es256 => fixed_width(&signature, 32),
            AssertionAlgorithm::Es384 => fixed_width(&signature, 48),
            _ => Some(signature),
        }
        .ok_or_else(|| "the signature has an odd form".into())
    }
}

impl fmt::Debug for AssertionKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AssertionKey({})", self.algorithm.name())
    }
}

/// What an assertion says.
#[derive(Debug, Clone)]
pub(crate) struct AssertionRules {
    pub(crate) key: AssertionKey,
    /// The option that names the key; `None` where that is the client's secret.
    pub(crate) key_option: Option<&'static str>,
    pub(crate) key_id: Option<String>,
    pub(crate) thumbprint: Option<Thumbprint>,
    /// Certificates in DER, the key's own first.
    pub(crate) chain: Vec<Vec<u8>>,
    pub(crate) issuer: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) lifetime: Duration,
    pub(crate) claims: Vec<(String, Json)>,
}

/// What differs from one assertion to the next.
pub(crate) struct Occasion<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) client_secret: &'a str,
    pub(crate) token_url: String,
    /// Fresh for every attempt: servers refuse one they have seen.
    pub(crate) id: String,
    /// Unix seconds.
    pub(crate) now: u64,
}

impl AssertionRules {
    /// A signed assertion in compact form (RFC 7515 §7.1).
    pub(crate) fn sign(&self, occasion: &Occasion<'_>) -> Result<Secret, String> {
        let mut signed = SecretBuffer::default();
        signed.push_str(&encoded(&self.header()));
        signed.push(b".");
        signed.push_str(&encoded(&self.payload(occasion)));
        let signature = self.key.sign(signed.as_bytes(), occasion.client_secret)?;
        signed.push(b".");
        signed.push_str(&URL_SAFE_NO_PAD.encode(signature));
        signed.into_secret().ok_or_else(|| "the assertion is not text".into())
    }

    /// The options that decide whether a server believes it, for messages; `secret` is how the client's secret is called.
    pub(crate) fn options(&self, secret: &str) -> String {
        let mut options = vec![self.key_option.map_or_else(|| secret.to_owned(), |option| format!("`{option}`"))];
        let mut add = |name: &str, is_worth_it: bool| options.extend(is_worth_it.then(|| format!("`{name}`")));
        // Even where they are not set: then that may be what is wrong.
        add("key_id", self.key_option.is_some());
        add("assertion_issuer", self.issuer.is_some());
        add("assertion_subject", self.subject.is_some());
        add("assertion_audience", true);
        add("assertion_claim.NAME", !self.claims.is_empty());
        options.join(", ")
    }

    /// By whom, about whom, for whom and with which key it is, for messages.
    pub(crate) fn told(&self, client_id: &str, token_url: &str) -> Vec<(String, String)> {
        const TOLD: [&str; 5] = ["alg", "kid", "iss", "sub", "aud"];
        let token_url = token_url.to_owned();
        let occasion = Occasion { client_id, client_secret: "", token_url, id: String::new(), now: 0 };
        let members = [self.header(), self.payload(&occasion)].into_iter().flat_map(|part| match part {
            Json::Object(members) => members,
            _ => Vec::new(),
        });
        let told = members.filter(|(name, _)| TOLD.contains(&name.as_str()));
        told.map(|(name, value)| (name, value.to_secret().expose().to_owned())).collect()
    }

    fn header(&self) -> Json {
        let mut members = vec![text("alg", self.key.algorithm.name()), text("typ", "JWT")];
        if let Some(key_id) = &self.key_id {
            members.push(text("kid", key_id));
        }
        if let Some(thumbprint) = &self.thumbprint {
            members.push(text(thumbprint.member, &thumbprint.encoded));
        }
        if !self.chain.is_empty() {
            let chain = self.chain.iter().map(|der| Json::Text(Secret::from(STANDARD.encode(der)))).collect();
            members.push(("x5c".to_owned(), Json::Array(chain)));
        }
        Json::Object(members)
    }

    fn payload(&self, occasion: &Occasion<'_>) -> Json {
        let mut members = vec![
            text("iss", self.issuer.as_deref().unwrap_or(occasion.client_id)),
            text("sub", self.subject.as_deref().unwrap_or(occasion.client_id)),
            text("aud", self.audience.as_deref().unwrap_or(&occasion.token_url)),
            ("iat".to_owned(), Json::Unsigned(occasion.now)),
            ("exp".to_owned(), Json::Unsigned(occasion.now.saturating_add(self.lifetime.as_secs()))),
            text("jti", &occasion.id),
        ];
        // Without a client there may be no subject; and what was set to nothing is not wanted.
        members.retain(|(_, value)| !is_empty(value));
        for (name, value) in &self.claims {
            members.retain(|(known, _)| known != name);
            // An empty claim is one that the provider does not want.
            if !is_empty(value) {
                members.push((name.clone(), value.clone()));
            }
        }
        Json::Object(members)
    }
}

/// The thumbprint of the key's certificate (RFC 7515 §4.1.7, §4.1.8).
#[derive(Debug, Clone)]
pub(crate) struct Thumbprint {
    member: &'static str,
    encoded: String,
}

impl Thumbprint {
    /// Reads hexadecimal digits, with colons or without, or base64; the length tells SHA-1 from SHA-256.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let digits = text.replace([':', ' '], "");
        let bytes = match digits.len() {
            40 | 64 if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => from_hex(&digits),
            _ => URL_SAFE_NO_PAD.decode(text.trim_end_matches('=').replace('+', "-").replace('/', "_")).ok(),
        };
        let member = match bytes.as_ref().map(Vec::len) {
            Some(20) => "x5t",
            Some(32) => "x5t#S256",
            _ => return Err("it is not a SHA-1 or SHA-256 thumbprint in hexadecimal or base64".into()),
        };
        Ok(Self { member, encoded: URL_SAFE_NO_PAD.encode(bytes.unwrap_or_default()) })
    }
}

/// The certificates of a chain, for `x5c`.
pub(crate) fn chain_from_pem(pem: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).map(|der| der.map(|der| der.to_vec())).collect();
    match chain {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        _ => Err("holds no certificate in PEM (`-----BEGIN CERTIFICATE-----`)".into()),
    }
}

fn text(name: &str, value: &str) -> (String, Json) {
    (name.to_owned(), Json::Text(Secret::new(value)))
}

fn is_empty(value: &Json) -> bool {
    value.text().is_some_and(Secret::is_empty)
}

fn encoded(value: &Json) -> String {
    URL_SAFE_NO_PAD.encode(value.to_document().expose())
}

fn from_hex(digits: &str) -> Option<Vec<u8>> {
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()).collect()
}

/// An ECDSA signature as JWS has it, both numbers in full width one after the other (RFC 7518 §3.4), from ASN.1.
fn fixed_width(der: &[u8], width: usize) -> Option<Vec<u8>> {
    let [0x30, _, rest @ ..] = der else {
        return None;
    };
    let (first, rest) = integer(rest, width)?;
    let (second, rest) = integer(rest, width)?;
    rest.is_empty().then(|| [first, second].concat())
}

fn integer(der: &[u8], width: usize) -> Option<(Vec<u8>, &[u8])> {
    let [0x02, length, rest @ ..] = der else {
        return None;
    };
    let (digits, rest) = rest.split_at_checked(usize::from(*length))?;
    let digits = digits.strip_prefix(&[0]).unwrap_or(digits);
    let padding = width.checked_sub(digits.len())?;
    Some(([vec![0; padding], digits.to_vec()].concat(), rest))
}
