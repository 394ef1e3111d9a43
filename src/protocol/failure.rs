//! Reads what a server says when it grants no token (RFC 6749 §5.2, and the many other ways of saying it).

use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::line::clean;
use crate::transport::Response;

use super::advice::Ingredients;
use super::answer::{content_encoding, is_html};
use super::complaint::{find_code, find_description, tells_of_failure};
use super::datetime::parse_http_date;
use super::json::Json;
use super::path::Path;
use super::redactor::Redactor;

/// A refusal or a breakdown, in the server's own words.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: u16,
    /// The server's code, such as `invalid_client`.
    pub(crate) code: Option<String>,
    /// The server's words, cleaned and cut.
    pub(crate) description: Option<String>,
    /// How long the server asks us to wait.
    pub(crate) retry_after: Option<Duration>,
    location: Option<String>,
    /// What was answered to another way of writing the same credentials.
    earlier: Option<String>,
}

/// Error codes by which a server says no (RFC 6749 §5.2, RFC 6750 §3.1, RFC 8707 §2).
const REFUSALS: [&str; 11] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "invalid_target",
    "invalid_token",
    "insufficient_scope",
    "access_denied",
    "invalid_client_metadata",
];

/// Codes by which a server says that it may work later (RFC 6749 §4.1.2.1, RFC 8628 §3.5; WeChat's is a number).
const BUSY: [&str; 4] = ["server_error", "temporarily_unavailable", "slow_down", "-1"];

impl Failure {
    /// Reads an answer that is not a token, though one may stand at `token_path`; `document` is its body. `now` in Unix
    /// seconds is for a `Retry-After` that names a date.
    pub(crate) fn read(
        response: &Response,
        document: &serde_json::Result<Json>,
        redactor: &Redactor,
        token_path: &Path,
        now: u64,
    ) -> Self {
        let mut redactor = redactor.clone();
        let (code, description) = match document {
            Ok(document) => {
                redactor.hide_tokens(document, token_path);
                // Some servers put the one thing that they say into a list.
                let said = document.first().unwrap_or(document);
                let text = said.text().map(|text| text.expose().to_owned());
                (find_code(said), find_description(said).or(text))
            }
            // Beyond the bounds there may be tokens that nobody has looked for.
            Err(error) if error.is_data() => (None, Some(format!("JSON that cannot be read: {error}"))),
            Err(_) => (None, plain_text(response, &redactor, token_path)),
        };
        let words = |text: String, length: usize| {
            // What the RFCs define holds no secret, even where a secret is spelt like a part of it.
            let cleaned = if REFUSALS.contains(&text.as_str()) { text } else { redactor.clean(&text, length) };
            (!cleaned.is_empty()).then_some(cleaned)
        };
        Self {
            status: response.status,
            code: code.and_then(|code| words(code, 64)),
            description: description.and_then(|text| words(text, 300)),
            retry_after: retry_after(response, now),
            location: redirect_target(response, &redactor),
            earlier: None,
        }
    }

    /// This answer, with a word on another to the same credentials, in the way that `encoding` names.
    pub(crate) fn after(self, encoding: &str, earlier: &Self) -> Self {
        Self { earlier: Some(format!("with `{encoding}` it answered {}", earlier.told())), ..self }
    }

    /// Whether the body of a 2xx answer is a failure in disguise: it names an error in words, or it says something where
    /// no token is.
    pub(crate) fn hides_in(document: &Json, holds_token: bool) -> bool {
        let names_error = document.get("error").and_then(Json::text).is_some_and(|text| !text.is_empty());
        names_error || (!holds_token && tells_of_failure(document))
    }

    /// Whether the server did not accept who we say we are, so that another secret may help.
    pub(crate) fn is_credentials_refused(&self) -> bool {
        self.code.as_deref() == Some("invalid_client") || (self.status == 401 && !self.is_recognised())
    }

    /// Whether the server takes no refresh tokens at all, or none of this client.
    pub(crate) fn denies_refresh(&self) -> bool {
        matches!(self.code.as_deref(), Some("unsupported_grant_type" | "unauthorized_client"))
    }

    /// Whether the same secret, written in another way, may be accepted: the server has not said that it minds
    /// something else.
    pub(crate) fn may_be_about_encoding(&self) -> bool {
        const BEYOND_AUTHENTICATION: [&str; 6] = [
            "invalid_grant",
            "unsupported_grant_type",
            "invalid_scope",
            "invalid_target",
            "insufficient_scope",
            "invalid_token",
        ];
        let is_beyond = self.code.as_deref().is_some_and(|code| BEYOND_AUTHENTICATION.contains(&code));
        matches!(self.status, 400 | 401 | 403) && !is_beyond
    }

    /// Whether the request as such is called malformed (RFC 6749 §5.2), or nothing in particular.
    pub(crate) fn is_bad_request(&self) -> bool {
        self.status == 400 && matches!(self.code.as_deref(), Some("invalid_request") | None)
    }

