//! What holds whatever comes in.

use std::fmt::Debug;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth_token::{Config, Error, Token};

pub const CLIENT_ID: &str = "test-client";
pub const SECRET: &str = "hunter2/<of the>&client";
const ESCAPED_SECRET: &str = "hunter2%2F%3Cof%20the%3E%26client";

/// No error is longer, what is said of its repetition included.
const LONGEST_MESSAGE: usize = 2200;

/// A client that asks with the secret.
pub fn config() -> Config {
    Config::new().client_id(CLIENT_ID).client_secret(SECRET)
}

/// The secret as it is, percent-encoded, and as Basic carries it.
pub fn hidden_forms() -> [String; 3] {
    [SECRET.to_owned(), ESCAPED_SECRET.to_owned(), STANDARD.encode(format!("{CLIENT_ID}:{SECRET}"))]
}

/// Whether the text holds the secret in any of its forms.
pub fn is_told(text: &str) -> bool {
    hidden_forms().iter().any(|form| text.contains(form.as_str()))
}

/// The texts of an error are lines of a sane length.
pub fn assert_is_sane(error: &Error) {
    let texts = [(Some(error.message()), LONGEST_MESSAGE), (error.code(), 65), (error.description(), 301)];
    for (text, longest) in texts {
        let text = text.unwrap_or_default();
        let is_unshowable = |character: char| character.is_control() || matches!(character, '\u{2028}' | '\u{202e}');
        assert!(!text.contains(is_unshowable), "not one line: {text:?}");
        let length = text.chars().count();
        assert!(length <= longest, "{length} characters: {text}");
    }
    assert!(!error.message().is_empty());
    assert_eq!(error.to_string(), error.message());
}

/// Nothing that is shown tells the secret.
pub fn assert_hides(shown: &impl Debug) {
    let shown = format!("{shown:?}");
    // As it is, and as `Debug` writes text.
    let quoted = format!("{SECRET:?}");
    assert!(!is_told(&shown) && !shown.contains(quoted.trim_matches('"')), "the secret is shown: {shown}");
}

/// A token fits into a header, lives, and not longer than it may.
pub fn assert_is_usable(token: &Token, longest: Duration) {
    let text = token.access_token();
    assert!(!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()), "{text:?}");
    assert_eq!(token.authorization(), format!("Bearer {text}"));
    assert!(!token.expires_in().is_zero() && token.expires_in() <= longest, "{:?}", token.expires_in());
    assert_eq!(format!("{token:?}"), format!("Token {{ expires_at: {}, .. }}", token.expires_at()));
}
