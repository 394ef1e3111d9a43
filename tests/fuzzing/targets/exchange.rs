//! What a client makes of a server's answers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use oauth_token::transport::{Request, Response, Transport, TransportError};
use oauth_token::{Client, Config, Error, Token, Url};
use serde_json::Value;

use super::clock::TestClock;
use super::promises::{SECRET, assert_hides, assert_is_sane, assert_is_usable, config, is_told};
use super::script::{Answer, Script};

const TOKEN_URL: &str = "https://login.example.com/token";
const ISSUER: &str = "https://login.example.com/tenant";
const LONGEST_LIFE: Duration = Duration::from_secs(86_400);

/// Answers with a status of success.
pub fn answers(input: &[u8]) {
    let mut script = Script::read(input);
    for status in script.answers.iter_mut().filter_map(|answer| answer.status.as_mut()) {
        *status = 200 + *status % 100;
    }
    ask(|config| config.token_url(TOKEN_URL), &script);
}

/// Answers with any status, and failures to answer.
pub fn failures(input: &[u8]) {
    let mut script = Script::read(input);
    for status in script.answers.iter_mut().filter_map(|answer| answer.status.as_mut()) {
        *status = 200 + *status % 800;
    }
    ask(|config| config.token_url(TOKEN_URL), &script);
}

/// Answers to questions for an issuer's metadata, then for a token.
pub fn discovery(input: &[u8]) {
    ask(|config| config.issuer(ISSUER), &Script::read(input));
}

/// Asks, renews, invalidates and asks again, as often as there are answers.
fn ask(at_server: impl Fn(Config) -> Config, script: &Script) {
    let mut config = config();
    if let Err(error) = script.set(&mut config) {
        assert_is_sane(&error);
    }
    let hides = !script.tells_secret();
    let observed = move |event: &dyn std::fmt::Display| {
        let line = event.to_string();
        assert!(!line.contains(char::is_control), "{line:?}");
        assert!(!hides || !is_told(&line), "the secret is shown: {line}");
    };
    // What is set last counts: a known place, no endless retries, and a known bound.
    let config = at_server(config)
        .max_retries(1)
        .timeout(Duration::from_secs(30))
        .max_expires_in(LONGEST_LIFE)
        .observer(move |event| observed(event));
    let clock = TestClock::new();
    let server = Arc::new(Server {
        answers: script.answers.clone(),
        refresh_urls: script.values("refresh_url").map(str::to_owned).collect(),
        given: Mutex::default(),
    });
    let client = Client::builder(config).transport(Arc::clone(&server) as _).clock(Arc::clone(&clock) as _).build();
    let client = match client {
        Ok(client) => client,
        Err(error) => return check_error(&error, hides),
    };
    for _ in 0..script.answers.len().min(4) {
        let outcome = client.token();
        check(&outcome, script, hides);
        if let Some(error) = client.refresh_if_due(Duration::from_secs(1)).err() {
            check_error(&error, hides);
        }
        if let Ok(token) = outcome {
            client.invalidate(&token);
        }
        clock.advance(client.next_refresh().unwrap_or_default().min(LONGEST_LIFE));
        let _ = client.next_refresh();
    }
}

fn check(outcome: &Result<Token, Error>, script: &Script, hides: bool) {
    match outcome {
        Ok(token) => {
            assert_is_usable(token, LONGEST_LIFE);
            let is_usual = script.values("token_path").next().is_none();
            let granted =
                |answer: &Answer| member(answer, "access_token").is_some_and(|text| text == token.access_token());
            assert!(!is_usual || script.answers.iter().any(granted), "nobody granted {}", token.access_token());
        }
        Err(error) => {
            check_error(error, hides);
            let answered = |status| script.answers.iter().any(|answer| answer.status == Some(status));
            assert!(error.http_status().is_none_or(answered), "nobody answered {:?}", error.http_status());
        }
    }
}

fn check_error(error: &Error, hides: bool) {
    assert_is_sane(error);
    if hides {
        assert_hides(error);
    }
}

/// A text of an answer, read independently.
fn member(answer: &Answer, name: &str) -> Option<String> {
    let body = answer.body();
    let document: Value = serde_json::from_str(body.strip_prefix('\u{feff}').unwrap_or(&body)).ok()?;
    document.get(name)?.as_str().map(str::to_owned)
}

/// Gives one answer after another, and the last from then on.
struct Server {
    answers: Vec<Answer>,
    refresh_urls: Vec<String>,
    given: Mutex<usize>,
}

impl Transport for Server {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let mut given = self.given.lock().unwrap();
        let answer = self.answers.get(*given).or(self.answers.last()).cloned().unwrap_or_default();
        *given += 1;
        assert!(*given < 200, "requests without end");
        let is_for_metadata = is_for_metadata(request);
        if !is_for_metadata {
            self.check_destination(request);
        }
        answer.give(!is_for_metadata)
    }
}

impl Server {
    /// Secrets go where the options send them, or the issuer's metadata.
    fn check_destination(&self, request: &Request) {
        let shown = format!("{request:?}");
        assert!(!shown.contains(SECRET), "{shown}");
        let place = without_query(request.url());
        let configured = self.refresh_urls.iter().map(String::as_str).chain([TOKEN_URL]);
        let is_configured = configured.filter_map(|url| url.parse().ok()).any(|url| without_query(&url) == place);
        let is_named = |answer: &Answer| {
            let issuer = member(answer, "issuer").unwrap_or_default();
            issuer.trim_end_matches('/') == ISSUER
        };
        assert!(is_configured || self.answers.iter().any(is_named), "sent to {place}, and no issuer is behind it");
    }
}

fn without_query(url: &Url) -> String {
    let shown = url.to_string();
    shown.split('?').next().unwrap_or_default().to_owned()
}

/// Metadata is asked for without secrets, where the issuer is.
fn is_for_metadata(request: &Request) -> bool {
    let url = request.url().as_text();
    let is_bare = request.header("authorization").is_none() && request.body().is_none() && request.method() == "GET";
    is_bare && url.starts_with("https://login.example.com/") && url.contains("/.well-known/")
}
