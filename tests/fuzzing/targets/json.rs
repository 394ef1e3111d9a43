//! Options from a JSON object, and the request that follows from them.

use std::time::Duration;

use oauth_token::Config;
use serde_json::Value;

use super::echo;
use super::promises::{SECRET, assert_hides, assert_is_sane};

/// Takes the input for a JSON object of options, with the secret for `{secret}`, and asks with it.
pub fn json(input: &[u8]) {
    let secret = Value::from(SECRET).to_string();
    let text = String::from_utf8_lossy(input).replace("{secret}", secret.trim_matches('"'));
    let document = serde_json::from_str::<Value>(&text).ok();
    let mut config = Config::new();
    let outcome = config.set_json(&text);
    if let Err(error) = &outcome {
        assert_is_sane(error);
    }
    // A server that repeats the secret knows it from what may hold one.
    if document.is_none_or(|document| is_secret_in_its_place(&document)) {
        assert_hides(&outcome);
        assert_hides(&config);
        let errors = echo::errors(&config.timeout(Duration::from_secs(5)));
        errors.iter().for_each(assert_is_sane);
        errors.iter().for_each(assert_hides);
    }
}

/// Whether the secret stands nowhere but in options that are for one.
fn is_secret_in_its_place(document: &Value) -> bool {
    const FOR_SECRETS: [&str; 5] =
        ["client_secret", "client_secret_alternate", "private_key_pem", "tls_key_pem", "ca_pem"];
    let Value::Object(members) = document else {
        return !holds_secret(document);
    };
    let in_place = |name: &str| FOR_SECRETS.contains(&name) || name == "param.password" || name == "header.X-Key";
    members.iter().all(|(name, value)| !name.contains(SECRET) && (in_place(name) || !holds_secret(value)))
}

fn holds_secret(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(SECRET),
        Value::Array(elements) => elements.iter().any(holds_secret),
        Value::Object(members) => members.iter().any(|(name, value)| name.contains(SECRET) || holds_secret(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
