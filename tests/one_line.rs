//! Whoever wrote a part of it, an error is one line of a sane length.

mod support;

use std::sync::{Arc, Mutex};

use oauth_token::transport::{Response, TransportError, TransportErrorKind};
use oauth_token::{Client, ClientAuth, Config, Error};

use support::{FakeTransport, Outcome, TestClock};

/// A line end, an escape, a mark that turns text round, and too much of it.
const UNSHOWABLE: &str = "a\r\nb\u{1b}[31mc\u{202e}d";

fn config() -> Config {
    Config::new().token_url("https://login.example.com/token").client_id("me").client_secret("s3cret")
}

fn error_of(config: Config, answer: impl Fn() -> Outcome + Send + Sync + 'static) -> Error {
    let server = FakeTransport::new(move |_| answer());
    let client = Client::builder(config.max_retries(0)).transport(Arc::new(server)).clock(TestClock::new());
    client.build().and_then(|client| client.token()).expect_err("there must be no token")
}

#[track_caller]
fn assert_is_shown_as_one_line(error: &Error) {
    for text in [error.message(), &error.to_string()] {
        assert!(!text.contains(char::is_control) && !text.contains('\u{202e}'), "{text:?}");
        assert!(text.contains("a b [31mc d"), "what was written is not shown: {text:?}");
    }
}

fn empty() -> Outcome {
    Ok(Response::new(200, "{}"))
}

#[test]
fn a_name_or_a_path_of_the_configuration_is_shown_as_one_line() {
    for (name, value) in [(format!("param.{UNSHOWABLE}"), "{"), (format!("header.{UNSHOWABLE}"), "")] {
        assert_is_shown_as_one_line(&config().set(&name, value).unwrap_err());
    }
    let json = serde_json::json!({"param": {UNSHOWABLE: "{"}}).to_string();
    assert_is_shown_as_one_line(&config().set_json(&json).unwrap_err());
    assert_is_shown_as_one_line(&error_of(config().token_path(UNSHOWABLE), empty));
}

#[test]
fn why_a_lifetime_is_assumed_is_told_in_one_line() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let observed = Arc::clone(&told);
    let config = config().expires_path(UNSHOWABLE).observer(move |event| {
        observed.lock().expect("nobody panics with it").push(event.to_string());
    });
    let server = FakeTransport::new(|_| Ok(Response::new(200, r#"{"access_token": "t"}"#)));
    let client = Client::builder(config).transport(Arc::new(server)).clock(TestClock::new()).build();
    client.and_then(|client| client.token()).expect("it is granted");
    let told = told.lock().expect("nobody panics with it");
    let line = told.iter().find(|line| line.contains("assumed")).expect("it is told");
    assert!(line.contains("`a b [31mc d`") && !line.contains(char::is_control), "{line:?}");
}

#[test]
fn the_name_of_a_file_is_shown_as_one_line() {
    let without = Config::new().token_url("https://login.example.com/token").client_id("me");
    assert_is_shown_as_one_line(&error_of(without.client_secret_file(UNSHOWABLE), empty));
    #[cfg(feature = "jwt")]
    {
        let without = Config::new().token_url("https://login.example.com/token").client_id("me");
        let signed = without.client_auth(ClientAuth::PrivateKeyJwt);
        assert_is_shown_as_one_line(&error_of(signed.clone().private_key_file(UNSHOWABLE), empty));
        assert_is_shown_as_one_line(&error_of(signed.client_assertion_file(UNSHOWABLE), empty));
    }
}

#[test]
fn the_words_of_callbacks_are_shown_as_one_line() {
    let without = Config::new().token_url("https://login.example.com/token").client_id("me");
    assert_is_shown_as_one_line(&error_of(without.secret_source(|_| Err(UNSHOWABLE)), empty));
    assert_is_shown_as_one_line(&error_of(config().request_hook(|_| Err(UNSHOWABLE)), empty));
}

#[test]
fn the_words_of_a_transport_are_shown_as_one_line() {
    let broken = || Err(TransportError::new(TransportErrorKind::Interrupted, UNSHOWABLE, true));
    assert_is_shown_as_one_line(&error_of(config(), broken));
    let issuer = Config::new().issuer("https://login.example.com").client_id("me").client_secret("s3cret");
    assert_is_shown_as_one_line(&error_of(issuer, broken));
}

#[test]
fn a_text_without_end_is_cut() {
    let endless = "a".repeat(1 << 20);
    let without = Config::new().token_url("https://login.example.com/token").client_id("me");
    for error in [
        config().set(&format!("param.{endless}"), "{").unwrap_err(),
        error_of(config().token_url(format!("https://login.example.com/{endless}")), empty),
        error_of(without.secret_source(move |_| Err(endless.clone())), empty),
    ] {
        assert!(error.message().chars().count() < 2_100, "{} characters", error.message().chars().count());
    }
}
