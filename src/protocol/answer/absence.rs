//! What is said of an answer in which something is not where it should be: names, never values.

use super::super::json::Json;
use super::super::redactor::Redactor;
use super::AnswerRules;

/// Why there is no token at `token_path`.
pub(super) fn missing_token(document: &Json, rules: &AnswerRules, redactor: &Redactor) -> String {
    let path = rules.token_path.as_text();
    let (reached, value) = rules.token_path.deepest(document);
    let found = contents(value, redactor);
    match value {
        _ if !reached.is_empty() => {
            format!("its JSON holds no `{path}`; `{reached}` {found}; check `token_path`")
        }
        Json::Object(members) if members.is_empty() => {
            format!("its JSON object is empty; it holds no `{path}`; check that the URL is the token endpoint")
        }
        Json::Object(_) => format!(
            "its JSON holds no `{path}`; it {found}; check `token_path`, and that the URL is the token endpoint"
        ),
        Json::Text(_) => {
            format!("its JSON is text, without a `{path}`; if that text is the token, set `token_path` to `.`")
        }
        _ => format!("its JSON {found}, without a `{path}`; check that the URL is the token endpoint"),
    }
}

/// What helps where there is no lifetime to be found.
const OR_SET: &str = "or set `default_expires_in` to what the provider documents";

/// Why no lifetime could be read where it should stand, which is at `found` or not there at all.
pub(super) fn missing_lifetime(
    document: &Json,
    found: Option<&Json>,
    rules: &AnswerRules,
    redactor: &Redactor,
) -> String {
    let path = rules.expires_path.as_ref();
    let place = path.map_or("expires_in".into(), |path| path.as_text());
    if let Some(value) = found {
        let kind = value.kind();
        let wanted = rules.expires_format.told();
        return format!(
            "the `{place}` of the answer, {kind}, cannot be read as {wanted}; check `expires_path` and `expires_format`, {OR_SET}"
        );
    }
    let (reached, value) = path.unwrap_or(&rules.token_path).deepest(document);
    let owner = if reached.is_empty() { "the answer".into() } else { format!("`{reached}`") };
    format!("the answer holds no `{place}`; {owner} {}; check `expires_path`, {OR_SET}", contents(value, redactor))
}

/// `has `a`, `b``, or what it is instead of an object with members.
fn contents(value: &Json, redactor: &Redactor) -> String {
    const MOST: usize = 10;
    match value {
        Json::Object(members) if members.is_empty() => "is empty".into(),
        Json::Object(members) => {
            let names = members.iter().take(MOST).map(|(name, _)| format!("`{}`", redactor.clean(name, 40)));
            let names = names.collect::<Vec<_>>().join(", ");
            let more = if members.len() > MOST { format!(" and {} more", members.len() - MOST) } else { String::new() };
            format!("has {names}{more}")
        }
        Json::Array(elements) => format!("is an array of length {}", elements.len()),
        other => format!("is {}", other.kind()),
    }
}
