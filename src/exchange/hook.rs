//! The host's own change to a request, and what of it no error may repeat.

use crate::error::Error;
use crate::protocol::{Json, form_decoded};
use crate::secret::Secret;
use crate::transport::Request;

/// Lets the hook change the request. Returns the values that it put in, which may be secret.
pub(super) fn change(
    request: &mut Request,
    hook: &(dyn Fn(&mut Request) -> Result<(), Error> + Send + Sync),
) -> Result<Vec<Secret>, Error> {
    let before: Vec<Secret> = headers(request).chain(request.body.clone()).chain([url(request)]).collect();
    hook(request)?;
    let is_new = |text: &Secret| !before.contains(text);
    let mut values: Vec<Secret> = headers(request).filter(is_new).collect();
    if let Some(body) = request.body.as_ref().filter(|body| is_new(body)) {
        values.push(body.clone());
        values.extend(parts_of_body(body));
    }
    if is_new(&url(request)) {
        values.extend(request.url.query_values().flat_map(both_forms));
        values.extend(request.url.path_segments().flat_map(both_forms));
    }
    // Shorter ones are words such as `2` or `v1`, and taking them out would garble what a server says.
    const SHORTEST: usize = 4;
    let is_old = |value: &Secret| before.iter().any(|text| text.expose().contains(value.expose()));
    values.retain(|value| value.expose().len() >= SHORTEST && !is_old(value));
    Ok(values)
}

fn headers(request: &Request) -> impl Iterator<Item = Secret> {
    request.headers.iter().map(|(_, value)| value.clone())
}

fn url(request: &Request) -> Secret {
    Secret::from(request.url.as_text())
}

/// The values in a body.
fn parts_of_body(body: &Secret) -> Vec<Secret> {
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
            .flat_map(|(_, value)| both_forms(value))
            .collect(),
    }
}

/// A value as it was written, and as a server reads it.
fn both_forms(value: &str) -> impl Iterator<Item = Secret> {
    [Some(Secret::new(value)), form_decoded(value)].into_iter().flatten()
}

fn collect(document: &Json, texts: &mut Vec<Secret>) {
    match document {
        Json::Text(text) => texts.push(text.clone()),
        Json::Array(elements) => elements.iter().for_each(|element| collect(element, texts)),
        Json::Object(members) => members.iter().for_each(|(_, value)| collect(value, texts)),
        _ => {}
    }
}
