//! What surrounds a client in a model: a provider, the time, and the count of interleavings.

use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize as Counter, Ordering};
use std::time::Duration;

use loom::sync::atomic::{AtomicBool, AtomicU64};

use crate::cancellation::Cancellation;
use crate::clock::{Clock, Moment};
use crate::config::Config;
use crate::event::Event;
use crate::random::Random;
use crate::token::Token;
use crate::transport::{Request, Response, Transport, TransportError, TransportErrorKind};

use super::super::Client;

/// Tokens live for an hour. At this age they are due.
pub(super) const DUE: Duration = Duration::from_secs(3_300);
/// From here on they are not handed out.
pub(super) const EXPIRED: Duration = Duration::from_secs(3_590);

/// What the provider does with a request.
pub(super) enum Reply {
    /// Grants a token.
    Token,
    /// Fails in a way that may pass.
    Failure,
    /// Refuses the secret.
    Refusal,
    /// Is silent until the request's time is over.
    Silence,
    /// Brings the thread down on which it is asked.
    Panic,
}

/// One execution of a model.
#[derive(Clone)]
pub(super) struct World {
    pub(super) client: Client,
    pub(super) provider: Arc<Provider>,
    clock: Arc<ModelClock>,
}

/// A provider that tolerates one request at a time. Its tokens are called `t1`, `t2`, … after the requests.
pub(super) struct Provider {
    is_busy: AtomicBool,
    /// The same for clients that ask for a scope, which are derived.
    is_busy_for_derived: AtomicBool,
    requests: Counter,
    reply: Box<Policy>,
    clock: Arc<ModelClock>,
}

/// What the n-th request meets.
type Policy = dyn Fn(usize, &Request) -> Reply + Send + Sync;

/// A clock that stands still unless the model moves it.
enum ModelClock {
    Still(Counter),
    /// Every reading of it may happen before or after it is moved.
    Moving(AtomicU64),
}

impl World {
    /// A client of a provider that answers the n-th request, counted from 1, by this function. Time stands still, but
    /// for [`Reply::Silence`] and [`World::prepare`].
    pub(super) fn new(reply: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::with(ModelClock::Still(Counter::new(0)), reply, |config| config)
    }

    /// The same, with a clock that threads of the model move.
    pub(super) fn with_moving_clock(reply: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::with(ModelClock::Moving(AtomicU64::new(0)), reply, |config| config)
    }

    /// The same, with an observer that must not be called with a lock held.
    pub(super) fn observed(
        reply: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static,
        observer: impl Fn(&Event<'_>) + Send + Sync + 'static,
    ) -> Self {
        Self::with(ModelClock::Still(Counter::new(0)), reply, |config| config.observer(observer))
    }

    fn with(
        clock: ModelClock,
        reply: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static,
        change: impl FnOnce(Config) -> Config,
    ) -> Self {
        let clock = Arc::new(clock);
        let provider = Arc::new(Provider {
            is_busy: AtomicBool::new(false),
            is_busy_for_derived: AtomicBool::new(false),
            requests: Counter::new(0),
            reply: Box::new(reply),
            clock: Arc::clone(&clock),
        });
        let config = Config::new()
            .token_url("https://provider.test/token")
            .client_id("model")
            .client_secret("wrong")
            .max_retries(0);
        let client = Client::builder(change(config))
            .transport(Arc::clone(&provider) as _)
            .clock(Arc::clone(&clock) as _)
            .random(Arc::new(Middle))
            .build()
            .expect("the options are good");
        Self { client, provider, clock }
    }

    /// Fetches a token and lets time pass, before the threads begin.
    pub(super) fn prepare(&self, age: Duration) -> Token {
        let token = self.client.token().expect("the first request is granted");
        self.clock.advance(age);
        token
    }

    /// Lets time pass. Who waits looks at the clock again, as if its own time-out had woken it.
    pub(super) fn pass(&self, duration: Duration) {
        self.clock.advance(duration);
        self.wake();
    }

    /// Wakes who waits. The lock makes sure that nobody is between looking at the clock and waiting.
    fn wake(&self) {
        let generation = &self.client.coordinator.first;
        drop(generation.lock());
        generation.settled.notify_all();
    }

    pub(super) fn waited(&self) -> u64 {
        self.client.statistics().waited
    }
}

impl Provider {
    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

impl Transport for Provider {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let is_derived = request.body().is_some_and(|body| body.contains("scope="));
        let is_busy = if is_derived { &self.is_busy_for_derived } else { &self.is_busy };
        assert!(!is_busy.swap(true, Ordering::SeqCst), "two requests at once");
        let nth = self.requests.fetch_add(1, Ordering::SeqCst) + 1;
        let reply = (self.reply)(nth, request);
        is_busy.store(false, Ordering::SeqCst);
        match reply {
            Reply::Token => Ok(Response::new(200, format!(r#"{{"access_token":"t{nth}","expires_in":3600}}"#))),
            Reply::Failure => Ok(Response::new(503, "")),
            Reply::Refusal => Ok(Response::new(401, r#"{"error":"invalid_client"}"#)),
            Reply::Silence => {
                self.clock.advance(request.timeout());
                Err(TransportError::new(TransportErrorKind::Timeout, "no answer", true))
            }
            // Without the panic hook, which would print each time.
            Reply::Panic => panic::resume_unwind(Box::new(ModelledPanic)),
        }
    }
}

/// What [`Reply::Panic`] throws.
pub(super) struct ModelledPanic;

impl ModelClock {
    fn advance(&self, duration: Duration) {
        let milliseconds = u64::try_from(duration.as_millis()).expect("a short time");
        match self {
            Self::Still(elapsed) => {
                elapsed.fetch_add(milliseconds as usize, Ordering::SeqCst);
            }
            Self::Moving(elapsed) => {
                elapsed.fetch_add(milliseconds, Ordering::SeqCst);
            }
        }
    }
}

impl Clock for ModelClock {
    fn now(&self) -> Moment {
        let elapsed = Duration::from_millis(match self {
            Self::Still(elapsed) => elapsed.load(Ordering::SeqCst) as u64,
            Self::Moving(elapsed) => elapsed.load(Ordering::SeqCst),
        });
        Moment { monotonic: Duration::from_secs(1_000) + elapsed, wall: Duration::from_secs(1_700_000_000) + elapsed }
    }

    fn sleep(&self, duration: Duration, _: &Cancellation) {
        self.advance(duration);
    }
}

/// Always the middle of the range: a model repeats itself exactly.
struct Middle;

impl Random for Middle {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0x80);
    }
}
