//! Where in a JSON answer a server says what is wrong: RFC 6749 §5.2, and the many other places.

use super::json::Json;

/// The server's code, such as `invalid_client`.
pub(super) fn find_code(document: &Json) -> Option<String> {
    let error = cause(document, "error");
    // Without words beside it, a `type` is that of something else.
    let problem_type = document.get("type").filter(|kind| {
        kind.text().is_some_and(|text| text.expose() != "about:blank") && find_description(document).is_some()
    });
    let inner = causes(document).into_iter().flat_map(|cause| members(cause, &["code", "errorCode", "errorType"]));
    first_text(
        [document.get("error")]
            .into_iter()
            .chain(members(error, &["status", "code", "errorCode", "type", "errorType"]))
            .chain(members(Some(document), &["errcode", "errorCode", "error_code"]))
            .chain(inner)
            .chain(members(Some(document), &["code"]))
            .chain([problem_type]),
    )
}

/// The server's words.
pub(super) fn find_description(document: &Json) -> Option<String> {
    let error = cause(document, "error");
    let inner = causes(document).into_iter().flat_map(|cause| {
        [cause.filter(|cause| cause.text().is_some())]
            .into_iter()
            .chain(members(cause, &["message", "detail", "title", "description", "faultstring"]))
    });
    // `error` is the code; spelt otherwise it holds words.
    let spelt_otherwise = member(document, "error").filter(|_| document.get("error").is_none());
    first_text(
        members(Some(document), &["error_description", "errorDescription"])
            .chain(members(error, &["message", "description", "detail", "summary"]))
            .chain([document.get("error").and_then(Json::first)])
            .chain(inner)
            .chain(members(Some(document), &["errmsg", "errorMessage", "errorSummary", "message", "msg", "detail"]))
            .chain(members(Some(document), &["title", "reason", "summary"]))
            .chain([spelt_otherwise]),
    )
}

/// Whether an answer without a token says what is wrong. A code of success beside other things says that these were
/// looked for in the wrong place.
pub(super) fn tells_of_failure(document: &Json) -> bool {
    match find_code(document) {
        Some(code) => !is_of_success(&code),
        None => member(document, "success") != Some(&Json::Bool(true)) && find_description(document).is_some(),
    }
}

/// `0` and `0000`, the status of HTTP, or a word.
fn is_of_success(code: &str) -> bool {
    code.bytes().all(|digit| digit == b'0') || ["200", "201", "ok", "success"].contains(&&*code.to_ascii_lowercase())
}

/// What some servers wrap a complaint in, beside `error`.
fn causes(document: &Json) -> [Option<&Json>; 5] {
    let fault = cause(document, "fault");
    [
        cause(document, "errors"),
        member(document, "response").and_then(|response| cause(response, "errors")),
        fault,
        fault.and_then(|fault| cause(fault, "detail")),
        cause(document, "status").filter(|status| matches!(status, Json::Object(_))),
    ]
}

/// The member of that name, or the first of several.
fn cause<'a>(parent: &'a Json, name: &str) -> Option<&'a Json> {
    let value = member(parent, name)?;
    Some(value.first().unwrap_or(value))
}

fn members<'a>(parent: Option<&'a Json>, names: &'static [&str]) -> impl Iterator<Item = Option<&'a Json>> {
    names.iter().map(move |name| member(parent?, name))
}

/// The member of that name, however it is capitalised.
fn member<'a>(parent: &'a Json, name: &str) -> Option<&'a Json> {
    let Json::Object(members) = parent else {
        return None;
    };
    let similar = || members.iter().rfind(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    parent.get(name).or_else(similar)
}

/// The first that is there as text or number.
fn first_text<'a>(candidates: impl IntoIterator<Item = Option<&'a Json>>) -> Option<String> {
    candidates.into_iter().flatten().find_map(|value| match value {
        Json::Text(text) if !text.is_empty() => Some(text.expose().to_owned()),
        Json::Integer(_) | Json::Unsigned(_) => Some(value.to_secret().expose().to_owned()),
        _ => None,
    })
}
