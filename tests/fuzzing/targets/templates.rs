//! Values with placeholders, and the requests that they make.

use std::time::Duration;

use oauth_token::Config;

use super::echo;
use super::form::decode_pairs;
use super::promises::{assert_hides, assert_is_sane, config};
use super::script::Script;

/// Takes the input for options among which are `param.NAME` and `header.NAME`, and for a text without placeholders.
pub fn templates(input: &[u8]) {
    let script = Script::read(input);
    let mut config = base();
    if let Err(error) = script.set(&mut config) {
        assert_is_sane(&error);
    }
    let errors = echo::errors(&config.timeout(Duration::from_secs(5)));
    errors.iter().for_each(assert_is_sane);
    if !script.tells_secret() {
        errors.iter().for_each(assert_hides);
    }
    check_literal(&String::from_utf8_lossy(input).replace('\0', ""));
}

/// Where every brace is doubled, a text arrives as it is.
fn check_literal(text: &str) {
    let sent = echo::sent(&base().param("literal", text.replace('{', "{{")));
    assert!(!sent.is_empty(), "{text:?} is refused");
    for sent in sent {
        let pairs = decode_pairs(&sent.body);
        assert!(pairs.iter().any(|(name, value)| name == "literal" && value == text), "{text:?} arrived as {pairs:?}");
    }
}

fn base() -> Config {
    config().token_url("https://login.example.com/token")
}
