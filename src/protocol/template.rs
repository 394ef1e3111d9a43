//! Values with placeholders: `{client_id}`, `{base64:{client_id}:{client_secret}}`, `{uuid}` …

use crate::secret::{Secret, SecretBuffer};

use super::encoding;
use super::json::Json;

/// A parameter or header value, parsed once.
///
/// `{client_id}`, `{client_secret}`, `{assertion}`, `{uuid}`, `{now}` (RFC 3339, UTC), `{now_unix}` and `{now_ms}` are replaced,
/// `{base64:…}` encodes what it encloses, other placeholders included, and `{{` is a brace. A closing brace that
/// closes nothing stands for itself.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Template {
    parts: Vec<Part>,
    /// A value that is not text, which a JSON body carries as it is.
    json: Option<Json>,
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Literal(Secret),
    Placeholder(Placeholder),
    Base64(Template),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Placeholder {
    ClientId,
    ClientSecret,
    Uuid,
    Now,
    NowUnix,
    NowMilliseconds,
    Assertion,
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
    /// Parses a value; the error says what is wrong with it and does not repeat it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut rest = text;
        parse_enclosed(&mut rest, 0)
    }

    /// A number, boolean or list, without placeholders.
    pub(crate) fn json(value: Json) -> Self {
        Self { parts: vec![Part::Literal(value.to_secret())], json: Some(value) }
    }

    /// What stands encoded inside it, which a server may repeat without the rest.
    pub(crate) fn encoded_parts(&self, values: &Values<'_>) -> Vec<Secret> {
        let mut encoded = Vec::new();
        for part in &self.parts {
            if let Part::Base64(inner) = part {
                encoded.push(super::encoding::base64(inner.render(values).expose().as_bytes()));
                encoded.extend(inner.encoded_parts(values));
            }
        }
        encoded
    }

    /// The value for one request, as a JSON body carries it.
    pub(crate) fn render_json(&self, values: &Values<'_>) -> Json {
        self.json.clone().unwrap_or_else(|| Json::Text(self.render(values)))
    }

    /// The value for one request.
    pub(crate) fn render(&self, values: &Values<'_>) -> Secret {
        let mut output = SecretBuffer::default();
        self.push(&mut output, values);
        output.into_secret().unwrap_or_default()
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
        self.parts.iter().any(|part| match part {
            Part::Literal(_) => false,
            Part::Placeholder(placeholder) => *placeholder == wanted,
            Part::Base64(inner) => inner.contains(wanted),
        })
    }

    fn push(&self, output: &mut SecretBuffer, values: &Values<'_>) {
        for part in &self.parts {
            match part {
                Part::Literal(text) => output.push_str(text.expose()),
                Part::Placeholder(placeholder) => placeholder.push(output, values),
                Part::Base64(inner) => {
                    let mut enclosed = SecretBuffer::default();
                    inner.push(&mut enclosed, values);
                    output.push_str(encoding::base64(enclosed.as_bytes()).expose());
                }
            }
        }
    }
}

impl Placeholder {
    const ALL: [(&'static str, Self); 7] = [
        ("client_id", Self::ClientId),
        ("client_secret", Self::ClientSecret),
        ("uuid", Self::Uuid),
        ("now", Self::Now),
        ("now_unix", Self::NowUnix),
        ("now_ms", Self::NowMilliseconds),
        ("assertion", Self::Assertion),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, placeholder)| placeholder)
    }

    fn push(self, output: &mut SecretBuffer, values: &Values<'_>) {
        match self {
            Self::ClientId => output.push_str(values.client_id),
            Self::ClientSecret => output.push_str(values.client_secret),
            Self::Uuid => output.push_str(&values.uuid),
            Self::Now => output.push_str(&super::datetime::rfc3339(values.now_ms / 1000)),
            Self::NowUnix => output.push_str(&(values.now_ms / 1000).to_string()),
            Self::NowMilliseconds => output.push_str(&values.now_ms.to_string()),
            Self::Assertion => output.push_str(values.assertion.expose()),
        }
    }
}

/// How deep `{base64:…}` may nest; real ones nest once.
const MAX_DEPTH: usize = 8;

