//! Reads the answer that holds a token (RFC 6749 §5.1).

use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use crate::transport::Response;

use super::json::Json;
use super::redactor::Redactor;

/// How lifetimes are taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AnswerRules {
    /// Assumed where the answer names no lifetime.
    pub(crate) default_expires_in: Duration,
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
    /// When the server wants the token to be renewed.
    pub(crate) refresh_in: Option<Duration>,
    /// Every member of the answer but the access token: texts as they are, all else as JSON.
    pub(crate) fields: Vec<(String, Secret)>,
}

impl Answer {
    /// Reads the body of a 2xx answer. `origin` names the option and the URL for messages.
    pub(crate) fn read(
        response: &Response,
        rules: &AnswerRules,
        redactor: &Redactor,
        origin: &str,
    ) -> Result<Self, Error> {
        let refuse = |reason: &str| {
            Error::new(ErrorKind::Response, format!("{origin} answered HTTP {} but {reason}", response.status))
                .with_http_status(response.status)
        };
        let document = parse_document(response).map_err(|reason| refuse(&reason))?;
        let Json::Object(members) = &document else {
            return Err(refuse(&format!("its JSON is {}, not an object with an `access_token`", document.kind())));
        };
        let access_token = match document.get("access_token") {
            Some(Json::Text(token)) => token.clone(),
            Some(other) => {
                return Err(refuse(&format!(
                    "its `access_token` is {}, not text; check that the URL is the token endpoint",
                    other.kind()
                )));
            }
            None => return Err(refuse(&missing_token(members, redactor))),
        };
        check_token(&access_token).map_err(|reason| refuse(&reason))?;
        let token_type = text_member(&document, "token_type");
        check_token_type(token_type.as_ref()).map_err(|reason| refuse(&reason))?;
        let granted = document.get("expires_in").and_then(lifetime);
        Ok(Self {
            access_token,
            token_type,
            scope: scope(&document),
            id_token: text_member(&document, "id_token"),
            refresh_token: text_member(&document, "refresh_token"),
            refresh_expires_in: document
                .get("refresh_expires_in")
                .or_else(|| document.get("refresh_token_expires_in"))
                .and_then(lifetime)
                // Zero is how some servers write that a refresh token does not expire.
                .filter(|duration| !duration.is_zero()),
            expires_in: granted.unwrap_or(rules.default_expires_in).min(rules.max_expires_in),
            expires_in_assumed: granted.is_none(),
            refresh_in: document.get("refresh_in").and_then(lifetime).filter(|duration| !duration.is_zero()),
            fields: members
                .iter()
                .filter(|(name, _)| name != "access_token")
                .map(|(name, value)| (name.clone(), value.to_secret()))
                .collect(),
        })
    }
}

fn parse_document(response: &Response) -> Result<Json, String> {
    let body = response.body.expose();
    if body.trim().is_empty() {
        return Err("with an empty body, where a JSON object with an `access_token` belongs; \
                    check that the URL is the token endpoint"
            .into());
    }
    Json::parse(body.as_bytes()).map_err(|error| {
        if is_html(response) {
            "with HTML, not JSON; check that the URL is the token endpoint and not a page for people".into()
        } else if let Some(encoding) = content_encoding(response) {
            format!("its body is encoded as {encoding}, which was not asked for; a proxy may have done it")
        } else if error.is_eof() {
            "its JSON breaks off in the middle; a proxy or the server cut the answer".into()
        } else {
            format!("its body is not JSON that can be read: {error}")
        }
    })
}

fn content_encoding(response: &Response) -> Option<String> {
    let encoding = response.find_header("content-encoding").filter(|name| !name.eq_ignore_ascii_case("identity"))?;
    Some(super::failure::clean(encoding, 40))
}

/// Whether an answer is a page for people.
pub(crate) fn is_html(response: &Response) -> bool {
    let media_type = response.find_header("content-type").unwrap_or_default();
    let body = response.body.expose().trim_start();
    media_type.to_ascii_lowercase().contains("html") || body.starts_with('<')
}

