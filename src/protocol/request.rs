//! Builds token requests (RFC 6749 §4.4.2, §6).

use std::sync::Arc;
use std::time::Duration;

use crate::cancellation::Cancellation;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use crate::transport::Request;

use super::body::{BodyFormat, write_form};
use super::client_auth::{BasicVariant, ClientAuth};
use super::encoding::form_decoded;
use super::json::Json;
use super::template::{Template, Values};
use super::url::Url;

/// The methods that token endpoints take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Method {
    /// As RFC 6749 §3.2 has it.
    #[default]
    Post,
    /// For endpoints that only look like OAuth; the parameters are in the query.
    Get,
    /// The same.
    Put,
}

impl Method {
    /// As it is written in a request.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Get => "GET",
            Self::Put => "PUT",
        }
    }
}

/// Where requests go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoints {
    pub(crate) token_url: Url,
    pub(crate) refresh_url: Url,
}

impl Endpoints {
    pub(crate) fn url(&self, grant: Grant<'_>) -> &Url {
        match grant {
            Grant::Configured => &self.token_url,
            Grant::Refresh(_) => &self.refresh_url,
        }
    }
}

/// What all requests of one client have in common.
#[derive(Debug, Clone)]
pub(crate) struct RequestRules {
    pub(crate) method: Method,
    pub(crate) client_id: Option<String>,
    pub(crate) client_auth: ClientAuth,
    /// `None` sends no `grant_type`.
    pub(crate) grant_type: Option<String>,
    /// The grant is an assertion that is signed for each request (RFC 7523 §2.1).
    pub(crate) is_assertion_grant: bool,
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
const GRANT_PARAMETERS: [&str; 13] = [
    "refresh_token",
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

/// Parameters whose values help to understand what a server says.
const HARMLESS_NAMES: [&str; 10] = [
    "scope",
    "audience",
    "resource",
    "redirect_uri",
    "requested_token_type",
    "subject_token_type",
    "actor_token_type",
    "realm",
    "tenant",
    "Accept",
];

/// Words that are no secret wherever they stand.
const HARMLESS_WORDS: [&str; 8] =
    ["true", "false", "json", "token", "Bearer", "client_credentials", "application/json", "password"];

impl RequestRules {
    /// Whether the configured grant is used up by being sent (RFC 6749 §4.1.2, RFC 8628 §3.5).
    pub(crate) fn is_one_time(&self) -> bool {
        const ONE_TIME: [&str; 2] = ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"];
        self.grant_type(Grant::Configured).is_some_and(|grant_type| ONE_TIME.contains(&grant_type))
    }

    /// The request for one attempt.
    pub(crate) fn build(
        &self,
        grant: Grant<'_>,
        url: &Url,
        basic: BasicVariant,
        values: &Values<'_>,
        timeout: Duration,
        cancellation: Arc<Cancellation>,
    ) -> Result<Request, Error> {
        let mut headers = vec![
            ("Accept".to_owned(), Secret::new("application/json")),
            ("User-Agent".to_owned(), Secret::new(&self.user_agent)),
        ];
        if let Some(content_type) = self.body_format.content_type() {
            headers.push(("Content-Type".to_owned(), Secret::new(content_type)));
        }
        if self.client_auth == ClientAuth::ClientSecretBasic {
            headers.push(("Authorization".to_owned(), basic.authorization(values.client_id, values.client_secret)));
        }
        for (name, template) in &self.headers {
            headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            let value = template.render(values);
            if value.expose().bytes().any(|byte| byte.is_ascii_control() && byte != b'\t') {
                let text = format!("option `header.{name}`: what its placeholders stand for holds control characters");
                return Err(Error::new(ErrorKind::Config, text));
            }
            headers.push((name.clone(), value));
        }
        let parameters = self.parameters(grant, values);
        let url = match self.body_format {
            BodyFormat::Query => url.with_query(write_form(&parameters).expose()).map_err(|reason| {
                Error::new(ErrorKind::Config, format!("option `body_format` = `query`: with the parameters, {reason}"))
            })?,
            _ => url.clone(),
        };
        Ok(Request {
            method: self.method.as_str(),
            url,
            headers,
            body: self.body_format.write(&parameters),
            timeout,
            cancellation,
            max_response_bytes: self.max_response_bytes,
        })
    }

    /// The `grant_type` that is sent, for messages.
    pub(crate) fn grant_type(&self, grant: Grant<'_>) -> Option<&str> {
        match grant {
            Grant::Configured => self.grant_type.as_deref(),
            Grant::Refresh(_) => Some("refresh_token"),
        }
    }

    /// What else may be secret: the values of the user's own parameters and headers, and those in the URL's query, but for
    /// what is harmless by its name or as a word.
    pub(crate) fn confidential_values(&self, url: &Url, values: &Values<'_>) -> Vec<Secret> {
        let own = self.params.iter().chain(&self.headers).filter(|(name, _)| !HARMLESS_NAMES.contains(&name.as_str()));
        let rendered = own.flat_map(|(_, template)| {
            let whole = template.render(values);
            // A server may repeat what stands behind the scheme, as in `Basic …`.
            let behind = whole.expose().split_once(' ').map(|(_, rest)| Secret::new(rest));
            template.fragments(values).into_iter().chain(behind)
        });
        let query = url.query_values().flat_map(|value| [Some(Secret::new(value)), form_decoded(value)]).flatten();
        let is_confidential = |value: &Secret| {
            // Shorter ones, such as `v1`, would garble what a server says.
            value.expose().len() >= 4 && !HARMLESS_WORDS.contains(&value.expose())
        };
        rendered.chain(query).filter(is_confidential).collect()
    }

    /// Whether the configured grant is itself a refresh token.
    pub(crate) fn is_refresh_grant(&self) -> bool {
        self.grant_type.as_deref() == Some("refresh_token")
    }

    fn parameters(&self, grant: Grant<'_>, values: &Values<'_>) -> Vec<(String, Json)> {
        let mut parameters = Vec::new();
        let mut add = |name: &str, value: Option<&str>| {
            parameters.extend(value.map(|value| (name.to_owned(), Json::Text(Secret::new(value)))));
        };
        add("grant_type", self.grant_type(grant));
        match grant {
            Grant::Configured => {
                add("scope", self.scope.as_deref());
                add("audience", self.audience.as_deref());
                if self.is_assertion_grant {
                    add("assertion", Some(values.assertion.expose()));
                }
            }
            Grant::Refresh(token) => add("refresh_token", Some(token.expose())),
        }
        match self.client_auth {
            ClientAuth::ClientSecretPost => {
                add("client_id", Some(values.client_id));
                add("client_secret", Some(values.client_secret));
            }
            ClientAuth::TlsClientAuth | ClientAuth::SelfSignedTlsClientAuth => {
                add("client_id", Some(values.client_id));
            }
            ClientAuth::ClientSecretJwt | ClientAuth::PrivateKeyJwt => {
                add("client_assertion_type", Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
                add("client_assertion", Some(values.client_assertion.expose()));
            }
            // A public client says who it is (RFC 6749 §3.2.1), unless the user says it in another place.
            ClientAuth::None if !self.is_assertion_grant && !self.places_identity() => {
                add("client_id", self.client_id.as_deref());
            }
            ClientAuth::ClientSecretBasic | ClientAuth::None => {}
        }
        if matches!(grant, Grant::Configured) {
            match self.resource.as_slice() {
                [] => {}
                [single] => add("resource", Some(single)),
                several => {
                    let several = several.iter().map(|resource| Json::Text(Secret::new(resource))).collect();
                    parameters.push(("resource".to_owned(), Json::Array(several)));
                }
            }
        }
        for (name, template) in &self.params {
            if matches!(grant, Grant::Refresh(_)) && GRANT_PARAMETERS.contains(&name.as_str()) {
                continue;
            }
            // A parameter must not be sent twice (RFC 6749 §3.2): the user's own replaces ours.
            parameters.retain(|(known, _)| known != name);
            parameters.push((name.clone(), template.render_json(values)));
        }
        parameters
    }

    /// Whether the user says in a place of their own who the client is; an assertion names its issuer.
    fn places_identity(&self) -> bool {
        let mut templates = self.params.iter().chain(&self.headers).map(|(_, template)| template);
        templates.any(|template| template.needs_client_id() || template.needs_assertion())
    }
}
