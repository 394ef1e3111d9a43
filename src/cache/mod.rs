//! Which token to hand out, and who fetches the next: a state machine without I/O, told the time.
//!
//! [`Cache::ask`] decides, [`Cache::settle`] takes the outcome of an exchange. The lock, the waiting and the exchange
//! itself are the client's.

mod asking;
mod caller;
mod flight;
mod invalidation;
mod life;
mod pause;
mod refusals;

use std::time::Duration;

use crate::clock::Moment;
use crate::config::{CacheSettings, LONGEST_LIMIT};
use crate::error::{Error, ErrorKind};
use crate::token::Token;

pub(crate) use caller::{Caller, Decision, Purpose};
use flight::Handover;
pub(crate) use flight::{Flight, FlightId, Granted, Outcome};
pub(crate) use invalidation::Invalidation;
use invalidation::Spacing;
pub(crate) use life::kept_back;
use life::{Life, Stage};
use pause::Pause;
pub(crate) use pause::Refusal;
use refusals::arrived_expired;

/// How long a host's timer is told to wait while an exchange is under way, whose end nobody knows.
const WHILE_BUSY: Duration = Duration::from_secs(1);

/// The state of one client.
#[derive(Clone)]
pub(crate) struct Cache {
    settings: CacheSettings,
    life: Option<Life>,
    spacing: Spacing,
    flight: Option<Flight>,
    /// Callers that were told to wait and have not said that they stopped.
    waiters: usize,
    handover: Option<Handover>,
    pause: Option<Pause>,
    /// Exchanges that failed in a row.
    failures: u32,
    /// Counts what makes a failure of an earlier exchange meaningless: another secret, a refused token, a reset.
    epoch: u64,
    /// Counts what makes the token of an earlier exchange unwanted: a reset.
    generation: u64,
    flights: u64,
    /// The last flight that failed, so that those who waited for it are told of it as its own.
    failed_flight: Option<FlightId>,
    is_cancelled: bool,
    /// Tokens dropped because an API refused them.
    invalidated: u64,
}

impl Cache {
    pub(crate) fn new(settings: CacheSettings) -> Self {
        Self {
            settings,
            life: None,
            spacing: Spacing::default(),
            flight: None,
            waiters: 0,
            handover: None,
            pause: None,
            failures: 0,
            epoch: 0,
            generation: 0,
            flights: 0,
            failed_flight: None,
            is_cancelled: false,
            invalidated: 0,
        }
    }

    /// Takes the outcome of a flight. `jitter` in `[0, 1)`. Returns why a token that was granted is of no use.
    pub(crate) fn settle(&mut self, flight: Flight, outcome: Outcome, now: Moment, jitter: f64) -> Option<Error> {
        if self.is_in_flight(flight.id) {
            self.flight = None;
        }
        match outcome {
            Outcome::Granted(granted) if flight.generation == self.generation => {
                return self.land(flight, granted, now, jitter);
            }
            Outcome::Granted(_) => {}
            Outcome::Abandoned(error) if self.waiters > 0 && !flight.is_taken_over => {
                self.handover = Some(Handover { of: flight, error });
            }
            Outcome::Abandoned(error) if error.kind() == ErrorKind::Timeout && !flight.is_taken_over => {
                self.fail(flight, error, now, jitter);
                self.pause = self.pause.take().map(|pause| pause.for_limits_up_to(flight.limit));
            }
            Outcome::Abandoned(error) | Outcome::Failed(error) => self.fail(flight, error, now, jitter),
        }
        None
    }

