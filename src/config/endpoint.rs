//! Where tokens are asked for, and by whom that is named.

use crate::error::Error;
use crate::protocol::{Endpoints, Url};

use super::options::Values;
use super::settings::refuse;

/// How the token URL is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EndpointSource {
    /// `token_url`.
    Configured(Endpoints),
    /// `issuer`, whose metadata names it.
    Issuer {
        issuer: Url,
        /// `refresh_url`, where it was set.
        refresh_url: Option<Url>,
        /// Whether the metadata may name a URL without TLS.
        allow_http: bool,
    },
}

impl EndpointSource {
    /// As the options say; one of two must name it.
    pub(super) fn new(values: &Values) -> Result<Self, Error> {
        let allow_http = values.dangerous_allow_http.unwrap_or(false);
        if let Some(url) = &values.refresh_url {
            check_scheme("refresh_url", url, allow_http)?;
        }
        match (&values.token_url, &values.issuer) {
            (Some(token_url), None) => {
                check_scheme("token_url", token_url, allow_http)?;
                let refresh_url = values.refresh_url.clone().unwrap_or_else(|| token_url.clone());
                Ok(Self::Configured(Endpoints { token_url: token_url.clone(), refresh_url }))
            }
            (None, Some(issuer)) => {
                check_scheme("issuer", issuer, allow_http)?;
                if issuer.query_values().any(|value| !value.is_empty()) {
                    return Err(refuse("option `issuer`: it has a query, which an issuer must not have (RFC 8414 §2)"));
                }
                let refresh_url = values.refresh_url.clone();
                Ok(Self::Issuer { issuer: issuer.clone(), refresh_url, allow_http })
            }
            (Some(_), Some(_)) => Err(refuse("options `token_url` and `issuer` are both set; keep one")),
            (None, None) => Err(refuse(
                "option `token_url` is missing: set it to the provider's token endpoint, `https://…` (or `issuer`)",
            )),
        }
    }

    /// The token URL or the issuer.
    pub(crate) fn server(&self) -> String {
        match self {
            Self::Configured(endpoints) => endpoints.token_url.as_text(),
            Self::Issuer { issuer, .. } => issuer.as_text(),
        }
    }
}

/// Refuses a URL to which a secret would travel unencrypted.
pub(crate) fn check_scheme(option: &str, url: &Url, allow_http: bool) -> Result<(), Error> {
    if url.is_https() || url.is_loopback() || allow_http {
        return Ok(());
    }
    Err(refuse(format!(
        "option `{option}`: {url} would send the secret unencrypted; use `https`, or, if you must, set \
         `dangerous_allow_http` to `true`"
    )))
}
