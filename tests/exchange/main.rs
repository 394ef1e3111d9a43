//! What one exchange sends, and what it does with each answer; no network, no waiting.

#[path = "../support/mod.rs"]
mod support;

mod advice;
mod basic_encodings;
mod lifetimes;
mod one_time_grants;
mod parameters;
mod refresh_tokens;
mod retries;
mod secrets;

use support::offline::{Setup, config, granted, refused, setup};

fn grant_types(setup: &Setup) -> Vec<String> {
    setup.server.requests().iter().map(|request| request.form_value("grant_type").unwrap_or_default()).collect()
}
