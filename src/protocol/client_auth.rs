//! How a client proves who it is (RFC 6749 §2.3).

use crate::secret::{Secret, SecretBuffer};

use super::encoding;

/// Client authentication methods, by their registered names (RFC 7591 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ClientAuth {
    /// `client_secret_basic`: id and secret in an `Authorization: Basic` header (RFC 6749 §2.3.1).
    #[default]
    ClientSecretBasic,
    /// `client_secret_post`: id and secret among the parameters of the body (RFC 6749 §2.3.1).
    ClientSecretPost,
    /// `tls_client_auth`: a client certificate that the server trusts; the id among the parameters (RFC 8705 §2.1).
    TlsClientAuth,
    /// `self_signed_tls_client_auth`: a client certificate that the server knows (RFC 8705 §2.2).
    SelfSignedTlsClientAuth,
    /// `client_secret_jwt`: an assertion signed with the secret (RFC 7523 §2.2, OpenID Connect Core §9).
    ClientSecretJwt,
    /// `private_key_jwt`: an assertion signed with a private key, or one read from a file (RFC 7523 §2.2).
    PrivateKeyJwt,
    /// `none`: nothing is sent but what `param.NAME` and `header.NAME` say.
    None,
}

impl ClientAuth {
    /// Whether the proof is a client certificate.
    pub(crate) fn is_mutual_tls(self) -> bool {
        matches!(self, Self::TlsClientAuth | Self::SelfSignedTlsClientAuth)
    }
}

/// How id and secret are written before Base64 in `client_secret_basic`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum BasicEncoding {
    /// `raw` first; where `minimal` differs and the server refuses, `minimal` once; what worked is kept.
    #[default]
    Auto,
    /// Nothing is escaped (RFC 7617).
    Raw,
    /// Only what a decoder would change is escaped: `%` and `+`, and `:` in the id.
    Minimal,
    /// Form encoding as RFC 6749 §2.3.1 has it, a space as `%20`.
    Form,
}

/// One way of writing id and secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BasicVariant {
    Raw,
    Minimal,
    Form,
}

/// The ways to try, in order; never empty, and no two give the same header.
pub(crate) fn basic_variants(encoding: BasicEncoding, client_id: &str, client_secret: &str) -> Vec<BasicVariant> {
    match encoding {
        BasicEncoding::Raw => vec![BasicVariant::Raw],
        BasicEncoding::Minimal => vec![BasicVariant::Minimal],
        BasicEncoding::Form => vec![BasicVariant::Form],
        BasicEncoding::Auto if client_id.contains(['%', '+', ':']) || client_secret.contains(['%', '+']) => {
            vec![BasicVariant::Raw, BasicVariant::Minimal]
        }
        BasicEncoding::Auto => vec![BasicVariant::Raw],
    }
}

impl BasicVariant {
    pub(crate) const ALL: [Self; 3] = [Self::Raw, Self::Minimal, Self::Form];

    /// The value of the `Authorization` header.
    pub(crate) fn authorization(self, client_id: &str, client_secret: &str) -> Secret {
        let mut credentials = SecretBuffer::default();
        credentials.push_str(self.escape(client_id, true).expose());
        credentials.push(b":");
        credentials.push_str(self.escape(client_secret, false).expose());
        let mut value = SecretBuffer::default();
        value.push_str("Basic ");
        value.push_str(encoding::base64(credentials.as_bytes()).expose());
        value.into_secret().unwrap_or_default()
    }

    /// The name of the encoding as `basic_encoding` spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Minimal => "minimal",
            Self::Form => "form",
        }
    }

    fn escape(self, text: &str, is_client_id: bool) -> Secret {
        match self {
            Self::Raw => Secret::new(text),
            Self::Minimal => {
                encoding::escaped(text, |byte| matches!(byte, b'%' | b'+') || (is_client_id && byte == b':'))
            }
            Self::Form => encoding::escaped(text, |byte| !encoding::is_unreserved(byte)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(variant: BasicVariant, id: &str, secret: &str) -> String {
        use base64::Engine;
        let header = variant.authorization(id, secret);
        let encoded = header.expose().strip_prefix("Basic ").unwrap();
        String::from_utf8(base64::engine::general_purpose::STANDARD.decode(encoded).unwrap()).unwrap()
    }

    #[test]
    fn the_example_of_rfc_7617_is_written_alike() {
        assert_eq!(
            BasicVariant::Raw.authorization("Aladdin", "open sesame").expose(),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
    }

    #[test]
    fn each_encoding_escapes_what_its_name_promises() {
        let (id, secret) = ("my:id +ü", "a%b+c:d &ü");
        assert_eq!(written(BasicVariant::Raw, id, secret), "my:id +ü:a%b+c:d &ü");
        assert_eq!(written(BasicVariant::Minimal, id, secret), "my%3Aid %2Bü:a%25b%2Bc:d &ü");
        assert_eq!(written(BasicVariant::Form, id, secret), "my%3Aid%20%2B%C3%BC:a%25b%2Bc%3Ad%20%26%C3%BC");
    }

    #[test]
    fn two_ways_are_tried_only_where_they_differ() {
        use BasicVariant::{Form, Minimal, Raw};
        assert_eq!(basic_variants(BasicEncoding::Auto, "id", "plain secret & more"), [Raw]);
        for (id, secret) in [("id", "a+b"), ("id", "a%b"), ("a:b", "secret"), ("a+b", "secret")] {
            assert_eq!(basic_variants(BasicEncoding::Auto, id, secret), [Raw, Minimal]);
        }
        assert_eq!(basic_variants(BasicEncoding::Auto, "id", "a:b"), [Raw]);
        assert_eq!(basic_variants(BasicEncoding::Form, "id", "a+b"), [Form]);
    }
}
