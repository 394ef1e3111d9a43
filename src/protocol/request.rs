//! Builds token requests (RFC 6749 §4.4.2, §6).

use std::sync::Arc;
use std::time::Duration;

use crate::cancellation::Cancellation;
use crate::secret::{Secret, SecretBuffer};
use crate::transport::Request;

use super::client_auth::{BasicVariant, ClientAuth};
use super::encoding::push_form_pair;
use super::json::Json;
use super::template::{Template, Values};
use super::url::Url;

/// How the parameters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum BodyFormat {
    /// `application/x-www-form-urlencoded`, as RFC 6749 §4.4.2 has it.
    #[default]
    Form,
    /// A JSON object; `param.a.b` nests.
    Json,
}

/// What all requests of one client have in common.
#[derive(Debug, Clone)]
pub(crate) struct RequestRules {
    pub(crate) token_url: Url,
    pub(crate) refresh_url: Url,
    pub(crate) client_id: Option<String>,
    pub(crate) client_auth: ClientAuth,
    /// `None` sends no `grant_type`.
    pub(crate) grant_type: Option<String>,
    pub(crate) scope: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) resource: Vec<String>,
    pub(crate) params: Vec<(String, Template)>,
    pub(crate) headers: Vec<(String, Template)>,
    pub(crate) body_format: BodyFormat,
    pub(crate) user_agent: String,
    pub(crate) max_response_bytes: usize,
}

/// What the client asks with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Grant<'a> {
    /// The configured grant.
    Configured,
    /// A refresh token (RFC 6749 §6).
    Refresh(&'a Secret),
}

/// Parameters that belong to a grant; a refresh must not repeat them.
const GRANT_PARAMETERS: [&str; 12] = [
    "code",
    "redirect_uri",
    "code_verifier",
    "device_code",
    "username",
    "password",
    "assertion",
    "subject_token",
    "subject_token_type",
    "actor_token",
    "actor_token_type",
    "requested_token_type",
];

impl RequestRules {
    /// The request for one attempt.
    pub(crate) fn build(
        &self,
        grant: Grant<'_>,
        basic: BasicVariant,
        values: &Values<'_>,
        timeout: Duration,
        cancellation: Arc<Cancellation>,
    ) -> Request {
        let mut headers = vec![
            ("Accept".to_owned(), Secret::new("application/json")),
            ("User-Agent".to_owned(), Secret::new(&self.user_agent)),
            ("Content-Type".to_owned(), Secret::new(self.body_format.content_type())),
        ];
        if self.client_auth == ClientAuth::ClientSecretBasic {
            headers.push(("Authorization".to_owned(), basic.authorization(values.client_id, values.client_secret)));
        }
        for (name, template) in &self.headers {
            headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            headers.push((name.clone(), template.render(values)));
        }
        Request {
            method: "POST",
            url: self.url(grant).clone(),
            headers,
            body: Some(self.body_format.write(&self.parameters(grant, values))),
            timeout,
            cancellation,
            max_response_bytes: self.max_response_bytes,
        }
    }

    /// Where a grant is sent.
    pub(crate) fn url(&self, grant: Grant<'_>) -> &Url {
        match grant {
            Grant::Configured => &self.token_url,
            Grant::Refresh(_) => &self.refresh_url,
        }
    }

    /// The `grant_type` that is sent, for messages.
    pub(crate) fn grant_type(&self, grant: Grant<'_>) -> Option<&str> {
        match grant {
            Grant::Configured => self.grant_type.as_deref(),
            Grant::Refresh(_) => Some("refresh_token"),
        }
    }

    /// The values that the user added and that may be secret: those of all headers, and of parameters whose name or
    /// placeholders say so.
    pub(crate) fn confidential_values(&self, values: &Values<'_>) -> Vec<Secret> {
        const CONFIDENTIAL: [&str; 8] =
            ["secret", "password", "code", "token", "assertion", "key", "signature", "credential"];
        // Shorter ones are words such as `2` or `opaque`, and taking them out would garble what a server says.
        const SHORTEST: usize = 8;
        let is_confidential = |name: &str, template: &Template| {
            let name = name.to_ascii_lowercase();
            template.needs_client_secret() || CONFIDENTIAL.iter().any(|word| name.contains(word))
        };
        let params = self.params.iter().filter(|(name, template)| is_confidential(name, template));
        params
            .chain(&self.headers)
            .map(|(_, template)| template.render(values))
            .filter(|value| value.expose().len() >= SHORTEST)
            .collect()
    }

    fn parameters(&self, grant: Grant<'_>, values: &Values<'_>) -> Vec<(String, Vec<Secret>)> {
        let mut parameters = Vec::new();
        let mut add = |name: &str, values: Vec<Secret>| {
            if !values.is_empty() {
                parameters.push((name.to_owned(), values));
            }
        };
        add("grant_type", self.grant_type(grant).map(Secret::new).into_iter().collect());
        match grant {
            Grant::Configured => {
                add("scope", self.scope.as_deref().map(Secret::new).into_iter().collect());
                add("audience", self.audience.as_deref().map(Secret::new).into_iter().collect());
                add("resource", self.resource.iter().map(|resource| Secret::new(resource)).collect());
            }
            Grant::Refresh(token) => add("refresh_token", vec![token.clone()]),
        }
        match self.client_auth {
            ClientAuth::ClientSecretPost => {
                add("client_id", vec![Secret::new(values.client_id)]);
                add("client_secret", vec![Secret::new(values.client_secret)]);
            }
            ClientAuth::TlsClientAuth | ClientAuth::SelfSignedTlsClientAuth => {
                add("client_id", vec![Secret::new(values.client_id)]);
            }
            ClientAuth::ClientSecretBasic | ClientAuth::None => {}
        }
        for (name, template) in &self.params {
            if matches!(grant, Grant::Refresh(_)) && GRANT_PARAMETERS.contains(&name.as_str()) {
                continue;
            }
            // A parameter must not be sent twice (RFC 6749 §3.2): the user's own replaces ours.
            parameters.retain(|(known, _)| known != name);
            parameters.push((name.clone(), vec![template.render(values)]));
        }
        parameters
    }
}

impl BodyFormat {
    fn content_type(self) -> &'static str {
        match self {
            Self::Form => "application/x-www-form-urlencoded",
            Self::Json => "application/json",
        }
    }

    fn write(self, parameters: &[(String, Vec<Secret>)]) -> Secret {
        match self {
            Self::Form => write_form(parameters),
            Self::Json => write_json(parameters),
        }
    }
}

fn write_form(parameters: &[(String, Vec<Secret>)]) -> Secret {
    let mut body = SecretBuffer::default();
    for (name, values) in parameters {
        for value in values {
            push_form_pair(&mut body, name, value.expose());
        }
    }
    body.into_secret().unwrap_or_default()
}

fn write_json(parameters: &[(String, Vec<Secret>)]) -> Secret {
    let mut members = Vec::new();
    for (name, values) in parameters {
        let value = match values.as_slice() {
            [single] => Json::Text(single.clone()),
            several => Json::Array(several.iter().cloned().map(Json::Text).collect()),
        };
        nest(&mut members, name, value);
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
