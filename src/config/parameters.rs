//! Checks what is sent as parameters against how they are sent.

use crate::error::Error;
use crate::protocol::{BodyFormat, ClientAuth, Method, Template};

use super::options::Values;
use super::settings::refuse;

/// A request without a body carries them elsewhere.
pub(super) fn check_method(method: Method, body_format: BodyFormat) -> Result<(), Error> {
    if method == Method::Get && matches!(body_format, BodyFormat::Form | BodyFormat::Json) {
        return Err(refuse(
            "option `method` = `GET` has no body: set `body_format` to `query` or, where nothing is sent but headers, \
             `none`",
        ));
    }
    Ok(())
}

/// Where no parameters are sent, none may be set.
pub(super) fn check_nothing_is_lost(
    params: &[(String, Template)],
    values: &Values,
    client_auth: ClientAuth,
) -> Result<(), Error> {
    let is_set = |value: &Option<String>| value.as_ref().is_some_and(|text| !text.is_empty());
    let lost = if let Some((name, _)) = params.first() {
        format!("`param.{name}`")
    } else if is_set(&values.scope) {
        "`scope`".into()
    } else if is_set(&values.audience) {
        "`audience`".into()
    } else if is_set(&values.resource) {
        "`resource`".into()
    } else if !matches!(client_auth, ClientAuth::ClientSecretBasic | ClientAuth::None) {
        "what `client_auth` puts among the parameters".into()
    } else {
        return Ok(());
    };
    Err(refuse(format!(
        "option `body_format` = `none` sends no parameters, so {lost} would be lost: choose another, or put it into \
         the query of `token_url` or a `header.NAME`"
    )))
}

/// Parameters that have an option of their own, or that contradict each other in JSON.
pub(super) fn check_names(params: &[(String, Template)], values: &Values) -> Result<(), Error> {
    let is_json = values.body_format == Some(BodyFormat::Json);
    for (name, _) in params {
        if name == "grant_type" {
            return Err(refuse("option `param.grant_type`: the grant is set by the option `grant_type`"));
        }
        let prefix = format!("{name}.");
        if let Some((inner, _)) = params.iter().find(|(other, _)| is_json && other.starts_with(&prefix)) {
            return Err(refuse(format!(
                "options `param.{name}` and `param.{inner}` contradict each other: one is a text, the other a part of an \
                 object of that name"
            )));
        }
    }
    Ok(())
}
