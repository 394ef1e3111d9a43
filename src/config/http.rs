//! What the built-in transport is told.

use std::time::Duration;

use crate::error::Error;

use super::choices::{ProxyChoice, Roots};
use super::options::Values;
use super::pem::PemSource;
use super::settings::{limit, refuse};

/// The options that only the built-in transport has.
pub(super) const HTTP_OPTIONS: [&str; 9] = [
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

/// Those among them that are about certificates.
pub(super) const TLS_OPTIONS: [&str; 7] =
    ["roots", "ca_file", "ca_pem", "tls_cert_file", "tls_cert_pem", "tls_key_file", "tls_key_pem"];

/// What the built-in transport needs.
#[derive(Default)]
pub(crate) struct HttpSettings {
    pub(crate) connect_timeout: Duration,
    pub(crate) user_agent: String,
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

impl HttpSettings {
    /// Checks the transport's options against each other.
    pub(super) fn new(values: &Values) -> Result<Self, Error> {
        let certificate = PemSource::new("tls_cert_file", &values.tls_cert_file, "tls_cert_pem", &values.tls_cert_pem)?;
        let key = PemSource::new("tls_key_file", &values.tls_key_file, "tls_key_pem", &values.tls_key_pem)?;
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
        Ok(Self {
            connect_timeout: limit("connect_timeout", values.connect_timeout.unwrap_or(Duration::from_secs(10)))?,
            user_agent: values
                .user_agent
                .clone()
                .unwrap_or_else(|| concat!("oauth-token/", env!("CARGO_PKG_VERSION")).into()),
            proxy: values.proxy.clone().unwrap_or_default(),
            roots: values.roots.unwrap_or_default(),
            certificate_authorities: PemSource::new("ca_file", &values.ca_file, "ca_pem", &values.ca_pem)?,
            identity,
            explicit: explicit_options(values),
        })
    }

    /// Refuses options that a transport of the host's own would silently ignore.
    pub(super) fn refuse_explicit(&self) -> Result<(), Error> {
        match self.explicit.first() {
            Some(option) => Err(refuse(format!(
                "option `{option}` belongs to the built-in transport, and this client has one of its own: set it there"
            ))),
            None => Ok(()),
        }
    }
}

fn explicit_options(values: &Values) -> Vec<&'static str> {
    HTTP_OPTIONS.into_iter().filter(|name| super::options::is_set(values, name)).collect()
}
