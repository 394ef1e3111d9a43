//! What a client is told, option by option.

mod assertion;
mod choices;
mod endpoint;
mod environment;
// Without the built-in transport, its options are only checked.
#[cfg_attr(not(feature = "http"), allow(dead_code))]
mod http;
mod json;
mod label;
mod names;
mod nearest;
mod options;
mod overlay;
mod parameters;
// Without what reads them, keys are only checked for contradictions.
#[cfg_attr(not(any(feature = "http", feature = "jwt")), allow(dead_code))]
mod pem;
mod settings;
mod value;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::credentials::{SecretRequest, SecretSource};
use crate::error::{Error, ErrorKind};
use crate::event::{Event, Observer};
use crate::line::clean;
use crate::protocol::{Json, Template};
use crate::secret::Secret;
use crate::transport::{Request, RequestHook, Transport};

pub(crate) use assertion::{AssertionSource, Assertions, JWT_BEARER};
pub use choices::{ProxyChoice, Refresh, Roots, UseRefreshToken};
pub(crate) use endpoint::{EndpointSource, check_scheme};
#[cfg(feature = "http")]
pub(crate) use http::{HttpSettings, Identity};
pub(crate) use names::check_header;
use names::{check_parameter_name, unknown};
pub use options::{ConfigOption, options};
use overlay::Inherited;
pub(crate) use overlay::Overridden;
#[cfg(feature = "http")]
pub(crate) use pem::PemSource;
pub(crate) use settings::LONGEST_LIMIT;
pub(crate) use settings::{CacheSettings, Limits, Settings};

/// The options of a client, before it is made.
///
/// Every option has one name, the same as a method here, in [`set`](Config::set), in JSON, and (upper case, behind
/// `OAUTH_`) in the environment. What was not set has the default of the [option table](options()).
///
/// A value that cannot be is remembered and reported by [`ClientBuilder::build`](crate::ClientBuilder::build), so that a
/// chain of methods needs one check, at its end; a later, better value does not undo it. `Debug` shows which options are
/// set, never their values.
#[derive(Clone, Default)]
#[must_use = "a config does nothing until a client is made from it"]
pub struct Config {
    values: options::Values,
    params: Vec<(String, Template)>,
    headers: Vec<(String, Template)>,
    claims: Vec<(String, Json)>,
    secret_source: Option<SecretSource>,
    observer: Option<Observer>,
    request_hook: Option<RequestHook>,
    transport: Option<Arc<dyn Transport>>,
    inherited: Inherited,
    /// What was set for a derived client, by its name.
    overrides: Vec<String>,
    problem: Option<Error>,
}

