//! The few verbs that a program uses.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::cache::{Cache, Decision, Flight, FlightId, Granted};
use crate::clock::{Clock, Moment, SystemClock};
use crate::config::{Config, Settings};
use crate::error::{Error, ErrorKind};
use crate::exchange::Exchange;
use crate::random::{self, Random, SystemRandom};
use crate::secret::Secret;
use crate::token::Token;
use crate::transport::Transport;

/// Obtains, keeps and renews the access token of one set of options.
///
/// Cloning gives another handle to the same state. A client may be used from any number of threads at once: however
/// many ask, one token request is made, and its outcome, token or error, is everybody's. Between calls it owns
/// memory and nothing else.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    cache: Mutex<Cache>,
    settled: Condvar,
    exchange: Exchange,
    timeout: Duration,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl Client {
    /// A client with the built-in transport. No request is made before the first [`token`](Client::token).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] where an option is missing, was refused when it was set, contradicts another, or names a
    /// file that cannot be read.
    #[cfg(feature = "http")]
    pub fn new(config: Config) -> Result<Self, Error> {
        Self::builder(config).build()
    }

    /// A client whose transport, clock or randomness are given.
    pub fn builder(config: Config) -> ClientBuilder {
        ClientBuilder { config, transport: None, clock: None, random: None }
    }

    /// A token that is good now: the one in hand, or a new one.
    ///
    /// While the token in hand is fresh, this costs a lock and a reference count. When it is due, one caller renews
    /// it within `refresh_timeout` and all others get the one in hand at once; so does that caller if renewing
    /// fails. Without a usable token, one caller fetches and the others wait for the outcome.
    ///
    /// # Errors
    ///
    /// Every [`ErrorKind`] but `Argument` and `Config`. After a failure, calls return it again without a request until
    /// [`Error::retry_in`] has passed.
    pub fn token(&self) -> Result<Token, Error> {
        let shared = &*self.shared;
        let start = shared.clock.now();
        let mut witnessed = None;
        let mut cache = shared.lock();
        loop {
            match cache.ask(shared.clock.now(), witnessed) {
                Decision::HandOut(token) => return Ok(token),
                Decision::Refuse(error) => return Err(error),
                Decision::Lead(flight) => {
                    drop(cache);
                    shared.lead(flight, start);
                    witnessed = Some(flight.id);
                    cache = shared.lock();
                }
                Decision::Wait(flight) => {
                    cache = shared.wait(cache, flight, start)?;
                    witnessed = Some(flight);
                }
            }
        }
    }

    /// Says that an API answered 401 to this token (RFC 6750 §3.1), so that the next call fetches another.
    ///
    /// Only the token that is still handed out is dropped: a late 401 for an older one changes nothing. A 403 is no
    /// reason to call this unless the API says so.
    pub fn invalidate(&self, refused: &Token) {
        self.shared.lock().invalidate(refused);
    }

    /// Replaces the client's secret. A usable token stays in use; a pause after refused credentials ends.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] where the secret is empty or holds a NUL, or where nothing that is sent would hold it.
    pub fn set_secret(&self, secret: impl Into<Secret>) -> Result<(), Error> {
        self.shared.exchange.set_secret(secret.into())?;
        self.shared.lock().secret_changed();
        Ok(())
    }

    /// Forgets the token and the pause after a failure, so that the next call makes a request.
    pub fn reset(&self) {
        self.shared.exchange.reset();
        self.shared.lock().reset();
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").finish_non_exhaustive()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs one exchange and settles it, even if it panics.
    fn lead(&self, flight: Flight, start: Moment) {
        let mut settlement = Settlement { shared: self, flight, outcome: None };
        settlement.outcome = Some(match self.remaining(start) {
            Some(limit) => self.exchange.run(flight.is_early, limit),
            None => Err(self.too_late()),
        });
    }

    /// Waits until `flight` is settled.
    fn wait<'a>(
        &self,
        cache: MutexGuard<'a, Cache>,
        flight: FlightId,
        start: Moment,
    ) -> Result<MutexGuard<'a, Cache>, Error> {
        let mut cache = cache;
        while cache.is_in_flight(flight) {
            let Some(limit) = self.remaining(start) else {
                return Err(self.too_late());
            };
            (cache, _) = self.settled.wait_timeout(cache, limit).unwrap_or_else(PoisonError::into_inner);
        }
        Ok(cache)
    }

    /// What is left of the caller's time.
    fn remaining(&self, start: Moment) -> Option<Duration> {
        let elapsed = self.clock.now().monotonic.saturating_sub(start.monotonic);
        let remaining = self.timeout.saturating_sub(elapsed);
        (!remaining.is_zero()).then_some(remaining)
    }

    fn too_late(&self) -> Error {
        Error::new(
            ErrorKind::Timeout,
            format!("no token within {:?} (option `timeout`): the request was still under way", self.timeout),
        )
    }
}

/// Settles its flight when dropped, so that a panic in a transport leaves nobody waiting.
struct Settlement<'a> {
    shared: &'a Shared,
    flight: Flight,
    outcome: Option<Result<Granted, Error>>,
}

impl Drop for Settlement<'_> {
    fn drop(&mut self) {
        let outcome = self.outcome.take().unwrap_or_else(|| {
            Err(Error::new(ErrorKind::Internal, "the token request ended in a panic; its message is on standard error"))
        });
        let jitter = random::fraction(&*self.shared.random);
        let now = self.shared.clock.now();
        self.shared.lock().settle(self.flight, outcome, now, jitter);
        self.shared.settled.notify_all();
    }
}

/// Makes a [`Client`] with parts of one's own.
pub struct ClientBuilder {
    config: Config,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    random: Option<Arc<dyn Random>>,
}

impl ClientBuilder {
    /// Sends requests through `transport` instead of the built-in one.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
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
    /// As for [`Client::new`]; and where an option of the built-in transport is set beside another transport, or
    /// there is no transport at all.
    pub fn build(self) -> Result<Client, Error> {
        let settings = Settings::new(self.config)?;
        let transport = match self.transport {
            Some(transport) => {
                settings.http.refuse_explicit()?;
                transport
            }
            None => built_in_transport(&settings)?,
        };
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock::new()));
        let random = self.random.unwrap_or_else(|| Arc::new(SystemRandom));
        Ok(Client {
            shared: Arc::new(Shared {
                cache: Mutex::new(Cache::new(settings.cache)),
                settled: Condvar::new(),
                timeout: settings.limits.timeout,
                exchange: Exchange::new(settings, transport, Arc::clone(&clock), Arc::clone(&random)),
                clock,
                random,
            }),
        })
    }
}

#[cfg(feature = "http")]
fn built_in_transport(settings: &Settings) -> Result<Arc<dyn Transport>, Error> {
    Ok(Arc::new(crate::transport::HttpTransport::new(&settings.http)?))
}

#[cfg(not(feature = "http"))]
fn built_in_transport(_: &Settings) -> Result<Arc<dyn Transport>, Error> {
    Err(Error::new(
        ErrorKind::Config,
        "this build has no HTTP of its own (feature `http`); give the client a transport",
    ))
}
