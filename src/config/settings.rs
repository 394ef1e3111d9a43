//! What a client works with: options that have been checked against each other.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use crate::credentials::{SecretOrigin, SecretSource};
use crate::error::{Error, ErrorKind};
use crate::event::Observer;
use crate::protocol::{AnswerRules, BasicEncoding, BodyFormat, ClientAuth, Path, RequestRules, Template};
use crate::secret::Secret;
use crate::transport::{RequestHook, Transport};

use super::Config;
use super::assertion::{Assertions, JWT_BEARER};
use super::choices::{Refresh, UseRefreshToken};
use super::endpoint::EndpointSource;
use super::http::HttpSettings;
use super::options::Values;
use super::parameters;
use super::value::ByteCount;

/// All that the layers need to know; no value here needs to be checked again.
pub(crate) struct Settings {
    pub(crate) endpoints: EndpointSource,
    pub(crate) assertions: Assertions,
    pub(crate) request: RequestRules,
    pub(crate) answer: AnswerRules,
    pub(crate) basic_encoding: BasicEncoding,
    pub(crate) secret: SecretOrigin,
    pub(crate) secret_alternate: Option<Secret>,
    pub(crate) observer: Option<Observer>,
    pub(crate) request_hook: Option<RequestHook>,
    /// The host's own; the built-in one where there is none.
    pub(crate) transport: Option<Arc<dyn Transport>>,
    pub(crate) use_refresh_token: UseRefreshToken,
    pub(crate) limits: Limits,
    pub(crate) cache: CacheSettings,
    // Without the built-in transport, they are only checked.
    #[cfg_attr(not(feature = "http"), allow(dead_code))]
    pub(crate) http: HttpSettings,
}

/// The longest limit that is taken as it is.
pub(crate) const LONGEST_LIMIT: Duration = Duration::from_secs(365 * 86_400);

/// How long and how often.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) timeout: Duration,
    pub(crate) refresh_timeout: Duration,
    pub(crate) max_retries: u32,
}

/// What decides when a token is renewed and when a failure is asked about again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CacheSettings {
    pub(crate) refresh_margin: Duration,
    pub(crate) max_retry_after: Duration,
    /// Nobody renews early but who is told to.
    pub(crate) is_refresh_manual: bool,
}

impl Settings {
    /// Checks the options against each other.
    pub(crate) fn new(config: Config) -> Result<Self, Error> {
        if let Some(problem) = config.problem {
            return Err(problem);
        }
        let http = HttpSettings::new(&config.values)?;
        if config.transport.is_some() {
            http.refuse_explicit()?;
        }
        let Config {
            values, params, headers, claims, secret_source, observer, request_hook, transport, inherited, ..
        } = config;

        let endpoints = EndpointSource::new(&values)?;

        let client_auth = values.client_auth.unwrap_or_default();
        let templates = || params.iter().chain(&headers).map(|(_, template)| template);
        let needs_id = client_auth != ClientAuth::None || templates().any(|template| template.needs_client_id());
        check_client_id(values.client_id.as_deref(), needs_id)?;
        let sends_secret = matches!(
            client_auth,
            ClientAuth::ClientSecretBasic | ClientAuth::ClientSecretPost | ClientAuth::ClientSecretJwt
        );
        let needs_secret = sends_secret || templates().any(|template| template.needs_client_secret());
        let secret = secret_origin(&values, secret_source, needs_secret, inherited.secret)?;
        if client_auth == ClientAuth::ClientSecretBasic {
            if let Some((name, _)) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization")) {
                return Err(refuse(format!(
                    "option `header.{name}` stands beside `client_auth` = `client_secret_basic`, which writes that \
                     header itself; set `client_auth` to `none`"
                )));
            }
        }
        if client_auth.is_mutual_tls() && values.token_url.as_ref().is_some_and(|url| !url.is_https()) {
            return Err(refuse(
                "`client_auth` wants a client certificate, which only a `token_url` with `https` can ask for",
            ));
        }
        let ByteCount(max_response_bytes) = values.max_response_bytes.unwrap_or(ByteCount(256 << 10));
        if max_response_bytes == 0 {
            return Err(refuse("option `max_response_bytes` is 0, so that no answer could be read"));
        }
        parameters::check_names(&params, &values)?;
        let answer = answer_rules(&values)?;
        let method = values.method.unwrap_or_default();
        let body_format = values.body_format.unwrap_or_default();
        parameters::check_method(method, body_format)?;
        if body_format == BodyFormat::None {
            parameters::check_nothing_is_lost(&params, &values, client_auth)?;
        }
        let is_given = params.iter().any(|(name, _)| name == "assertion");
        let is_assertion_grant = values.grant_type.as_deref() == Some(JWT_BEARER) && !is_given;
        let is_placed = templates().any(Template::needs_assertion);
        let assertions = Assertions::new(&values, claims, client_auth, is_assertion_grant, is_placed, inherited.key)?;
        Ok(Self {
            endpoints,
            assertions,
            request: RequestRules {
                method,
                is_assertion_grant,
                client_id: values.client_id,
                client_auth,
                grant_type: match values.grant_type {
                    Some(name) => not_empty(name),
                    None => Some("client_credentials".into()),
                },
                scope: values.scope.and_then(not_empty),
                audience: values.audience.and_then(not_empty),
                resource: values
                    .resource
                    .map(|list| list.split_whitespace().map(str::to_owned).collect())
                    .unwrap_or_default(),
                params,
                headers,
                body_format,
                user_agent: http.user_agent.clone(),
                max_response_bytes,
            },
            answer,
            basic_encoding: values.basic_encoding.unwrap_or_default(),
            secret,
            secret_alternate: values.client_secret_alternate.filter(|_| needs_secret),
            observer,
            request_hook,
            transport,
            use_refresh_token: values.use_refresh_token.unwrap_or_default(),
            limits: Limits {
                timeout: limit("timeout", values.timeout.unwrap_or(Duration::from_secs(30)))?,
                refresh_timeout: limit("refresh_timeout", values.refresh_timeout.unwrap_or(Duration::from_secs(5)))?,
                max_retries: values.max_retries.unwrap_or(2),
            },
            cache: CacheSettings {
                refresh_margin: values.refresh_margin.unwrap_or(Duration::from_secs(300)),
                max_retry_after: values.max_retry_after.unwrap_or(Duration::from_secs(300)),
                is_refresh_manual: values.refresh.unwrap_or_default() == Refresh::Manual,
            },
            http,
        })
    }
}