impl Config {
    /// No option set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an option by its name, from text.
    ///
    /// Durations are `30s`, `500ms`, `5m`, `1h` or a bare number of seconds; sizes are `256KiB`, `1MiB` or a bare
    /// number of bytes; truth is `true` or `false`. `param.NAME` and `header.NAME` set parameters and headers.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] where the name is unknown (the text suggests the nearest) or the value cannot be.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let outcome = self.set_option(name, value);
        self.remember(outcome)
    }

    /// Sets many options at once from a JSON object: `{"token_url": "…", "timeout": 10, "param": {"tenant": "a"}}`.
    ///
    /// A value may be text, a number, a boolean, or for `scope` and `resource` a list of texts. `param` and
    /// `header` may be objects, and `param.NAME` a name of its own.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] where the text is not a JSON object, or as for [`set`](Config::set).
    pub fn set_json(&mut self, json: &str) -> Result<(), Error> {
        let outcome = json::apply(self, json);
        self.remember(outcome)
    }

    /// Sets what the environment names: `OAUTH_TOKEN_URL`, `OAUTH_CLIENT_ID` … for each option, and `OAUTH_CONFIG`,
    /// a JSON object as for [`set_json`](Config::set_json), for everything else. A variable of its own wins over
    /// `OAUTH_CONFIG`; an empty variable counts as not set.
    ///
    /// # Errors
    ///
    /// As for [`set`](Config::set); the text names the variable.
    pub fn set_from_env(&mut self) -> Result<(), Error> {
        let outcome = environment::apply(self, &|name| std::env::var_os(name));
        self.remember(outcome)
    }

    /// The options that the environment names; see [`set_from_env`](Config::set_from_env).
    ///
    /// # Errors
    ///
    /// As for [`set_from_env`](Config::set_from_env).
    pub fn from_env() -> Result<Self, Error> {
        let mut config = Self::new();
        config.set_from_env()?;
        Ok(config)
    }

    /// A further parameter of the token request. `{client_id}`, `{client_secret}`, `{uuid}`, `{now}`, `{now_unix}`,
    /// `{now_ms}`, `{date}`, these with an offset as in `{now+7d}` or `{now_unix+300}` (units `s`, `m`, `h`, `d`), and
    /// `{base64:…}` are filled in; `{{` is a brace. It replaces a parameter of that name that would be sent anyway.
    pub fn param(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        // Remembered, and reported by `Client::new`.
        let _ = self.set(&format!("param.{}", name.as_ref()), value.as_ref());
        self
    }

    /// A further claim of signed assertions (RFC 7519 §4), or another value for one that they have anyway; empty leaves
    /// that one out.
    pub fn assertion_claim(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        // Remembered, and reported by `Client::new`.
        let _ = self.set(&format!("assertion_claim.{}", name.as_ref()), value.as_ref());
        self
    }

    /// A further header of the token request, with the placeholders of [`param`](Config::param).
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        // Remembered, and reported by `Client::new`.
        let _ = self.set(&format!("header.{}", name.as_ref()), value.as_ref());
        self
    }

    /// Asks `source` for the secret at every exchange, on the thread of the caller that makes it. Where its answer is
    /// refused, it is asked once more. A failure of its is an error of kind [`ErrorKind::Secret`], and so is a secret that is
    /// empty, holds a NUL or ends with a line end.
    ///
    /// It must not ask the same client for a token, which is [`ErrorKind::Reentrant`].
    pub fn secret_source<E: fmt::Display>(
        mut self,
        source: impl Fn(SecretRequest) -> Result<Secret, E> + Send + Sync + 'static,
    ) -> Self {
        self.set_secret_function(move |request| {
            source(request)
                .map_err(|error| Error::new(ErrorKind::Secret, format!("the secret callback failed: {error}")))
        });
        self
    }

    /// Tells `observer` what the client does, on the thread on which it happens and without a lock held. What the
    /// client does for the observer itself is not told: that might have no end. Derived clients share it unless theirs is
    /// another; [`Event::client`] says which of them speaks.
    pub fn observer(mut self, observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.set_observer(observer);
        self
    }

    /// Lets `hook` change each token request before it is sent: for values that no placeholder can express, such as a
    /// signature over the others. A failure of its is an error of kind [`ErrorKind::Callback`], and nothing is sent.
    pub fn request_hook<E: fmt::Display>(
        mut self,
        hook: impl Fn(&mut Request) -> Result<(), E> + Send + Sync + 'static,
    ) -> Self {
        self.set_request_hook(move |request| {
            hook(request)
                .map_err(|error| Error::new(ErrorKind::Callback, format!("the request callback failed: {error}")))
        });
        self
    }

    /// Sends requests through `transport` instead of the built-in one, whose options (`proxy`, `ca_file` and their kin)
    /// may then not be set.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.set_transport(transport);
        self
    }

    pub(crate) fn set_transport(&mut self, transport: Arc<dyn Transport>) {
        self.transport = Some(transport);
    }

    pub(crate) fn set_request_hook(
        &mut self,
        hook: impl Fn(&mut Request) -> Result<(), Error> + Send + Sync + 'static,
    ) {
        self.request_hook = Some(Arc::new(hook));
    }

    pub(crate) fn set_secret_function(
        &mut self,
        source: impl Fn(SecretRequest) -> Result<Secret, Error> + Send + Sync + 'static,
    ) {
        self.secret_source = Some(SecretSource(Arc::new(source)));
    }

    pub(crate) fn set_observer(&mut self, observer: impl Fn(&Event<'_>) + Send + Sync + 'static) {
        self.observer = Some(Arc::new(observer));
    }

    fn set_option(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let refuse = |reason: String| Error::new(ErrorKind::Config, format!("option `{}`: {reason}", clean(name, 60)));
        if name.contains('\0') || value.contains('\0') {
            return Err(Error::new(ErrorKind::Config, "an option holds a NUL character, which C cannot read back"));
        }
        if let Some(parameter) = name.strip_prefix("param.") {
            check_parameter_name(parameter).map_err(refuse)?;
            let template = Template::parse(value).map_err(refuse)?;
            replace(&mut self.params, template, parameter, str::eq);
            return Ok(());
        }
        if let Some(claim) = name.strip_prefix("assertion_claim.") {
            self.set_claim(claim, Json::Text(Secret::new(value)));
            return Ok(());
        }
        if let Some(header) = name.strip_prefix("header.") {
            check_header(header, value).map_err(refuse)?;
            let template = Template::parse(value).map_err(refuse)?;
            replace(&mut self.headers, template, header, str::eq_ignore_ascii_case);
            return Ok(());
        }
        let Some(option) = options::find(name) else {
            return Err(unknown(name));
        };
        option.set(&mut self.values, value).map_err(refuse)
    }

    /// Sets a parameter or claim to a value that is not text.
    fn set_json_value(&mut self, name: &str, value: &Json) -> Result<bool, Error> {
        if let Some(parameter) = name.strip_prefix("param.") {
            let refuse =
                |reason: String| Error::new(ErrorKind::Config, format!("option `{}`: {reason}", clean(name, 60)));
            check_parameter_name(parameter).map_err(refuse)?;
            let template = Template::from_json(value).map_err(refuse)?;
            replace(&mut self.params, template, parameter, str::eq);
            return Ok(true);
        }
        if let Some(claim) = name.strip_prefix("assertion_claim.") {
            self.set_claim(claim, value.clone());
            return Ok(true);
        }
        Ok(false)
    }

    fn set_claim(&mut self, name: &str, value: Json) {
        self.claims.retain(|(known, _)| known != name);
        self.claims.push((name.to_owned(), value));
    }

    /// Keeps the first problem for `Client::new`.
    pub(crate) fn remember(&mut self, outcome: Result<(), Error>) -> Result<(), Error> {
        if let (None, Err(error)) = (&self.problem, &outcome) {
            self.problem = Some(error.clone());
        }
        outcome
    }

    fn is_set(&self, name: &str) -> bool {
        options::is_set(&self.values, name)
    }
}

impl FromStr for Config {
    type Err = Error;

    /// The options of a JSON object; see [`set_json`](Config::set_json).
    fn from_str(json: &str) -> Result<Self, Error> {
        let mut config = Self::new();
        config.set_json(json)?;
        Ok(config)
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Config")?;
        formatter.debug_list().entries(self.set_names()).finish()
    }
}

fn replace(list: &mut Vec<(String, Template)>, template: Template, name: &str, is_same: impl Fn(&str, &str) -> bool) {
    list.retain(|(known, _)| !is_same(known, name));
    list.push((name.to_owned(), template));
}