    /// Whether asking again soon is of no use.
    pub(crate) fn is_rejected(&self) -> bool {
        match self.status {
            _ if self.is_recognised() => true,
            // Who answers with success and no token has read the request and judged it.
            200..=299 => !self.is_of_overload(),
            300..=399 | 401 | 403 => true,
            _ => false,
        }
    }

    /// The error for the caller. `origin` names the option and the URL, `sent` what was sent, without secrets.
    pub(crate) fn into_error(self, origin: &str, sent: &str, request: &Ingredients) -> Error {
        let kind = if self.is_rejected() { ErrorKind::Rejected } else { ErrorKind::Server };
        let mut message = format!("{origin} answered {}", self.told());
        if let Some(location) = &self.location {
            message.push_str(&format!(" (pointing to {location})"));
        }
        message.push_str(&format!("; sent: {sent}; "));
        if let Some(earlier) = &self.earlier {
            message.push_str(&format!("{earlier}; "));
        }
        message.push_str(&request.advice(&self));
        Error::new(kind, message)
            .with_http_status(self.status)
            .with_code(self.code)
            .with_description(self.description)
            .with_retry_after(self.retry_after)
    }

    /// The status, and what the server says of it.
    fn told(&self) -> String {
        let status = self.status;
        match (&self.code, &self.description) {
            (Some(code), Some(words)) => format!("HTTP {status} {code}: {words}"),
            (Some(words), None) | (None, Some(words)) => format!("HTTP {status}: {words}"),
            (None, None) => format!("HTTP {status} and said nothing else"),
        }
    }

    /// Whether the server says by a code, or by when to come back, that it cannot grant anything just now.
    pub(super) fn is_of_overload(&self) -> bool {
        let is_busy = |code: &str| BUSY.contains(&code) || matches!(code.parse(), Ok(429 | 500..=599));
        self.retry_after.is_some() || self.code.as_deref().is_some_and(is_busy)
    }

    fn is_recognised(&self) -> bool {
        self.code.as_deref().is_some_and(|code| REFUSALS.contains(&code))
    }
}

/// What a body says that is not JSON: the title of a page, or its text.
///
/// Secrets are taken out before anything is cut or stripped, which could leave a part of one.
fn plain_text(response: &Response, redactor: &Redactor, token_path: &Path) -> Option<String> {
    let body = response.body.expose();
    if body.trim().is_empty() {
        return None;
    }
    if let Some(encoding) = content_encoding(response, redactor) {
        return Some(format!("something encoded as {encoding}, which was not asked for; a proxy may have done it"));
    }
    if seems_to_hold_token(body, token_path) {
        return Some("something that is not JSON and seems to hold a token".into());
    }
    let body = redactor.redact(body);
    if !is_html(response) {
        return Some(body);
    }
    let lower = body.to_ascii_lowercase();
    let title = lower.find("<title").and_then(|start| {
        let open = start + lower.get(start..)?.find('>')? + 1;
        let end = open + lower.get(open..)?.find("</title")?;
        body.get(open..end)
    });
    Some(format!("an HTML page, {}", title.map_or_else(|| without_tags(&body), str::to_owned)))
}

fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for character in html.chars().take(4096) {
        match character {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                text.push(' ');
            }
            _ if !inside => text.push(character),
            _ => {}
        }
    }
    text
}

/// The wait of a `Retry-After` header: seconds, or a date (RFC 9110 §10.2.3).
pub(crate) fn retry_after(response: &Response, now: u64) -> Option<Duration> {
    let value = response.find_header("retry-after")?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    parse_http_date(value).map(|date| Duration::from_secs(date.saturating_sub(now)))
}

/// Where a redirect points to, without its query, which may hold what is not for logs.
pub(crate) fn redirect_target(response: &Response, redactor: &Redactor) -> Option<String> {
    let location = redactor.redact(response.find_header("location")?);
    Some(clean(location.split(['?', '#']).next().unwrap_or_default(), 120))
}

/// Whether what cannot be read as JSON may have been an answer with tokens, cut off or damaged.
fn seems_to_hold_token(body: &str, token_path: &Path) -> bool {
    const NAMES: [&str; 3] = ["accesstoken", "refreshtoken", "idtoken"];
    let bare: String = body.chars().filter(|character| !matches!(character, '_' | '-')).collect();
    let bare = bare.to_ascii_lowercase();
    let stands_alone = |(at, name): (usize, &str)| {
        let before = bare.get(..at).and_then(|text| text.chars().next_back());
        let after = bare.get(at + name.len()..).and_then(|text| text.chars().next());
        [before, after].into_iter().flatten().all(|neighbour| !neighbour.is_alphanumeric())
    };
    let is_json_like = body.trim_start().starts_with(['{', '[']);
    NAMES.iter().any(|name| bare.match_indices(name).any(stands_alone))
        || (is_json_like && token_path.last_name().is_some_and(|name| body.contains(&format!("\"{name}\""))))
}
