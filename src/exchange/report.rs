//! What an exchange says about its failures.

use crate::config::EndpointSource;
use crate::error::{Error, ErrorKind};
use crate::line::clean;
use crate::protocol::{BasicVariant, BodyFormat, ClientAuth, Grant, Values};
use crate::transport::{TransportError, TransportErrorKind};

use super::{Run, Setback};

/// What a failure means for a grant that may be used once.
pub(super) const USED_UP: &str = "this grant may be used once and has now been sent, so a new one is needed";

impl Run<'_> {
    /// The error for the caller.
    pub(super) fn explain(&self, setback: Setback, grant: Grant<'_>) -> Error {
        match setback {
            Setback::Refused(failure) => {
                let is_refused = failure.is_credentials_refused();
                let told = failure.into_error(&self.origin(grant), &self.sent(grant), &self.ingredients(grant));
                told.with_credentials_refused(is_refused)
            }
            Setback::Unanswered(error) => {
                let told = Error::new(kind_of(error.kind), format!("{}: {}", self.origin(grant), error.message));
                with_code_of(&error, told)
            }
            Setback::Other(error) => error,
        }
    }

    /// Why nothing is left to ask with.
    pub(super) fn spent(&self, refused_refresh: Option<Error>) -> Error {
        let grant_type = self.exchange.request.grant_type(Grant::Configured).unwrap_or_default();
        let refresh = match refused_refresh {
            Some(error) => format!("the refresh token was refused ({error})"),
            None => "there is no refresh token".into(),
        };
        Error::new(
            ErrorKind::Spent,
            format!(
                "the `{grant_type}` grant may be used once and has been used, and {refresh}; obtain a new one and make \
                 a new client with it"
            ),
        )
    }

    /// The option and the URL that a message is about.
    pub(super) fn origin(&self, grant: Grant<'_>) -> String {
        let Some(endpoints) = &self.endpoints else {
            return "token_url".into();
        };
        let url = endpoints.url(grant);
        let option = match grant {
            Grant::Refresh(_) if *url != endpoints.token_url => "refresh_url",
            _ => "token_url",
        };
        match matches!(self.exchange.endpoints, EndpointSource::Issuer { .. }) {
            // It is the server's word, like all that it says.
            true => format!("{option} {}", self.redactor.clean(&url.to_string(), 300)),
            false => format!("{option} {url}"),
        }
    }

    /// Secrets that a server may have learnt from earlier exchanges.
    pub(super) fn hide_what_is_known(&mut self) {
        for secret in self.exchange.credentials.known(self.credentials) {
            self.redactor.hide(secret.expose());
        }
        if let Some(token) = &self.memory.refresh_token {
            self.redactor.hide(token.text.expose());
        }
    }

    /// What a request sends in secret must not appear in an error, whatever a server says: neither to this request nor to a
    /// later one.
    pub(super) fn hide_what_is_sent(&mut self, values: &Values<'_>, grant: Grant<'_>) {
        let request = &self.exchange.request;
        let redactor = &mut self.redactor;
        redactor.hide(values.client_secret);
        if request.client_auth == ClientAuth::ClientSecretBasic {
            // Each way of writing them: a gateway may repeat the request before this one.
            for variant in BasicVariant::ALL {
                let header = variant.authorization(values.client_id, values.client_secret);
                redactor.hide(header.expose().trim_start_matches("Basic "));
            }
        }
        if let Grant::Refresh(token) = grant {
            redactor.hide(token.expose());
        }
        redactor.hide(values.client_assertion.expose());
        redactor.hide(values.assertion.expose());
        if let Some(endpoints) = &self.endpoints {
            for value in request.confidential_values(endpoints.url(grant), values) {
                redactor.hide(value.expose());
            }
        }
    }

    /// What was sent and how, without secrets.
    fn sent(&self, grant: Grant<'_>) -> String {
        let mut said = match self.exchange.request.client_auth {
            ClientAuth::ClientSecretBasic => {
                let variants: Vec<&str> = self.tried.variants.iter().map(|variant| variant.name()).collect();
                format!("client_secret_basic (`basic_encoding` {})", variants.join(", then "))
            }
            ClientAuth::ClientSecretPost => "client_secret_post".into(),
            ClientAuth::ClientSecretJwt => "client_secret_jwt".into(),
            ClientAuth::PrivateKeyJwt => "private_key_jwt".into(),
            ClientAuth::TlsClientAuth => "tls_client_auth".into(),
            ClientAuth::SelfSignedTlsClientAuth => "self_signed_tls_client_auth".into(),
            ClientAuth::None => "client_auth none".into(),
        };
        if self.tried.secrets > 1 {
            said.push_str(" with another secret after the first was refused");
        }
        if let Some(told) = self.exchange.request.body_format.told() {
            said.push_str(&format!(", {told}"));
        }
        let mut add = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                said.push_str(&format!(", {name} `{}`", clean(value, 100)));
            }
        };
        add("client_id", self.exchange.request.client_id.as_deref());
        if self.exchange.request.body_format != BodyFormat::None {
            add("grant_type", self.exchange.request.grant_type(grant));
        }
        if matches!(grant, Grant::Configured) {
            add("scope", self.exchange.request.scope.as_deref());
            add("audience", self.exchange.request.audience.as_deref());
            let resource = self.exchange.request.resource.join(" ");
            add("resource", Some(resource.as_str()).filter(|resource| !resource.is_empty()));
        }
        let assertions = &self.exchange.assertions;
        let is_configured = matches!(grant, Grant::Configured);
        let granted = is_configured.then(|| self.told_of(&assertions.grant)).flatten();
        for (name, told) in [("client_assertion", self.told_of(&assertions.proof)), ("assertion", granted)] {
            if let Some(told) = told {
                said.push_str(&format!(", {name} ({told})"));
            }
        }
        said
    }
}

/// The same with what a callback of the host's returned, if that is how it came about.
pub(super) fn with_code_of(cause: &TransportError, told: Error) -> Error {
    match cause.callback_code {
        Some(code) => told.with_callback_code(code),
        None => told,
    }
}

pub(super) fn kind_of(kind: TransportErrorKind) -> ErrorKind {
    match kind {
        TransportErrorKind::Request => ErrorKind::Config,
        TransportErrorKind::Resolve
        | TransportErrorKind::Connect
        | TransportErrorKind::Proxy
        | TransportErrorKind::Interrupted
        | TransportErrorKind::Other => ErrorKind::Network,
        TransportErrorKind::Tls => ErrorKind::Tls,
        TransportErrorKind::Timeout => ErrorKind::Timeout,
        TransportErrorKind::Protocol | TransportErrorKind::TooLarge => ErrorKind::Response,
    }
}
