//! Private keys in PEM (RFC 7468), read so that no copy stays behind in memory.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};
use rustls::sign::SigningKey;
use zeroize::Zeroizing;

/// A private key that can sign.
///
/// PEM is taken apart here, because the reader that comes with rustls leaves the key's base64 in memory that it frees.
pub(crate) fn signing_key(pem: &[u8]) -> Result<Arc<dyn SigningKey>, PrivateKeyError> {
    let (form, der) = der_from_pem(pem).ok_or(PrivateKeyError::Unreadable)?;
    let key = match form {
        Form::Pkcs8 => PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(der.as_slice())),
        Form::Pkcs1 => PrivateKeyDer::Pkcs1(PrivatePkcs1KeyDer::from(der.as_slice())),
        Form::Sec1 => PrivateKeyDer::Sec1(PrivateSec1KeyDer::from(der.as_slice())),
    };
    rustls::crypto::ring::sign::any_supported_type(&key).map_err(|_| PrivateKeyError::Unusable)
}

/// Why there is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PrivateKeyError {
    #[error("holds no private key in PEM that can be read (PKCS#8, PKCS#1 or SEC1, not encrypted)")]
    Unreadable,
    #[error("holds a private key of a kind that cannot be used")]
    Unusable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Pkcs8,
    Pkcs1,
    Sec1,
}

/// The first private key of a text, whatever stands before and behind it.
fn der_from_pem(pem: &[u8]) -> Option<(Form, Zeroizing<Vec<u8>>)> {
    let mut lines = pem.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii);
    let form = lines.find_map(|line| match line {
        b"-----BEGIN PRIVATE KEY-----" => Some(Form::Pkcs8),
        b"-----BEGIN RSA PRIVATE KEY-----" => Some(Form::Pkcs1),
        b"-----BEGIN EC PRIVATE KEY-----" => Some(Form::Sec1),
        _ => None,
    })?;
    // As large as it can become: a buffer that grows leaves its content behind.
    let mut encoded = Zeroizing::new(Vec::with_capacity(pem.len()));
    loop {
        match lines.next()? {
            line if line.starts_with(b"-----END ") => break,
            line => encoded.extend_from_slice(line),
        }
    }
    let mut der = Zeroizing::new(vec![0; base64::decoded_len_estimate(encoded.len())]);
    let length = STANDARD.decode_slice(encoded.as_slice(), der.as_mut_slice()).ok()?;
    der.truncate(length);
    Some((form, der))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_key_is_found_among_other_things_and_in_any_line_ends() {
        let text = "remark\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n\
                    -----BEGIN EC PRIVATE KEY-----\nAQID\nBA==\n-----END EC PRIVATE KEY-----\n\
                    -----BEGIN PRIVATE KEY-----\nBBBB\n-----END PRIVATE KEY-----\n";
        for text in [text.to_owned(), text.replace('\n', "\r\n"), text.replace('\n', "\r"), text.replace('\n', " \n ")]
        {
            let (form, der) = der_from_pem(text.as_bytes()).unwrap();
            assert_eq!((form, der.as_slice()), (Form::Sec1, &[1, 2, 3, 4][..]), "{text:?}");
        }
    }

    #[test]
    fn what_breaks_off_or_is_damaged_is_no_key() {
        for text in [
            "",
            "-----BEGIN PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\nAQID\n",
            "-----BEGIN PRIVATE KEY-----\nAQ!D\n-----END PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAQID\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAQID\n-----END ENCRYPTED PRIVATE KEY-----",
        ] {
            assert!(der_from_pem(text.as_bytes()).is_none(), "{text:?}");
        }
    }
}
