//! Values with placeholders: `{client_id}`, `{base64:{client_id}:{client_secret}}`, `{uuid}` …

mod parse;
mod placeholder;
#[cfg(test)]
mod tests;

use crate::secret::{Secret, SecretBuffer};

use super::encoding;
use super::json::Json;
use placeholder::Placeholder;

/// A parameter or header value, parsed once.
///
/// `{client_id}`, `{client_secret}`, `{assertion}`, `{uuid}`, `{now}` (RFC 3339, UTC), `{date}` (its day), `{now_unix}`
/// and `{now_ms}` are replaced, these moments also with an offset as in `{now+7d}`; `{base64:…}` encodes what it encloses,
/// other placeholders included, and `{{` is a brace. A closing brace that closes nothing stands for itself.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Template {
    Text(Vec<Part>),
    /// A number, a boolean or null, as it is.
    Value(Json),
    List(Vec<Template>),
    Object(Vec<(String, Template)>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Part {
    Literal(Secret),
    Placeholder(Placeholder),
    Base64(Vec<Part>),
}

/// What the placeholders stand for in one request.
pub(crate) struct Values<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) client_secret: &'a str,
    /// A fresh one for every request, the same within it.
    pub(crate) uuid: String,
    /// Unix milliseconds.
    pub(crate) now_ms: u64,
    /// The client's proof of who it is, where that is an assertion.
    pub(crate) client_assertion: Secret,
    /// A signed assertion for the grant or for `{assertion}`, where one is needed.
    pub(crate) assertion: Secret,
}

impl Template {
    /// Parses a text; the error says what is wrong with it and does not repeat it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        parse::parts(text).map(Self::Text)
    }

    /// The same of a value of any type, with placeholders in the texts of lists and objects.
    pub(crate) fn from_json(value: &Json) -> Result<Self, String> {
        Ok(match value {
            Json::Text(text) => Self::parse(text.expose())?,
            Json::Array(elements) => Self::List(elements.iter().map(Self::from_json).collect::<Result<_, _>>()?),
            Json::Object(members) => {
                let member = |(name, value): &(String, Json)| Ok((name.clone(), Self::from_json(value)?));
                Self::Object(members.iter().map(member).collect::<Result<_, String>>()?)
            }
            Json::Null | Json::Bool(_) | Json::Integer(_) | Json::Unsigned(_) | Json::Float(_) => {
                Self::Value(value.clone())
            }
        })
    }

    /// What a server may repeat of it without the rest: the texts in it, and what stands encoded inside them.
    pub(crate) fn fragments(&self, values: &Values<'_>) -> Vec<Secret> {
        match self {
            Self::Text(parts) => {
                let mut fragments = vec![render(parts, values)];
                push_encoded(&mut fragments, parts, values);
                fragments
            }
            Self::Value(value) => vec![value.to_secret()],
            Self::List(_) | Self::Object(_) => {
                let inner = self.inner().flat_map(|template| template.fragments(values));
                inner.chain([self.render(values)]).collect()
            }
        }
    }

    /// The value for one request, as a JSON body carries it.
    pub(crate) fn render_json(&self, values: &Values<'_>) -> Json {
        match self {
            Self::Text(parts) => Json::Text(render(parts, values)),
            Self::Value(value) => value.clone(),
            Self::List(elements) => Json::Array(elements.iter().map(|element| element.render_json(values)).collect()),
            Self::Object(members) => {
                let member = |(name, value): &(String, Self)| (name.clone(), value.render_json(values));
                Json::Object(members.iter().map(member).collect())
            }
        }
    }

    /// The value for one request, as text.
    pub(crate) fn render(&self, values: &Values<'_>) -> Secret {
        self.render_json(values).to_secret()
    }

    /// Whether `{client_id}` stands anywhere in it.
    pub(crate) fn needs_client_id(&self) -> bool {
        self.contains(Placeholder::ClientId)
    }

    /// Whether `{assertion}` stands anywhere in it.
    pub(crate) fn needs_assertion(&self) -> bool {
        self.contains(Placeholder::Assertion)
    }

    /// Whether `{client_secret}` stands anywhere in it.
    pub(crate) fn needs_client_secret(&self) -> bool {
        self.contains(Placeholder::ClientSecret)
    }

    fn contains(&self, wanted: Placeholder) -> bool {
        match self {
            Self::Text(parts) => contain(parts, wanted),
            _ => self.inner().any(|template| template.contains(wanted)),
        }
    }

    /// What a list or an object holds.
    fn inner(&self) -> Box<dyn Iterator<Item = &Self> + '_> {
        match self {
            Self::Text(_) | Self::Value(_) => Box::new(std::iter::empty()),
            Self::List(elements) => Box::new(elements.iter()),
            Self::Object(members) => Box::new(members.iter().map(|(_, value)| value)),
        }
    }
}

fn contain(parts: &[Part], wanted: Placeholder) -> bool {
    parts.iter().any(|part| match part {
        Part::Literal(_) => false,
        Part::Placeholder(placeholder) => *placeholder == wanted,
        Part::Base64(inner) => contain(inner, wanted),
    })
}

fn render(parts: &[Part], values: &Values<'_>) -> Secret {
    let mut output = SecretBuffer::default();
    for part in parts {
        match part {
            Part::Literal(text) => output.push_str(text.expose()),
            Part::Placeholder(placeholder) => placeholder.push(&mut output, values),
            Part::Base64(inner) => output.push_str(encoded(inner, values).expose()),
        }
    }
    output.into_secret().unwrap_or_default()
}

fn push_encoded(output: &mut Vec<Secret>, parts: &[Part], values: &Values<'_>) {
    for part in parts {
        if let Part::Base64(inner) = part {
            output.push(encoded(inner, values));
            push_encoded(output, inner, values);
        }
    }
}

fn encoded(parts: &[Part], values: &Values<'_>) -> Secret {
    encoding::base64(render(parts, values).expose().as_bytes())
}
