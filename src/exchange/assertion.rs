//! The assertions of a request: signed anew for each, or read from where somebody keeps it fresh.

use std::path::Path;

use crate::config::AssertionSource;
use crate::credentials::read_small_file;
use crate::error::{Error, ErrorKind};
use crate::protocol::Endpoints;
use crate::secret::Secret;

use super::Run;

impl Run<'_> {
    /// An assertion for one attempt; empty where none is sent.
    #[cfg_attr(not(feature = "jwt"), allow(unused_variables))]
    pub(super) fn assertion(
        &self,
        source: &AssertionSource,
        secret: &Secret,
        endpoints: &Endpoints,
        now_ms: u64,
    ) -> Result<Secret, Error> {
        match source {
            AssertionSource::Unneeded => Ok(Secret::default()),
            AssertionSource::File(path) => read(path),
            #[cfg(feature = "jwt")]
            AssertionSource::Signed(rules) => {
                let occasion = crate::protocol::Occasion {
                    client_id: self.exchange.client_id(),
                    client_secret: secret.expose(),
                    token_url: endpoints.token_url.as_text(),
                    id: crate::random::uuid(&*self.exchange.random),
                    now: now_ms / 1000,
                };
                rules.sign(&occasion).map_err(|reason| {
                    Error::new(ErrorKind::Config, format!("the assertion could not be signed: {reason}"))
                })
            }
        }
    }

    /// What a signed assertion says, for messages.
    #[cfg_attr(not(feature = "jwt"), allow(unused_variables))]
    pub(super) fn told_of(&self, source: &AssertionSource) -> Option<String> {
        match source {
            #[cfg(feature = "jwt")]
            AssertionSource::Signed(rules) => {
                // As messages show it: its query may hold what is secret.
                let token_url = self.endpoints.as_ref().map(|endpoints| endpoints.token_url.to_string());
                let said = rules.told(self.exchange.client_id(), &token_url.unwrap_or_default());
                let said = said.iter().map(|(name, value)| format!("{name} `{}`", self.redactor.clean(value, 100)));
                Some(said.collect::<Vec<_>>().join(", "))
            }
            _ => None,
        }
    }
}

impl AssertionSource {
    /// The options that decide about it, for messages; `secret` is how the client's secret is called.
    #[cfg_attr(not(feature = "jwt"), allow(unused_variables))]
    pub(super) fn options(&self, secret: &str) -> Option<String> {
        match self {
            Self::Unneeded => None,
            Self::File(path) => Some(format!("`client_assertion_file` ({})", path.display())),
            #[cfg(feature = "jwt")]
            Self::Signed(rules) => Some(rules.options(secret)),
        }
    }
}

fn read(path: &Path) -> Result<Secret, Error> {
    let refuse = |reason: String| {
        Error::new(ErrorKind::Secret, format!("option `client_assertion_file`: {} {reason}", path.display()))
    };
    let bytes = read_small_file(path).map_err(refuse)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| refuse("is not UTF-8 text".into()))?.trim();
    if text.is_empty() || text.chars().any(|character| character.is_control() || character == ' ') {
        return Err(refuse("does not hold one assertion and nothing else".into()));
    }
    Ok(Secret::new(text))
}
