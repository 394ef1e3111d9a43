//! Makes clients, with parts of one's own where tests or hosts need them.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::cache::Cache;
use crate::clock::{ClientClock, Clock, SystemClock};
use crate::config::{Config, Overridden, Settings};
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind};
use crate::event::Statistics;
use crate::exchange::{Exchange, Memory};
use crate::random::{Random, SystemRandom};
use crate::transport::Transport;

use super::Client;
use super::channel::Channel;
use super::coordinator::Coordinator;
use super::lineage::{Generation, State};
use super::source::{Mark, Presented, Source};

/// Makes a [`Client`] with parts of one's own.
pub struct ClientBuilder {
    config: Config,
    clock: ClientClock,
    random: Option<Arc<dyn Random>>,
}

impl ClientBuilder {
    pub(super) fn new(config: Config) -> Self {
        Self { config, clock: ClientClock::System(SystemClock::new()), random: None }
    }

    /// Sends requests through `transport`; the same as [`Config::transport`].
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.config.set_transport(transport);
        self
    }

    /// Tells the time by `clock`.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = ClientClock::Given(clock);
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
    /// contradicts another, or names a file that cannot be read; where an option of the built-in transport is set
    /// beside another transport, or there is no transport at all.
    pub fn build(self) -> Result<Client, Error> {
        let random = self.random.unwrap_or_else(|| Arc::new(SystemRandom));
        assemble(self.config, self.clock, random, None)
    }
}

/// A client with the options of `parent`, and over them those that `overrides` sets.
pub(super) fn derive(parent: &Coordinator, overrides: Config) -> Result<Client, Error> {
    let (config, overridden) = parent.config.overlaid(overrides);
    assemble(config, parent.clock.clone(), Arc::clone(&parent.random), Some(Heritage { parent, overridden }))
}

/// What a derived client shares.
struct Heritage<'a> {
    parent: &'a Coordinator,
    overridden: Overridden,
}

fn assemble(
    config: Config,
    clock: ClientClock,
    random: Arc<dyn Random>,
    heritage: Option<Heritage<'_>>,
) -> Result<Client, Error> {
    let mut settings = Settings::new(config.clone())?;
    if settings.request.is_one_time() && heritage.as_ref().is_some_and(|heritage| !heritage.overridden.grant) {
        return Err(Error::new(
            ErrorKind::Config,
            "the parent's grant may be sent once, so that a derived client has none: set `param.code` (or \
             `param.device_code`) to one of its own, or another `grant_type`",
        ));
    }
    let relative = heritage.as_ref().filter(|heritage| !heritage.overridden.tls);
    let channel = Channel::new(&mut settings, relative.map(|heritage| &heritage.parent.channel))?;
    let credentials = Arc::new(Credentials::new(settings.secret.clone(), settings.secret_alternate.take()));
    let source = match &heritage {
        Some(Heritage { parent, overridden }) if !overridden.secret => Arc::clone(&parent.source),
        _ => Arc::new(Source::new(Arc::clone(&credentials))),
    };
    let presented = Presented {
        client_id: settings.request.client_id.clone(),
        client_auth: settings.request.client_auth,
        server: settings.endpoints.server(),
        proof: match &heritage {
            Some(Heritage { parent, overridden }) if !overridden.proof => parent.presented.proof.clone(),
            _ => Mark::default(),
        },
    };
    let memory = match &heritage {
        Some(Heritage { parent, .. }) if parent.presented == presented => {
            parent.memory().for_relative(parent.exchange.has_endpoints(&settings.endpoints))
        }
        _ => Memory::default(),
    };
    let state = State {
        cache: Cache::new(settings.cache),
        memory,
        statistics: Statistics::default(),
        source_epoch: source.epoch(),
        cancellation: Arc::default(),
    };
    let derived = heritage.as_ref().map(|heritage| Arc::clone(&heritage.parent.derived)).unwrap_or_default();
    let number = heritage.is_some().then(|| derived.fetch_add(1, Ordering::Relaxed) + 1);
    let coordinator = Coordinator {
        first: Generation::new(state),
        timeout: settings.limits.timeout,
        observer: settings.observer.take(),
        exchange: Exchange::new(settings, credentials, channel.transport(), clock.clone(), Arc::clone(&random)),
        source,
        identity: Mark::default(),
        presented,
        label: config.label(number),
        derived,
        config,
        channel,
        clock,
        random,
    };
    Ok(Client { coordinator: Arc::new(coordinator) })
}
