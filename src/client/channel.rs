//! What carries a client's requests, and what derived clients share of it.

use std::sync::Arc;

#[cfg(feature = "http")]
use crate::config::EndpointSource;
use crate::config::Settings;
use crate::error::Error;
#[cfg(feature = "http")]
use crate::transport::HttpTransport;
use crate::transport::Transport;

/// What carries a client's requests.
pub(super) enum Channel {
    /// A transport of the host's.
    Own(Arc<dyn Transport>),
    #[cfg(feature = "http")]
    BuiltIn(Arc<HttpTransport>),
}

impl Channel {
    /// The host's transport, or the built-in one with the certificates of `relative`.
    #[cfg_attr(not(feature = "http"), allow(unused_variables))]
    pub(super) fn new(settings: &mut Settings, relative: Option<&Self>) -> Result<Self, Error> {
        match settings.transport.take() {
            Some(transport) => Ok(Self::Own(transport)),
            #[cfg(feature = "http")]
            None => built_in(settings, relative),
            #[cfg(not(feature = "http"))]
            None => Err(Error::new(
                crate::error::ErrorKind::Config,
                "this build has no HTTP of its own (feature `http`); give the client a transport",
            )),
        }
    }

    pub(super) fn transport(&self) -> Arc<dyn Transport> {
        match self {
            Self::Own(transport) => Arc::clone(transport),
            #[cfg(feature = "http")]
            Self::BuiltIn(transport) => Arc::<HttpTransport>::clone(transport),
        }
    }
}

#[cfg(feature = "http")]
fn built_in(settings: &Settings, relative: Option<&Channel>) -> Result<Channel, Error> {
    settings.check_identity()?;
    let urls = match &settings.endpoints {
        EndpointSource::Configured(endpoints) => vec![&endpoints.token_url, &endpoints.refresh_url],
        EndpointSource::Issuer { issuer, refresh_url, .. } => std::iter::once(issuer).chain(refresh_url).collect(),
    };
    let relative = match relative {
        Some(Channel::BuiltIn(transport)) => Some(&**transport),
        _ => None,
    };
    Ok(Channel::BuiltIn(Arc::new(HttpTransport::new(&settings.http, &urls, relative)?)))
}