    /// The failure that callers are being told, for clients that would be told the same.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        let pause = self.pause.clone()?;
        Some(Refusal { pause, failures: self.failures })
    }

    /// Another client has been told what this flight would be told. Calls it off, before anybody waits for it, while that
    /// client's pause lasts; returns whether it does.
    pub(crate) fn heed(&mut self, flight: Flight, refusal: Refusal, now: Moment) -> bool {
        self.failures = self.failures.max(refusal.failures);
        let is_called_off = self.is_in_flight(flight.id) && refusal.pause.remaining(now).is_some();
        if is_called_off {
            self.flight = None;
            self.pause = Some(refusal.pause);
        }
        is_called_off
    }

    /// Whether a caller is leading, waiting or expected to take over.
    pub(crate) fn is_busy(&self) -> bool {
        self.flight.is_some() || self.waiters > 0 || self.handover.is_some()
    }

    /// Whether a flight has yet to be settled.
    pub(crate) fn is_in_flight(&self, id: FlightId) -> bool {
        self.flight.is_some_and(|flight| flight.id == id) && !self.is_cancelled
    }

    /// Whether nothing has changed that makes a failure of this flight meaningless.
    pub(crate) fn is_epoch_of(&self, flight: Flight) -> bool {
        self.epoch == flight.epoch
    }

    /// Whether nothing has changed that makes the token of this flight unwanted.
    pub(crate) fn is_generation_of(&self, flight: Flight) -> bool {
        self.generation == flight.generation
    }

    /// A caller that was told to wait waits no more.
    pub(crate) fn stopped_waiting(&mut self) {
        self.waiters = self.waiters.saturating_sub(1);
    }

    /// An API refused this token.
    pub(crate) fn invalidate(&mut self, refused: &Token, now: Moment) -> Invalidation {
        let Some(life) = self.life.as_mut().filter(|life| life.token.is_same(refused)) else {
            return Invalidation::NotInHand;
        };
        life.is_refused = true;
        if self.drop_refused(now) { Invalidation::Dropped } else { Invalidation::Kept }
    }

    /// The secret has changed: what was refused before may be granted now.
    pub(crate) fn secret_changed(&mut self) {
        self.epoch += 1;
        self.clear_failures();
    }

    /// Forgets the token and the pause.
    pub(crate) fn reset(&mut self) {
        self.epoch += 1;
        self.generation += 1;
        self.life = None;
        self.spacing = Spacing::default();
        self.clear_failures();
    }

    /// Refuses everybody from now on. Returns whether it did so before.
    pub(crate) fn cancel(&mut self) -> bool {
        std::mem::replace(&mut self.is_cancelled, true)
    }

    /// How long until a renewal is worth asking for; `None` is at once, because no token is usable.
    pub(crate) fn next_renewal(&self, now: Moment) -> Option<Duration> {
        if self.is_cancelled {
            return Some(LONGEST_LIMIT);
        }
        let busy = self.flight.map(|_| WHILE_BUSY);
        let put_off = self.pause_left(now).max(busy);
        let Some(life) = self.life.as_ref().filter(|life| life.is_usable(now)) else {
            return put_off;
        };
        let wanted = match life.stage(now) {
            // Too late for this token: the next chance is its successor's.
            Stage::Ending => life.usable_for(now),
            _ => life.due_in(now),
        };
        if !life.is_refused {
            return Some(wanted.max(put_off.unwrap_or_default()));
        }
        // Until it may go, it is the token in hand.
        let kept = wanted.min(self.spacing.remaining(life.age(now)));
        Some(kept).filter(|kept| !kept.is_zero()).max(put_off)
    }

    /// The failure that callers are being told again.
    pub(crate) fn paused_by(&self, now: Moment) -> Option<&Error> {
        self.pause.as_ref().filter(|pause| pause.remaining(now).is_some()).map(|pause| &pause.error)
    }

    /// How many tokens were dropped because an API refused them.
    pub(crate) fn invalidated(&self) -> u64 {
        self.invalidated
    }

    /// How long until the next attempt after a failure, if there will be one.
    pub(crate) fn next_attempt(&self, now: Moment) -> Option<Duration> {
        self.pause_left(now).filter(|_| !self.is_cancelled)
    }

    fn pause_left(&self, now: Moment) -> Option<Duration> {
        self.pause.as_ref().and_then(|pause| pause.remaining(now))
    }

    /// The state for a process that was forked off: all but the flight and the callers, which are its
    /// parent's.
    pub(crate) fn inherited(&self) -> Self {
        Self { flight: None, waiters: 0, handover: None, ..self.clone() }
    }

    fn land(&mut self, flight: Flight, granted: Granted, now: Moment, jitter: f64) -> Option<Error> {
        let arrived = Life::new(granted.token, granted.refresh_in, self.settings.refresh_margin, jitter);
        if !arrived.is_usable(now) {
            let error = arrived_expired(&arrived.token);
            self.fail(flight, error.clone(), now, jitter);
            return Some(error);
        }
        self.life = Some(match &self.life {
            Some(held) if held.token.is_same(&arrived.token) && held.is_usable(now) => held.again(&arrived, now),
            _ => arrived,
        });
        self.clear_failures();
        None
    }

    fn fail(&mut self, flight: Flight, error: Error, now: Moment, jitter: f64) {
        if flight.epoch != self.epoch {
            return;
        }
        self.failures = self.failures.saturating_add(1);
        self.failed_flight = Some(flight.id);
        let usable = self.life.as_ref().filter(|life| life.is_usable(now));
        let own = match usable {
            Some(life) => pause::with_token(life.usable_for(now)),
            None => pause::without_token(&error, self.failures, jitter),
        };
        let wanted = error.retry_after().unwrap_or_default().min(self.settings.max_retry_after);
        let length = own.max(wanted);
        let least = if usable.is_some() { wanted } else { length };
        self.pause = Some(Pause::new(now, length, least, error));
    }

    /// Drops a refused token as soon as the spacing allows.
    fn drop_refused(&mut self, now: Moment) -> bool {
        let Some(life) = self.life.as_ref().filter(|life| life.is_refused) else {
            return false;
        };
        if !self.spacing.allows(life.age(now)) {
            return false;
        }
        self.life = None;
        self.invalidated += 1;
        self.spacing.grow();
        self.epoch += 1;
        if let Some(pause) = &mut self.pause {
            pause.hasten();
            if pause.remaining(now).is_none() {
                self.clear_failures();
            }
        }
        true
    }

    fn clear_failures(&mut self) {
        self.pause = None;
        self.failures = 0;
        self.failed_flight = None;
        self.handover = None;
    }
}

#[cfg(test)]
mod tests;