/// Reads up to the brace that closes this depth; at depth 0, to the end.
fn parse_enclosed(rest: &mut &str, depth: usize) -> Result<Template, String> {
    if depth > MAX_DEPTH {
        return Err(format!("`{{base64:…}}` nests deeper than {MAX_DEPTH}"));
    }
    let mut parts = Vec::new();
    let mut literal = SecretBuffer::default();
    loop {
        let Some(brace) = rest.find(|character| character == '{' || (depth > 0 && character == '}')) else {
            if depth > 0 {
                return Err("a `{base64:` is not closed by `}`".into());
            }
            literal.push_str(rest);
            *rest = "";
            push_literal(&mut parts, literal);
            return Ok(Template { parts, json: None });
        };
        let (before, after) = rest.split_at(brace);
        literal.push_str(before);
        if let Some(behind) = after.strip_prefix("{{") {
            literal.push(b"{");
            *rest = behind;
        } else if let Some(behind) = after.strip_prefix('}') {
            *rest = behind;
            push_literal(&mut parts, literal);
            return Ok(Template { parts, json: None });
        } else {
            push_literal(&mut parts, std::mem::take(&mut literal));
            if let Some(behind) = after.strip_prefix("{base64:") {
                *rest = behind;
                parts.push(Part::Base64(parse_enclosed(rest, depth + 1)?));
            } else {
                parts.push(Part::Placeholder(parse_placeholder(rest, after)?));
            }
        }
    }
}

fn parse_placeholder<'a>(rest: &mut &'a str, after: &'a str) -> Result<Placeholder, String> {
    let body = after.get(1..).unwrap_or_default();
    let known = body
        .split_once('}')
        .and_then(|(name, behind)| Placeholder::named(name).map(|placeholder| (placeholder, behind)));
    let Some((placeholder, behind)) = known else {
        let names = Placeholder::ALL.map(|(name, _)| format!("{{{name}}}")).join(", ");
        return Err(format!(
            "a `{{` begins no known placeholder; write `{{{{` for a brace, or one of {names}, {{base64:…}}"
        ));
    };
    *rest = behind;
    Ok(placeholder)
}

fn push_literal(parts: &mut Vec<Part>, literal: SecretBuffer) {
    if literal.len() == 0 {
        return;
    }
    if let Some(text) = literal.into_secret() {
        parts.push(Part::Literal(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(text: &str) -> String {
        let values = Values {
            client_id: "id",
            client_secret: "s3cret",
            uuid: "00000000-0000-4000-8000-000000000000".into(),
            now_ms: 951_827_696_789,
            client_assertion: Secret::default(),
            assertion: Secret::new("signed"),
        };
        Template::parse(text).unwrap().render(&values).expose().to_owned()
    }

    #[test]
    fn every_placeholder_is_replaced() {
        assert_eq!(render("{client_id}/{client_secret}"), "id/s3cret");
        assert_eq!(render("{uuid}"), "00000000-0000-4000-8000-000000000000");
        assert_eq!(render("{now}"), "2000-02-29T12:34:56Z");
        assert_eq!(render("{now_unix}"), "951827696");
        assert_eq!(render("{now_ms}"), "951827696789");
        assert_eq!(render("Bearer {assertion}"), "Bearer signed");
    }

    #[test]
    fn base64_encodes_what_it_encloses_nested_too() {
        assert_eq!(render("Basic {base64:{client_id}:{client_secret}}"), "Basic aWQ6czNjcmV0");
        assert_eq!(render("{base64:{base64:a}b}"), "WVE9PWI=");
        assert_eq!(render("{base64:}"), "");
    }

    #[test]
    fn a_doubled_brace_is_a_brace_and_a_closing_one_stands_for_itself() {
        assert_eq!(render("{{client_id}"), "{client_id}");
        assert_eq!(render(r#"{{"a":{{"b":1}}"#), r#"{"a":{"b":1}}"#);
        assert_eq!(render("a}b"), "a}b");
        assert_eq!(render("{base64:{{a}"), "e2E=");
        assert_eq!(render(""), "");
    }

    #[test]
    fn what_cannot_be_meant_is_refused_and_not_repeated() {
        for text in ["{", "{secret-value", "{secret-value}", "{Client_Id}", "{base64:secret-value", "{}"] {
            let error = Template::parse(text).expect_err(text);
            assert!(!error.contains("secret-value"), "{error}");
        }
        assert!(Template::parse(&"{base64:".repeat(100_000)).is_err());
    }

    #[test]
    fn it_is_known_which_credentials_a_value_needs() {
        let nested = Template::parse("x{base64:{base64:{client_secret}}}").unwrap();
        assert!(nested.needs_client_secret() && !nested.needs_client_id());
        assert!(Template::parse("{client_id}").unwrap().needs_client_id());
        assert!(!Template::parse("{{client_id}").unwrap().needs_client_id());
    }
}
