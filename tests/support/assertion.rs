use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// Header, claims and lifetime of a signed assertion, without its id, its moments and its signature, which are others
/// every time; `None` if it is none.
pub fn lasting_claims(compact: &str) -> Option<String> {
    let mut parts = compact.split('.');
    let (header, mut claims) = (document(parts.next()?)?, document(parts.next()?)?);
    let life = claims["exp"].as_i64()? - claims["iat"].as_i64()?;
    claims.as_object_mut()?.retain(|name, _| !["jti", "iat", "exp"].contains(&name.as_str()));
    Some(format!("{header} {claims} for {life} s"))
}

fn document(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
