//! Reads the answer that holds a token (RFC 6749 §5.1).

mod absence;

use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use crate::transport::Response;

use super::datetime::{UtcOffset, parse_http_date};
use super::json::Json;
use super::lifetime::{self, ExpiresFormat, Reference};
use super::path::Path;
use super::redactor::Redactor;

use absence::{missing_lifetime, missing_token};

/// Where things stand in an answer, and how lifetimes are taken.
#[derive(Debug, Clone)]
pub(crate) struct AnswerRules {
    pub(crate) token_path: Path,
    /// `None` is `expires_in` beside the token.
    pub(crate) expires_path: Option<Path>,
    pub(crate) expires_format: ExpiresFormat,
    /// The zone of a moment of expiry that names none.
    pub(crate) expires_utc_offset: UtcOffset,
    /// Assumed where the answer names no lifetime.
    pub(crate) default_expires_in: Duration,
    /// Whether an answer without a lifetime is worth a word: nobody has said that there is none.
    pub(crate) is_lifetime_expected: bool,
    /// A longer one is cut to this.
    pub(crate) max_expires_in: Duration,
}

/// What the server granted.
pub(crate) struct Answer {
    pub(crate) access_token: Secret,
    /// As the server wrote it.
    pub(crate) token_type: Option<Secret>,
    pub(crate) scope: Option<Secret>,
    pub(crate) id_token: Option<Secret>,
    pub(crate) refresh_token: Option<Secret>,
    pub(crate) refresh_expires_in: Option<Duration>,
    pub(crate) expires_in: Duration,
    /// The server named no lifetime that makes sense; `expires_in` is the configured default.
    pub(crate) expires_in_assumed: bool,
    /// Why that is so, where a lifetime was to be expected. For a log.
    pub(crate) assumption: Option<String>,
    /// When the server wants the token to be renewed.
    pub(crate) refresh_in: Option<Duration>,
    /// Every member of the answer but the access token: texts as they are, all else as JSON.
    pub(crate) fields: Vec<(String, Secret)>,
}

impl Answer {
    /// Reads the body of a 2xx answer to a request sent at `sent_ms`, in Unix milliseconds. `origin` names the option and
    /// the URL for messages.
    pub(crate) fn read(
        response: &Response,
        document: serde_json::Result<Json>,
        rules: &AnswerRules,
        sent_ms: u64,
        redactor: &Redactor,
        origin: &str,
    ) -> Result<Self, Error> {
        let refuse = |reason: &str| {
            Error::new(ErrorKind::Response, format!("{origin} answered HTTP {} but {reason}", response.status))
                .with_http_status(response.status)
        };
        if rules.token_path.is_whole_body() {
            let token = whole_body(response, document).map_err(|reason| refuse(&reason))?;
            check_token(&token).map_err(|reason| refuse(&reason))?;
            return Ok(Self::bare(token, rules));
        }
        let document = document.map_err(|error| refuse(&why_unreadable(response, &error, redactor)))?;
        let access_token = match rules.token_path.find(&document) {
            Some(Json::Text(token)) => token.clone(),
            Some(other) => {
                return Err(refuse(&format!(
                    "its `{}` is {}, not text; check `token_path`, and that the URL is the token endpoint",
                    rules.token_path.as_text(),
                    other.kind()
                )));
            }
            None => return Err(refuse(&missing_token(&document, rules, redactor))),
        };
        check_token(&access_token).map_err(|reason| refuse(&reason))?;
        let beside = |name| rules.token_path.find_beside(&document, name);
        let token_type = beside("token_type").and_then(text);
        check_token_type(token_type.as_ref()).map_err(|reason| refuse(&reason))?;
        let reference = Reference {
            now_ms: server_time(response).unwrap_or(i64::try_from(sent_ms).unwrap_or(i64::MAX)),
            offset: rules.expires_utc_offset,
        };
        let expires = match &rules.expires_path {
            Some(path) => path.find(&document),
            None => beside("expires_in"),
        };
        let granted = expires.and_then(|value| rules.expires_format.read(value, reference));
        Ok(Self {
            access_token,
            token_type,
            scope: beside("scope").and_then(scope),
            id_token: beside("id_token").and_then(text),
            refresh_token: beside("refresh_token").and_then(text),
            refresh_expires_in: beside("refresh_expires_in")
                .or_else(|| beside("refresh_token_expires_in"))
                .and_then(lifetime::seconds)
                // Zero is how some servers write that a refresh token does not expire.
                .filter(|duration| !duration.is_zero()),
            expires_in: granted.unwrap_or(rules.default_expires_in).min(rules.max_expires_in),
            expires_in_assumed: granted.is_none(),
            assumption: (granted.is_none() && rules.is_lifetime_expected)
                .then(|| missing_lifetime(&document, expires, rules, redactor)),
            refresh_in: beside("refresh_in").and_then(lifetime::seconds).filter(|duration| !duration.is_zero()),
            fields: fields(document),
        })
    }

    /// A token that came alone.
    fn bare(access_token: Secret, rules: &AnswerRules) -> Self {
        Self {
            access_token,
            token_type: None,
            scope: None,
            id_token: None,
            refresh_token: None,
            refresh_expires_in: None,
            expires_in: rules.default_expires_in.min(rules.max_expires_in),
            expires_in_assumed: true,
            assumption: rules.is_lifetime_expected.then(|| "the answer is the token and nothing else".into()),
            refresh_in: None,
            fields: Vec::new(),
        }
    }
}

