//! The end of an exchange: its outcome is settled, told, and everybody who waits is woken.

use std::time::Duration;

use crate::cache::{Flight, Outcome};
use crate::error::{Error, ErrorKind};
use crate::event::EventKind;
use crate::exchange::Memory;

use super::coordinator::Coordinator;
use super::lineage::{Generation, State};
use super::source::{Given, Verdict};

/// Settles its flight when dropped, so that a panic on the way leaves nobody waiting.
pub(super) struct Landing<'a> {
    pub(super) coordinator: &'a Coordinator,
    pub(super) generation: &'a Generation<State>,
    pub(super) flight: Flight,
    pub(super) memory: Memory,
    /// The secret that was sent, once the exchange is over.
    pub(super) given: Option<Given>,
    pub(super) outcome: Option<Outcome>,
    /// Where to leave why there is no token.
    pub(super) failure: &'a mut Option<Error>,
    /// Why the lifetime of the token is assumed, where the host is to hear of it.
    pub(super) assumption: Option<String>,
    pub(super) requests: u32,
    /// Drawn beforehand: what draws it may be the host's, and panic.
    pub(super) jitter: f64,
}

impl Drop for Landing<'_> {
    fn drop(&mut self) {
        let outcome = self.outcome.take().unwrap_or_else(|| {
            let text = "the token request ended in a panic; its message is on standard error";
            Outcome::Abandoned(Error::new(ErrorKind::Internal, text))
        });
        let mut report = Report::of(&outcome);
        let coordinator = self.coordinator;
        let now = coordinator.clock.now();
        let next_attempt = {
            let mut guard = self.generation.lock();
            let state = &mut *guard;
            coordinator.catch_up(state);
            let is_refusal = report.is_credentials_refused() && state.cache.is_epoch_of(self.flight);
            let is_same_generation = state.cache.is_generation_of(self.flight);
            let left = std::mem::take(&mut self.memory);
            coordinator.exchange.merge(&mut state.memory, left, is_same_generation);
            state.statistics.requests += u64::from(self.requests);
            if let Some(error) = state.cache.settle(self.flight, outcome, now, self.jitter) {
                report = Report::Failed(error);
            }
            match &report {
                Report::Succeeded { .. } => state.statistics.succeeded += 1,
                Report::Failed(error) => {
                    state.statistics.failed += 1;
                    *self.failure = Some(match state.cache.next_attempt(now) {
                        Some(wait) => error.clone().with_retry_in(wait),
                        None => error.clone(),
                    });
                }
            }
            let verdict = match &report {
                Report::Succeeded { .. } => Verdict::Accepted,
                Report::Failed(_) if is_refusal => state.cache.refusal().map_or(Verdict::None, Verdict::Refused),
                Report::Failed(_) => Verdict::None,
            };
            if let Some(given) = self.given.take() {
                coordinator.source.learn(given, &coordinator.presented, &coordinator.identity, verdict);
            }
            self.generation.publish(state);
            state.cache.next_attempt(now)
        };
        self.generation.settled.notify_all();
        // A second panic while the first unwinds would end the process.
        if !std::thread::panicking() {
            self.tell(&report, next_attempt);
        }
    }
}

impl Landing<'_> {
    fn tell(&self, report: &Report, next_attempt: Option<Duration>) {
        let attempts = self.requests;
        match report {
            Report::Succeeded { lifetime } => {
                self.coordinator.observe(EventKind::Succeeded { lifetime: *lifetime, attempts });
                if let Some(reason) = &self.assumption {
                    self.coordinator.observe(EventKind::LifetimeAssumed { lifetime: *lifetime, reason });
                }
            }
            Report::Failed(error) => {
                let is_early = self.flight.is_early;
                self.coordinator.observe(EventKind::Failed { is_early, error, attempts, next_attempt });
            }
        }
    }
}

/// What is told of an outcome once it has been settled.
enum Report {
    Succeeded { lifetime: Duration },
    Failed(Error),
}

impl Report {
    fn is_credentials_refused(&self) -> bool {
        matches!(self, Self::Failed(error) if error.is_credentials_refused())
    }

    fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Granted(granted) => Self::Succeeded { lifetime: granted.token.lifetime() },
            Outcome::Failed(error) | Outcome::Abandoned(error) => Self::Failed(error.clone()),
        }
    }
}
