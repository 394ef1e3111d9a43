//! What the provider of the table answers, on loopback and in virtual time alike.

use serde_json::json;

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<&'static str>,
    pub(crate) body: String,
}

/// By the path, for the request with that number, from 1; `None` is silence.
pub(crate) fn answer(path: &str, authorization: &str, number: usize) -> Option<Answer> {
    let of = |status, retry_after, body| Some(Answer { status, retry_after, body });
    match path.split('?').next().unwrap_or_default() {
        "/.well-known/oauth-authorization-server" => {
            let document = json!({"issuer": "https://issuer.test", "token_endpoint": "https://a.test/"});
            of(200, None, document.to_string())
        }
        "/failing" => of(503, None, String::new()),
        "/busy" => of(429, Some("200"), String::new()),
        "/silent" => None,
        "/once" if number > 1 => None,
        "/rotated" if authorization != "Basic bWU6bmV3LXNlY3JldA==" => of(401, None, String::new()),
        _ => of(200, None, granted().to_string()),
    }
}

fn granted() -> serde_json::Value {
    json!({
        "access_token": "t", "expires_in": 3600, "refresh_token": "r", "minutes": 7,
        "expires": "2023-11-15T00:00:00", "data": {"token": "another"}
    })
}
