//! The encodings that OAuth requests use.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::secret::{Secret, SecretBuffer};

/// Appends `text` as `application/x-www-form-urlencoded`, every byte but letters, digits and `-._~` escaped.
///
/// A space becomes `%20`, not `+`: a decoder for forms reads both, and many that are not read only the first.
pub(crate) fn push_form_encoded(output: &mut SecretBuffer, text: &str) {
    push_escaped(output, text, |byte| !is_unreserved(byte));
}

/// The text with those bytes escaped that `is_reserved` names.
pub(crate) fn escaped(text: &str, is_reserved: impl Fn(u8) -> bool) -> Secret {
    let mut output = SecretBuffer::with_capacity(text.len());
    push_escaped(&mut output, text, is_reserved);
    output.into_secret().unwrap_or_default()
}

/// A value of a form or a query as it was before it was encoded; `None` where that is no text.
pub(crate) fn form_decoded(value: &str) -> Option<Secret> {
    let mut output = SecretBuffer::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, behind @ ..] = rest {
        let escaped = match (first, behind) {
            (b'%', [high, low, ..]) => from_hex_digit(*high).zip(from_hex_digit(*low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => output.push(&[high << 4 | low]),
            None => output.push(&[if *first == b'+' { b' ' } else { *first }]),
        }
        rest = behind.get(if escaped.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    output.into_secret()
}

/// Letters, digits and `-._~` (RFC 3986 §2.3).
pub(crate) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Whether a decoder can read the text: every `%` begins an escape, and together they are UTF-8.
pub(crate) fn is_decodable(text: &str) -> bool {
    let mut decoded = SecretBuffer::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            decoded.push(&[*first]);
            continue;
        }
        let [high, low, after @ ..] = tail else {
            return false;
        };
        let (Some(high), Some(low)) = (from_hex_digit(*high), from_hex_digit(*low)) else {
            return false;
        };
        decoded.push(&[high << 4 | low]);
        rest = after;
    }
    std::str::from_utf8(decoded.as_bytes()).is_ok()
}

/// Base64 with padding (RFC 4648 §4).
pub(crate) fn base64(bytes: &[u8]) -> Secret {
    Secret::from(STANDARD.encode(bytes))
}

/// Appends a `name=value` pair, with `&` before it unless it is the first.
pub(crate) fn push_form_pair(output: &mut SecretBuffer, name: &str, value: &str) {
    if !output.is_empty() {
        output.push(b"&");
    }
    push_form_encoded(output, name);
    output.push(b"=");
    push_form_encoded(output, value);
}

fn push_escaped(output: &mut SecretBuffer, text: &str, is_reserved: impl Fn(u8) -> bool) {
    for &byte in text.as_bytes() {
        if is_reserved(byte) {
            output.push(&[b'%', hex_digit(byte >> 4), hex_digit(byte & 0xF)]);
        } else {
            output.push(&[byte]);
        }
    }
}

fn hex_digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'A' + value - 10 }
}

fn from_hex_digit(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form_encoded(text: &str) -> String {
        let mut output = SecretBuffer::default();
        push_form_encoded(&mut output, text);
        output.into_secret().unwrap().expose().to_owned()
    }

    #[test]
    fn every_byte_that_means_something_in_a_form_is_escaped() {
        assert_eq!(form_encoded("a b+c%d&e=f"), "a%20b%2Bc%25d%26e%3Df");
        assert_eq!(form_encoded("ü☂\n"), "%C3%BC%E2%98%82%0A");
        assert_eq!(form_encoded("AZaz09-._~"), "AZaz09-._~");
    }

    #[test]
    fn what_was_encoded_is_decoded_and_what_was_not_is_left() {
        for (encoded, text) in
            [("a%20b%2Bc%25d", "a b+c%d"), ("%c3%bc+x", "ü x"), ("100%", "100%"), ("%zz%2", "%zz%2"), ("", "")]
        {
            assert_eq!(form_decoded(encoded).unwrap().expose(), text);
        }
        assert_eq!(form_decoded("%ff"), None);
    }

    #[test]
    fn what_no_decoder_can_read_is_known() {
        for text in ["", "plain +&ü", "%41", "%C3%bc%2B"] {
            assert!(is_decodable(text), "{text}");
        }
        for text in ["100%", "%4", "%4G", "%%41", "%C3", "%FFx"] {
            assert!(!is_decodable(text), "{text}");
        }
    }

    #[test]
    fn pairs_are_joined_by_ampersands() {
        let mut output = SecretBuffer::default();
        push_form_pair(&mut output, "grant_type", "client_credentials");
        push_form_pair(&mut output, "scope", "a b");
        assert_eq!(output.as_bytes(), b"grant_type=client_credentials&scope=a%20b");
    }
}