#[cfg(feature = "http")]
impl Settings {
    /// Refuses a client that would prove who it is by a certificate and has none. A transport of the host's own brings
    /// its certificate along.
    pub(crate) fn check_identity(&self) -> Result<(), Error> {
        if self.request.client_auth.is_mutual_tls() && self.http.identity.is_none() {
            return Err(refuse(
                "`client_auth` wants a client certificate: set `tls_cert_file` and `tls_key_file` \
                 (or `tls_cert_pem` and `tls_key_pem`)",
            ));
        }
        Ok(())
    }
}

pub(super) fn refuse(message: impl AsRef<str>) -> Error {
    Error::new(ErrorKind::Config, message)
}

fn answer_rules(values: &Values) -> Result<AnswerRules, Error> {
    let rules = AnswerRules {
        token_path: match &values.token_path {
            Some(path) => path.clone(),
            None => Path::from_str("access_token").map_err(refuse)?,
        },
        expires_path: values.expires_path.clone(),
        expires_format: values.expires_format.unwrap_or_default(),
        expires_utc_offset: values.expires_utc_offset.unwrap_or_default(),
        default_expires_in: values.default_expires_in.unwrap_or(Duration::from_secs(300)),
        is_lifetime_expected: values.default_expires_in.is_none()
            || values.expires_path.is_some()
            || values.expires_format.is_some(),
        max_expires_in: values.max_expires_in.unwrap_or(Duration::from_secs(315_360_000)),
    };
    for (option, lifetime) in
        [("default_expires_in", rules.default_expires_in), ("max_expires_in", rules.max_expires_in)]
    {
        if lifetime.is_zero() {
            return Err(refuse(format!("option `{option}` is 0, so that every token would arrive expired")));
        }
    }
    Ok(rules)
}

fn not_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// A limit that is not 0; one beyond a year means none, and must not overflow a clock.
pub(super) fn limit(option: &str, duration: Duration) -> Result<Duration, Error> {
    if duration.is_zero() {
        return Err(refuse(format!("option `{option}` is 0, so that nothing could be done in time")));
    }
    Ok(duration.min(LONGEST_LIMIT))
}

fn check_client_id(client_id: Option<&str>, needed: bool) -> Result<(), Error> {
    match client_id {
        None if needed => {
            Err(refuse("option `client_id` is missing: set it to the identifier that the provider gave you"))
        }
        Some("") => Err(refuse("option `client_id` is empty")),
        _ => Ok(()),
    }
}

fn secret_origin(
    values: &Values,
    source: Option<SecretSource>,
    needed: bool,
    is_inherited: bool,
) -> Result<SecretOrigin, Error> {
    let origin = match (&values.client_secret, &values.client_secret_file, source) {
        (None, None, None) => SecretOrigin::Unneeded,
        (Some(secret), None, None) if secret.is_empty() => {
            return Err(refuse(
                "option `client_secret` is empty; where the provider wants none, set `client_auth` to `none` and \
                 leave it out",
            ));
        }
        (Some(secret), None, None) if secret.has_line_end() => {
            return Err(refuse(
                "option `client_secret` ends with a line end: cut it off, or let `client_secret_file` read the file",
            ));
        }
        (Some(secret), None, None) => SecretOrigin::Text(secret.clone()),
        (None, Some(path), None) => SecretOrigin::File(path.clone()),
        (None, None, Some(source)) => SecretOrigin::Callback(source),
        _ => {
            return Err(refuse(
                "more than one of `client_secret`, `client_secret_file` and a secret callback is set; keep one",
            ));
        }
    };
    if values.client_secret_alternate.as_ref().is_some_and(Secret::is_empty) {
        return Err(refuse("option `client_secret_alternate` is empty; leave it out"));
    }
    if values.client_secret_alternate.as_ref().is_some_and(Secret::has_line_end) {
        return Err(refuse("option `client_secret_alternate` ends with a line end: cut it off"));
    }
    let is_given = !matches!(origin, SecretOrigin::Unneeded);
    match (needed, is_given) {
        (true, false) => Err(refuse(
            "a client secret is missing: set `client_secret` or `client_secret_file` (or another `client_auth`)",
        )),
        (false, true) if is_inherited => Ok(SecretOrigin::Unneeded),
        (false, true) => Err(refuse(
            "a client secret is set but nothing would send it: choose another `client_auth`, or put \
             `{client_secret}` into a `param.NAME` or `header.NAME`",
        )),
        (false, false) if values.client_secret_alternate.is_some() => {
            Err(refuse("option `client_secret_alternate` needs `client_secret` or `client_secret_file` beside it"))
        }
        _ => Ok(origin),
    }
}