/// Whether an answer holds something where the token belongs. Nothing in its place is no token.
pub(crate) fn holds_token(document: &Json, rules: &AnswerRules) -> bool {
    if rules.token_path.is_whole_body() {
        return !is_composite(document);
    }
    match rules.token_path.find(document) {
        None | Some(Json::Null) => false,
        Some(value) => value.text().is_none_or(|text| !text.is_empty()),
    }
}

fn is_composite(document: &Json) -> bool {
    matches!(document, Json::Object(_) | Json::Array(_))
}

/// A body that is the token: as it is, or as a JSON text.
fn whole_body(response: &Response, document: serde_json::Result<Json>) -> Result<Secret, String> {
    let body = response.body.expose().trim();
    match document {
        Ok(Json::Text(token)) => Ok(token),
        Ok(document) if is_composite(&document) => {
            Err(format!("its body is {}, where the token alone should be; check `token_path`", document.kind()))
        }
        Ok(Json::Null | Json::Bool(_)) => Err(format!("its body is `{body}`, where the token alone should be")),
        Err(error) if error.is_data() => Err(unreadable(&error)),
        _ => Ok(Secret::new(body)),
    }
}

/// The server's clock, by the header that says when the answer was made (RFC 9110 §6.6.1).
fn server_time(response: &Response) -> Option<i64> {
    let seconds = parse_http_date(response.find_header("date")?)?;
    i64::try_from(seconds).ok()?.checked_mul(1000)
}

fn fields(document: Json) -> Vec<(String, Secret)> {
    let Json::Object(members) = document else {
        return Vec::new();
    };
    let others = members.iter().filter(|(name, _)| name != "access_token");
    others.map(|(name, value)| (name.clone(), value.to_secret())).collect()
}

/// Why a body is not the document that it should be.
fn why_unreadable(response: &Response, error: &serde_json::Error, redactor: &Redactor) -> String {
    let body = response.body.expose();
    if body.trim().is_empty() {
        "with an empty body, where a JSON object with an `access_token` belongs; check that the URL is the token endpoint"
            .into()
    } else if is_html(response) {
        "with HTML, not JSON; check that the URL is the token endpoint and not a page for people".into()
    } else if let Some(encoding) = content_encoding(response, redactor) {
        format!("its body is encoded as {encoding}, which was not asked for; a proxy may have done it")
    } else if is_one_word(body) {
        "its body is plain text, not JSON; if that text is the token, set `token_path` to `.`".into()
    } else if error.is_eof() {
        "its JSON breaks off in the middle; a proxy or the server cut the answer".into()
    } else {
        unreadable(error)
    }
}

fn unreadable(error: &serde_json::Error) -> String {
    format!("its body is not JSON that can be read: {error}; check that the URL is the token endpoint")
}

/// Whether a body could be a token that came alone: neither a form nor JSON that went wrong.
fn is_one_word(body: &str) -> bool {
    let word = body.trim();
    let is_form = || word.trim_end_matches('=').contains('=');
    word.bytes().all(|byte| byte.is_ascii_graphic()) && !word.starts_with(['{', '[', '"']) && !is_form()
}

/// How a body is encoded, though no encoding was asked for.
pub(crate) fn content_encoding(response: &Response, redactor: &Redactor) -> Option<String> {
    let encoding = response.find_header("content-encoding").filter(|name| !name.eq_ignore_ascii_case("identity"))?;
    Some(redactor.clean(encoding, 40))
}

/// Whether an answer is a page for people.
pub(crate) fn is_html(response: &Response) -> bool {
    let media_type = response.find_header("content-type").unwrap_or_default();
    let body = response.body.expose().trim_start();
    media_type.to_ascii_lowercase().contains("html") || body.starts_with('<')
}

/// A token goes into a header as it is: visible ASCII, no space (RFC 6750 §2.1 allows even less).
fn check_token(token: &Secret) -> Result<(), String> {
    let text = token.expose();
    if text.is_empty() {
        return Err("its `access_token` is empty".into());
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(
            "its `access_token` holds spaces, control or non-ASCII characters, which no header may carry; this is \
             for the provider to put right"
                .into(),
        );
    }
    Ok(())
}

/// Types that bind the token to a key are of no use as a bearer; every other spelling is taken for Bearer.
fn check_token_type(token_type: Option<&Secret>) -> Result<(), String> {
    const BOUND: [&str; 3] = ["dpop", "mac", "pop"];
    match token_type {
        Some(kind) if BOUND.iter().any(|bound| kind.expose().eq_ignore_ascii_case(bound)) => Err(format!(
            "its `token_type` is {}, which needs a proof with every request; ask the provider for Bearer tokens",
            kind.expose()
        )),
        _ => Ok(()),
    }
}

fn text(value: &Json) -> Option<Secret> {
    value.text().filter(|text| !text.is_empty()).cloned()
}

/// The scope as text; some servers write a list.
fn scope(value: &Json) -> Option<Secret> {
    match value {
        Json::Text(text) => Some(text.clone()),
        Json::Array(elements) => {
            let scopes: Option<Vec<&str>> = elements.iter().map(|element| element.text().map(Secret::expose)).collect();
            Some(Secret::from(scopes?.join(" ")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
