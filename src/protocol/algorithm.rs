//! The algorithms that sign assertions.

use ring::hmac;
use rustls::SignatureScheme;

/// How assertions are signed, by the names of RFC 7518 §3.1 and RFC 8037 §3.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AssertionAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// Ed25519.
    EdDsa,
    /// HMAC with SHA-256, with the client's secret.
    Hs256,
    /// HMAC with SHA-384, with the client's secret.
    Hs384,
    /// HMAC with SHA-512, with the client's secret.
    Hs512,
}

impl AssertionAlgorithm {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
        }
    }

    /// The algorithm of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        const ALL: [AssertionAlgorithm; 12] = [
            AssertionAlgorithm::Rs256,
            AssertionAlgorithm::Rs384,
            AssertionAlgorithm::Rs512,
            AssertionAlgorithm::Ps256,
            AssertionAlgorithm::Ps384,
            AssertionAlgorithm::Ps512,
            AssertionAlgorithm::Es256,
            AssertionAlgorithm::Es384,
            AssertionAlgorithm::EdDsa,
            AssertionAlgorithm::Hs256,
            AssertionAlgorithm::Hs384,
            AssertionAlgorithm::Hs512,
        ];
        ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// Whether it signs with the client's secret, and not with a key.
    pub(crate) fn is_for_secrets(self) -> bool {
        self.hmac().is_some()
    }

    pub(super) fn scheme(self) -> Option<SignatureScheme> {
        Some(match self {
            Self::Rs256 => SignatureScheme::RSA_PKCS1_SHA256,
            Self::Rs384 => SignatureScheme::RSA_PKCS1_SHA384,
            Self::Rs512 => SignatureScheme::RSA_PKCS1_SHA512,
            Self::Ps256 => SignatureScheme::RSA_PSS_SHA256,
            Self::Ps384 => SignatureScheme::RSA_PSS_SHA384,
            Self::Ps512 => SignatureScheme::RSA_PSS_SHA512,
            Self::Es256 => SignatureScheme::ECDSA_NISTP256_SHA256,
            Self::Es384 => SignatureScheme::ECDSA_NISTP384_SHA384,
            Self::EdDsa => SignatureScheme::ED25519,
            Self::Hs256 | Self::Hs384 | Self::Hs512 => return None,
        })
    }

    pub(super) fn hmac(self) -> Option<hmac::Algorithm> {
        match self {
            Self::Hs256 => Some(hmac::HMAC_SHA256),
            Self::Hs384 => Some(hmac::HMAC_SHA384),
            Self::Hs512 => Some(hmac::HMAC_SHA512),
            _ => None,
        }
    }
}
