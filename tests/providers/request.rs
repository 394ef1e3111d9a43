//! Compares a request with what the provider's documentation says, and with nothing of our own code.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::provider::Provider;
use crate::support::{Request, decode_pairs};
use crate::{assertion, computed};

/// What the transport writes by itself.
const FRAMING: [&str; 3] = ["connection", "content-length", "host"];

/// The first thing that is wrong with a request to `url`.
pub(crate) fn check(provider: &Provider, request: &Request, url: &str) -> Result<(), String> {
    let format = provider.text("body");
    expect("the method", &json!(request.method), &json!(provider.text("method")))?;
    let (_, path_and_query) = split_host(url);
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    expect("the path", &json!(request.path()), &json!(path))?;
    let in_url = |pairs: Vec<_>| pairs.into_iter().map(|(name, value)| (name, json!(value))).collect::<Vec<_>>();
    let mut wanted_query = in_url(decode_pairs(query));
    if format == "query" {
        wanted_query.extend(provider.object("params").clone());
    }
    compare("the query", in_url(request.query()), wanted_query, provider, url)?;
    let wanted: Vec<_> = provider.object("params").clone().into_iter().collect();
    match format {
        "form" => compare("the form", in_url(request.form()), wanted, provider, url)?,
        "json" => {
            let Value::Object(sent) = request.json() else {
                return Err(format!("the body is no JSON object: {}", request.text()));
            };
            compare("the JSON", sent.into_iter().collect(), wanted, provider, url)?;
        }
        "query" | "none" => expect("the body", &json!(request.text()), &json!(""))?,
        other => panic!("{other} is no body format"),
    }
    check_headers(provider, request, url)
}

fn check_headers(provider: &Provider, request: &Request, url: &str) -> Result<(), String> {
    let mut wanted = Map::new();
    wanted.insert("accept".into(), json!("application/json"));
    wanted.insert("user-agent".into(), json!(concat!("oauth-token/", env!("CARGO_PKG_VERSION"))));
    match provider.text("body") {
        "form" => wanted.insert("content-type".into(), json!("application/x-www-form-urlencoded")),
        "json" => wanted.insert("content-type".into(), json!("application/json")),
        _ => None,
    };
    for (name, value) in provider.object("headers") {
        wanted.insert(name.to_ascii_lowercase(), value.clone());
    }
    let names = request.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), json!(value)));
    let mut sent: Vec<_> = names.filter(|(name, _)| !FRAMING.contains(&name.as_str())).collect();
    if let Some(basic) = provider.fact("basic") {
        let credentials = if basic["form"] == true { request.basic_decoded() } else { request.basic_raw() };
        let (id, secret) = credentials.ok_or("there is no Basic authentication")?;
        expect("the id in Basic", &json!(id), &basic["id"])?;
        expect("the secret in Basic", &json!(secret), &basic["secret"])?;
        sent.retain(|(name, _)| name != "authorization");
    }
    computed::check(provider.id(), request)?;
    compare("the header", sent, wanted.into_iter().collect(), provider, url)
}

/// Neither more nor less, in whatever order.
fn compare(
    place: &str,
    sent: Vec<(String, Value)>,
    wanted: Vec<(String, Value)>,
    provider: &Provider,
    url: &str,
) -> Result<(), String> {
    let count = sent.len();
    let sent: BTreeMap<_, _> = sent.into_iter().collect();
    let wanted: BTreeMap<_, _> = wanted.into_iter().collect();
    if count != sent.len() || !sent.keys().eq(wanted.keys()) {
        return Err(format!("{place} holds {count}: {sent:?}, not {wanted:?}"));
    }
    wanted.iter().try_for_each(|(name, value)| {
        let place = format!("{place} `{name}`");
        match value.as_str() {
            Some("{uuid}") => is_uuid(&sent[name]).then_some(()).ok_or(format!("{place} is {}", sent[name])),
            Some("{computed}") => Ok(()),
            Some(text) if text.ends_with("{assertion}") => {
                let token =
                    sent[name].as_str().and_then(|sent| sent.strip_prefix(text.trim_end_matches("{assertion}")));
                assertion::check(provider, token.ok_or(format!("{place} is {}", sent[name]))?, url)
            }
            _ => expect(&place, &sent[name], value),
        }
    })
}

fn expect(place: &str, sent: &Value, wanted: &Value) -> Result<(), String> {
    if sent == wanted { Ok(()) } else { Err(format!("{place} is {sent}, not {wanted}")) }
}

/// A random one (RFC 9562 §5.4).
fn is_uuid(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    let lengths: Vec<_> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12]
        && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
        && text.as_bytes()[14] == b'4'
}

/// Scheme and host of a URL, and the rest of it.
fn split_host(url: &str) -> (&str, &str) {
    let host = url.find("://").map_or(0, |at| at + 3);
    url.split_at(url[host..].find('/').map_or(url.len(), |at| host + at))
}
