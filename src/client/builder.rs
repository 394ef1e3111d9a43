//! Makes clients, with parts of one's own where tests or hosts need them.

use std::sync::Arc;

use crate::cache::Cache;
use crate::clock::{Clock, SystemClock};
#[cfg(feature = "http")]
use crate::config::EndpointSource;
use crate::config::{Config, Settings};
use crate::error::Error;
use crate::event::Statistics;
use crate::exchange::{Exchange, Memory};
use crate::random::{Random, SystemRandom};
use crate::transport::Transport;

use super::Client;
use super::coordinator::Coordinator;
use super::lineage::{Generation, State};

/// Makes a [`Client`] with parts of one's own.
pub struct ClientBuilder {
    config: Config,
    clock: Option<Arc<dyn Clock>>,
    random: Option<Arc<dyn Random>>,
}

impl ClientBuilder {
    pub(super) fn new(config: Config) -> Self {
        Self { config, clock: None, random: None }
    }

    /// Sends requests through `transport`; the same as [`Config::transport`].
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.config.set_transport(transport);
        self
    }

    /// Tells the time by `clock`.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Draws jitter and `{uuid}` from `random`.
    pub fn random(mut self, random: Arc<dyn Random>) -> Self {
        self.random = Some(random);
        self
    }

    /// Checks the options and makes the client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) where an option is missing, was refused when it was set,
    /// contradicts another, or names a file that cannot be read; where an option of the built-in transport is set beside another transport, or
    /// there is no transport at all.
    pub fn build(self) -> Result<Client, Error> {
        let mut settings = Settings::new(self.config)?;
        let transport = match settings.transport.take() {
            Some(transport) => transport,
            None => built_in_transport(&settings)?,
        };
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock::new()));
        let random = self.random.unwrap_or_else(|| Arc::new(SystemRandom));
        let state = State {
            cache: Cache::new(settings.cache),
            memory: Memory::default(),
            statistics: Statistics::default(),
            looked_at: None,
            cancellation: Arc::default(),
        };
        let coordinator = Coordinator {
            first: Generation::new(state),
            timeout: settings.limits.timeout,
            observer: settings.observer.take(),
            exchange: Exchange::new(settings, transport, Arc::clone(&clock), Arc::clone(&random)),
            clock,
            random,
        };
        Ok(Client { coordinator: Arc::new(coordinator) })
    }
}

#[cfg(feature = "http")]
fn built_in_transport(settings: &Settings) -> Result<Arc<dyn Transport>, Error> {
    settings.check_identity()?;
    let urls = match &settings.endpoints {
        EndpointSource::Configured(endpoints) => vec![&endpoints.token_url, &endpoints.refresh_url],
        EndpointSource::Issuer { issuer, refresh_url, .. } => std::iter::once(issuer).chain(refresh_url).collect(),
    };
    Ok(Arc::new(crate::transport::HttpTransport::new(&settings.http, &urls)?))
}

#[cfg(not(feature = "http"))]
fn built_in_transport(_: &Settings) -> Result<Arc<dyn Transport>, Error> {
    Err(Error::new(
        crate::error::ErrorKind::Config,
        "this build has no HTTP of its own (feature `http`); give the client a transport",
    ))
}
