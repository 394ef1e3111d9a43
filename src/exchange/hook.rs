//! The host's own change to a request, and what of it no error may repeat.

use crate::error::Error;
use crate::protocol::Json;
use crate::secret::Secret;
use crate::transport::Request;

/// Lets the hook change the request. Returns the values that it put in, which may be secret.
pub(super) fn change(
    request: &mut Request,
    hook: &(dyn Fn(&mut Request) -> Result<(), Error> + Send + Sync),
) -> Result<Vec<Secret>, Error> {
    let before: Vec<Secret> = texts(request).collect();
    hook(request)?;
    let mut values: Vec<Secret> = texts(request).filter(|text| !before.contains(text)).collect();
    let body = request.body.as_ref().filter(|body| !before.contains(body));
    values.extend(body.into_iter().flat_map(parts));
    // Shorter ones are words such as `2` or `v1`, and taking them out would garble what a server says.
    const SHORTEST: usize = 4;
    let is_old = |value: &Secret| before.iter().any(|text| text.expose().contains(value.expose()));
    values.retain(|value| value.expose().len() >= SHORTEST && !is_old(value));
    Ok(values)
}

/// The values of headers, and the body.
fn texts(request: &Request) -> impl Iterator<Item = Secret> {
    request.headers.iter().map(|(_, value)| value).chain(&request.body).cloned()
}

/// The values in a body.
fn parts(body: &Secret) -> Vec<Secret> {
    match Json::parse(body.expose().as_bytes()) {
        Ok(document) => {
            let mut texts = Vec::new();
            collect(&document, &mut texts);
            texts
        }
        Err(_) => body
            .expose()
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(_, value)| Secret::new(value))
            .collect(),
    }
}

fn collect(document: &Json, texts: &mut Vec<Secret>) {
    match document {
        Json::Text(text) => texts.push(text.clone()),
        Json::Array(elements) => elements.iter().for_each(|element| collect(element, texts)),
        Json::Object(members) => members.iter().for_each(|(_, value)| collect(value, texts)),
        _ => {}
    }
}
