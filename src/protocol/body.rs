//! How parameters are written into a request.

use crate::secret::{Secret, SecretBuffer};

use super::encoding::push_form_pair;
use super::json::Json;

/// How the parameters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum BodyFormat {
    /// `application/x-www-form-urlencoded`, as RFC 6749 §4.4.2 has it.
    #[default]
    Form,
    /// A JSON object; `param.a.b` nests.
    Json,
    /// In the query of the URL; there is no body.
    Query,
    /// Not at all: everything is in the URL and the headers.
    None,
}

impl BodyFormat {
    /// How parameters are sent that are not in a form, for messages.
    pub(crate) fn told(self) -> Option<&'static str> {
        match self {
            Self::Form => None,
            Self::Json => Some("as JSON"),
            Self::Query => Some("in the query"),
            Self::None => Some("without parameters"),
        }
    }

    pub(super) fn content_type(self) -> Option<&'static str> {
        match self {
            Self::Form => Some("application/x-www-form-urlencoded"),
            Self::Json => Some("application/json"),
            Self::Query | Self::None => None,
        }
    }

    pub(super) fn write(self, parameters: &[(String, Json)]) -> Option<Secret> {
        match self {
            Self::Form => Some(write_form(parameters)),
            Self::Json => Some(write_json(parameters)),
            Self::Query | Self::None => None,
        }
    }
}

pub(super) fn write_form(parameters: &[(String, Json)]) -> Secret {
    let mut body = SecretBuffer::default();
    for (name, value) in parameters {
        match value {
            Json::Array(values) => {
                values.iter().for_each(|value| push_form_pair(&mut body, name, value.to_secret().expose()));
            }
            value => push_form_pair(&mut body, name, value.to_secret().expose()),
        }
    }
    body.into_secret().unwrap_or_default()
}

fn write_json(parameters: &[(String, Json)]) -> Secret {
    let mut members = Vec::new();
    for (name, value) in parameters {
        nest(&mut members, name, value.clone());
    }
    Json::Object(members).to_document()
}

/// Puts a value where a dotted name says.
fn nest(members: &mut Vec<(String, Json)>, path: &str, value: Json) {
    let Some((head, rest)) = path.split_once('.') else {
        members.push((path.to_owned(), value));
        return;
    };
    for (name, member) in members.iter_mut() {
        if let (true, Json::Object(inner)) = (name == head, member) {
            return nest(inner, rest, value);
        }
    }
    let mut inner = Vec::new();
    nest(&mut inner, rest, value);
    members.push((head.to_owned(), Json::Object(inner)));
}
