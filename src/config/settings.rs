//! What a client works with: options that have been checked against each other.

use std::path::PathBuf;
use std::time::Duration;

use crate::credentials::{SecretOrigin, SecretSource};
use crate::error::{Error, ErrorKind};
use crate::event::Observer;
use crate::protocol::{AnswerRules, BasicEncoding, ClientAuth, RequestRules, Url};
use crate::secret::Secret;

use super::Config;
use super::options::Values;
use super::value::{ByteCount, ProxyChoice, Refresh, Roots, UseRefreshToken};

/// All that the layers need to know; no value here needs to be checked again.
pub(crate) struct Settings {
    pub(crate) request: RequestRules,
    pub(crate) answer: AnswerRules,
    pub(crate) basic_encoding: BasicEncoding,
    pub(crate) secret: SecretOrigin,
    pub(crate) secret_alternate: Option<Secret>,
    pub(crate) observer: Option<Observer>,
    pub(crate) use_refresh_token: UseRefreshToken,
    pub(crate) limits: Limits,
    pub(crate) cache: CacheSettings,
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

/// What the built-in transport needs.
#[derive(Default)]
pub(crate) struct HttpSettings {
    pub(crate) connect_timeout: Duration,
    pub(crate) proxy: ProxyChoice,
    pub(crate) roots: Roots,
    pub(crate) certificate_authorities: Option<PemSource>,
    pub(crate) identity: Option<Identity>,
    /// The options of these that were set.
    explicit: Vec<&'static str>,
}

/// A client certificate and its key.
pub(crate) struct Identity {
    pub(crate) certificate: PemSource,
    pub(crate) key: PemSource,
}

/// PEM text, or where it is, with the option that says so.
pub(crate) struct PemSource {
    pub(crate) option: &'static str,
    pub(crate) text: PemText,
}

pub(crate) enum PemText {
    File(PathBuf),
    Text(Secret),
}

impl HttpSettings {
    /// Refuses options that a transport of the host's own would silently ignore.
    pub(crate) fn refuse_explicit(&self) -> Result<(), Error> {
        match self.explicit.first() {
            Some(option) => Err(refuse(format!(
                "option `{option}` belongs to the built-in transport, and this client has one of its own: set it there"
            ))),
            None => Ok(()),
        }
    }
}

impl Settings {
    /// Checks the options against each other.
    pub(crate) fn new(config: Config) -> Result<Self, Error> {
        if let Some(problem) = config.problem {
            return Err(problem);
        }
        let explicit = explicit_http_options(&config.values);
        let Config { values, params, headers, secret_source, observer, .. } = config;

        let allow_http = values.dangerous_allow_http.unwrap_or(false);
        let token_url = values.token_url.clone().ok_or_else(|| {
            refuse("option `token_url` is missing: set it to the provider's token endpoint, `https://…`")
        })?;
        check_scheme("token_url", &token_url, allow_http)?;
        let refresh_url = values.refresh_url.clone().unwrap_or_else(|| token_url.clone());
        check_scheme("refresh_url", &refresh_url, allow_http)?;

        let client_auth = values.client_auth.unwrap_or_default();
        let templates = || params.iter().chain(&headers).map(|(_, template)| template);
        let needs_id = client_auth != ClientAuth::None || templates().any(|template| template.needs_client_id());
        check_client_id(values.client_id.as_deref(), needs_id)?;
        let needs_secret = matches!(client_auth, ClientAuth::ClientSecretBasic | ClientAuth::ClientSecretPost)
            || templates().any(|template| template.needs_client_secret());
        let secret = secret_origin(&values, secret_source, needs_secret)?;
        if client_auth == ClientAuth::ClientSecretBasic {
            if let Some((name, _)) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization")) {
                return Err(refuse(format!(
                    "option `header.{name}` stands beside `client_auth` = `client_secret_basic`, which writes that \
                     header itself; set `client_auth` to `none`"
                )));
            }
        }
        let http = http_settings(&values, explicit)?;
        if is_mutual_tls(client_auth) && !token_url.is_https() {
            return Err(refuse(
                "`client_auth` wants a client certificate, which only a `token_url` with `https` can ask for",
            ));
        }
        if is_mutual_tls(client_auth) && http.identity.is_none() && cfg!(feature = "http") {
            return Err(refuse(
                "`client_auth` wants a client certificate: set `tls_cert_file` and `tls_key_file` \
                 (or `tls_cert_pem` and `tls_key_pem`)",
            ));
        }
        let ByteCount(max_response_bytes) = values.max_response_bytes.unwrap_or(ByteCount(256 << 10));
        if max_response_bytes == 0 {
            return Err(refuse("option `max_response_bytes` is 0, so that no answer could be read"));
        }
        Ok(Self {
            request: RequestRules {
                token_url,
                refresh_url,
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
                body_format: values.body_format.unwrap_or_default(),
                user_agent: values
                    .user_agent
                    .unwrap_or_else(|| concat!("oauth-token/", env!("CARGO_PKG_VERSION")).into()),
                max_response_bytes,
            },
            answer: AnswerRules {
                default_expires_in: values.default_expires_in.unwrap_or(Duration::from_secs(300)),
                max_expires_in: values.max_expires_in.unwrap_or(Duration::from_secs(315_360_000)),
            },
            basic_encoding: values.basic_encoding.unwrap_or_default(),
            secret,
            secret_alternate: values.client_secret_alternate,
            observer,
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

fn refuse(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Config, message)
}

fn not_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// A limit that is not 0; one beyond a year means none, and must not overflow a clock.
fn limit(option: &str, duration: Duration) -> Result<Duration, Error> {
    if duration.is_zero() {
        return Err(refuse(format!("option `{option}` is 0, so that nothing could be done in time")));
    }
    Ok(duration.min(LONGEST_LIMIT))
}

fn is_mutual_tls(client_auth: ClientAuth) -> bool {
    matches!(client_auth, ClientAuth::TlsClientAuth | ClientAuth::SelfSignedTlsClientAuth)
}

fn check_scheme(option: &str, url: &Url, allow_http: bool) -> Result<(), Error> {
    if url.is_https() || url.is_loopback() || allow_http {
        return Ok(());
    }
    Err(refuse(format!(
        "option `{option}`: {url} would send the secret unencrypted; use `https`, or, if you must, set \
         `dangerous_allow_http` to `true`"
    )))
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

fn secret_origin(values: &Values, source: Option<SecretSource>, needed: bool) -> Result<SecretOrigin, Error> {
    let origin = match (&values.client_secret, &values.client_secret_file, source) {
        (None, None, None) => SecretOrigin::Unneeded,
        (Some(secret), None, None) if secret.is_empty() => {
            return Err(refuse(
                "option `client_secret` is empty; where the provider wants none, set `client_auth` to `none` and \
                 leave it out",
            ));
        }
        (Some(secret), None, None) if secret.expose().ends_with('\n') => {
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
    let is_given = !matches!(origin, SecretOrigin::Unneeded);
    match (needed, is_given) {
        (true, false) => Err(refuse(
            "a client secret is missing: set `client_secret` or `client_secret_file` (or another `client_auth`)",
        )),
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

fn http_settings(values: &Values, explicit: Vec<&'static str>) -> Result<HttpSettings, Error> {
    let certificate = pem("tls_cert_file", &values.tls_cert_file, "tls_cert_pem", &values.tls_cert_pem)?;
    let key = pem("tls_key_file", &values.tls_key_file, "tls_key_pem", &values.tls_key_pem)?;
    let identity = match (certificate, key) {
        (Some(certificate), Some(key)) => Some(Identity { certificate, key }),
        (None, None) => None,
        (Some(certificate), None) => {
            return Err(refuse(format!(
                "option `{}` is set without its key: set `tls_key_file` or `tls_key_pem`",
                certificate.option
            )));
        }
        (None, Some(key)) => {
            return Err(refuse(format!(
                "option `{}` is set without its certificate: set `tls_cert_file` or `tls_cert_pem`",
                key.option
            )));
        }
    };
    Ok(HttpSettings {
        connect_timeout: limit("connect_timeout", values.connect_timeout.unwrap_or(Duration::from_secs(10)))?,
        proxy: values.proxy.clone().unwrap_or_default(),
        roots: values.roots.unwrap_or_default(),
        certificate_authorities: pem("ca_file", &values.ca_file, "ca_pem", &values.ca_pem)?,
        identity,
        explicit,
    })
}

fn pem(
    file_option: &'static str,
    file: &Option<PathBuf>,
    text_option: &'static str,
    text: &Option<Secret>,
) -> Result<Option<PemSource>, Error> {
    match (file, text) {
        (Some(_), Some(_)) => {
            Err(refuse(format!("options `{file_option}` and `{text_option}` are both set; keep one")))
        }
        (Some(path), None) => Ok(Some(PemSource { option: file_option, text: PemText::File(path.clone()) })),
        (None, Some(pem)) => Ok(Some(PemSource { option: text_option, text: PemText::Text(pem.clone()) })),
        (None, None) => Ok(None),
    }
}

fn explicit_http_options(values: &Values) -> Vec<&'static str> {
    const HTTP_OPTIONS: [&str; 9] = [
        "connect_timeout",
        "proxy",
        "roots",
        "ca_file",
        "ca_pem",
        "tls_cert_file",
        "tls_cert_pem",
        "tls_key_file",
        "tls_key_pem",
    ];
    HTTP_OPTIONS.into_iter().filter(|name| super::options::is_set(values, name)).collect()
}