fn missing_token(members: &[(String, Json)], redactor: &Redactor) -> String {
    if members.is_empty() {
        return "its JSON object is empty; it holds no `access_token`".into();
    }
    let names: Vec<String> =
        members.iter().take(10).map(|(name, _)| format!("`{}`", redactor.clean(name, 40))).collect();
    format!("its JSON holds no `access_token`, only {}; check that the URL is the token endpoint", names.join(", "))
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

fn text_member(document: &Json, name: &str) -> Option<Secret> {
    document.get(name).and_then(Json::text).filter(|text| !text.is_empty()).cloned()
}

/// The scope as text; some servers write a list.
fn scope(document: &Json) -> Option<Secret> {
    match document.get("scope")? {
        Json::Text(text) => Some(text.clone()),
        Json::Array(elements) => {
            let scopes: Option<Vec<&str>> = elements.iter().map(|element| element.text().map(Secret::expose)).collect();
            Some(Secret::from(scopes?.join(" ")))
        }
        _ => None,
    }
}

/// A lifetime in seconds: an integer, a fraction, or either as text; negative ones are zero.
fn lifetime(value: &Json) -> Option<Duration> {
    match value {
        Json::Unsigned(seconds) => Some(Duration::from_secs(*seconds)),
        Json::Integer(seconds) => Some(Duration::from_secs((*seconds).max(0).unsigned_abs())),
        Json::Float(seconds) => from_fraction(*seconds),
        Json::Text(text) => {
            let text = text.expose().trim();
            text.parse().ok().map(Duration::from_secs).or_else(|| from_fraction(text.parse().ok()?))
        }
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

fn from_fraction(seconds: f64) -> Option<Duration> {
    if !seconds.is_finite() {
        return None;
    }
    Some(Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: AnswerRules =
        AnswerRules { default_expires_in: Duration::from_secs(300), max_expires_in: Duration::from_secs(315_360_000) };

    fn read(body: &str) -> Result<Answer, Error> {
        Answer::read(&Response::new(200, body), &RULES, &Redactor::default(), "token_url https://example.com/token")
    }

    fn expires_in(written: &str) -> (Duration, bool) {
        let answer = read(&format!(r#"{{"access_token":"t","expires_in":{written}}}"#)).unwrap();
        (answer.expires_in, answer.expires_in_assumed)
    }

    #[test]
    fn a_lifetime_may_be_an_integer_a_fraction_or_text() {
        for written in ["3600", "3600.0", r#""3600""#, r#"" 3600 ""#, r#""3600.0""#, "3.6e3"] {
            assert_eq!(expires_in(written), (Duration::from_secs(3600), false), "{written}");
        }
    }

    #[test]
    fn a_lifetime_that_makes_no_sense_is_assumed_and_marked() {
        for written in ["null", "true", "{}", "[3600]", r#""""#, r#""soon""#, r#""NaN""#, r#""inf""#] {
            assert_eq!(expires_in(written), (RULES.default_expires_in, true), "{written}");
        }
        assert!(read(r#"{"access_token":"t"}"#).unwrap().expires_in_assumed);
    }

    #[test]
    fn a_lifetime_beyond_all_sense_is_cut_and_a_negative_one_is_nothing() {
        for written in ["9223372036854775", "18446744073709551615", "1e300", r#""1e300""#] {
            assert_eq!(expires_in(written), (RULES.max_expires_in, false), "{written}");
        }
        for written in ["0", "-1", "-0.5", r#""-7""#] {
            assert_eq!(expires_in(written), (Duration::ZERO, false), "{written}");
        }
    }

    #[test]
    fn missing_and_odd_token_types_are_taken_for_bearer() {
        for kind in [r#""Bearer""#, r#""bearer""#, r#""BearerToken""#, r#""Application Access Token""#, "null", "7"] {
            assert!(read(&format!(r#"{{"access_token":"t","token_type":{kind}}}"#)).is_ok(), "{kind}");
        }
    }

    #[test]
    fn a_token_that_is_bound_to_a_key_is_refused() {
        for kind in ["DPoP", "dpop", "MAC", "PoP"] {
            let error = read(&format!(r#"{{"access_token":"t","token_type":"{kind}"}}"#)).err().unwrap();
            assert!(error.message().contains(kind), "{error}");
        }
    }

    #[test]
    fn a_token_with_characters_that_no_header_carries_is_refused_and_not_repeated() {
        for token in ["", "a b", "hunter2\\n", "hünter2", "hunter2\\u0000"] {
            let error = read(&format!(r#"{{"access_token":"{token}"}}"#)).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::Response);
            assert!(!error.message().contains("nter2"), "{error}");
        }
        assert_eq!(read(r#"{"access_token":"a%2Fb=="}"#).unwrap().access_token.expose(), "a%2Fb==");
    }

    #[test]
    fn what_is_no_token_answer_says_what_it_is() {
        for (body, said) in [
            ("", "empty body"),
            ("  \n", "empty body"),
            ("<!DOCTYPE html><p>Log in", "HTML"),
            (r#"{"access_token":"hunter2","expi"#, "breaks off"),
            (r#"{"access_token":5}"#, "is a number, not text"),
            (r#"["hunter2"]"#, "an array"),
            ("hunter2", "not JSON"),
            (r#"{"token":"hunter2","ttl":5}"#, "only `token`, `ttl`"),
            ("{}", "empty"),
        ] {
            let error = read(body).err().unwrap();
            assert!(error.message().contains(said), "{body}: {error}");
            assert!(!error.message().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn every_other_member_is_kept_texts_as_they_are() {
        let answer =
            read(r#"{"access_token":"t","scope":["a","b"],"instance_url":"https://x","id":7,"extra":{"a":[1]}}"#)
                .unwrap();
        let field = |name: &str| {
            answer.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.expose().to_owned())
        };
        assert_eq!(answer.scope.as_ref().map(Secret::expose), Some("a b"));
        assert_eq!(field("instance_url").as_deref(), Some("https://x"));
        assert_eq!(field("id").as_deref(), Some("7"));
        assert_eq!(field("extra").as_deref(), Some(r#"{"a":[1]}"#));
        assert_eq!(field("access_token"), None);
    }
}
