//! Which token to hand out, and who fetches the next: a state machine without I/O, told the time.
//!
//! [`Cache::ask`] decides, [`Cache::settle`] takes the outcome of an exchange. The lock, the waiting and the exchange
//! itself are the client's.

mod caller;
mod flight;
mod invalidation;
mod life;
mod pause;
mod refusals;

use std::time::Duration;

use crate::clock::Moment;
use crate::config::CacheSettings;
use crate::error::{Error, ErrorKind};
use crate::token::Token;

pub(crate) use caller::{Caller, Decision, Purpose};
use flight::Handover;
pub(crate) use flight::{Flight, FlightId, Granted, Outcome};
use invalidation::Spacing;
pub(crate) use life::kept_back;
use life::{Life, Stage};
use pause::Pause;
pub(crate) use pause::Refusal;
use refusals::{arrived_expired, cancelled, out_of_time, reentrant};

/// The least time that a caller needs to take over from a leader that gave up.
const LEAST_TO_TAKE_OVER: Duration = Duration::from_secs(1);

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

    /// What a caller is to do now.
    pub(crate) fn ask(&mut self, now: Moment, caller: &Caller) -> Decision {
        if self.is_cancelled {
            return Decision::Refuse(cancelled());
        }
        self.drop_refused(now);
        if let Some(life) = &self.life {
            let stage = life.stage(now);
            if stage != Stage::Fresh && !life.is_refused {
                // It was used until it was due, so whatever an API refused before is over.
                self.spacing = Spacing::default();
            }
            if stage != Stage::Expired {
                return self.with_usable_token(now, caller, stage, life.token.clone());
            }
        }
        match caller.purpose {
            Purpose::Token => self.without_usable_token(now, caller),
            Purpose::Renewal if self.flight.is_some() || self.is_paused(now) || !self.has_time_to_lead(caller) => {
                Decision::Idle
            }
            Purpose::Renewal => Decision::Lead(self.take_off(caller, false)),
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

    /// Whether any flight has yet to be settled.
    pub(crate) fn has_flight(&self) -> bool {
        self.flight.is_some()
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

    /// An API refused this token. Returns whether it has been dropped now.
    pub(crate) fn invalidate(&mut self, refused: &Token, now: Moment) -> bool {
        let Some(life) = self.life.as_mut().filter(|life| life.token.is_same(refused)) else {
            return false;
        };
        life.is_refused = true;
        self.drop_refused(now)
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
        let busy = self.flight.map(|_| WHILE_BUSY);
        let put_off = self.next_attempt(now).max(busy);
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

    /// How long until the next attempt after a failure.
    pub(crate) fn next_attempt(&self, now: Moment) -> Option<Duration> {
        self.pause.as_ref().and_then(|pause| pause.remaining(now))
    }

    /// The state for a process that was forked off: all but the flight, which its parent goes on with.
    pub(crate) fn inherited(&self) -> Self {
        Self { flight: None, waiters: 0, handover: None, ..self.clone() }
    }

    fn with_usable_token(&mut self, now: Moment, caller: &Caller, stage: Stage, token: Token) -> Decision {
        let is_wanted = caller.purpose == Purpose::Renewal || !self.settings.is_refresh_manual;
        // Who has less time would break it off, and hold up others by its failure.
        let has_time = caller.remaining >= LEAST_TO_TAKE_OVER;
        let is_free = self.flight.is_none() && !self.is_paused(now) && has_time;
        if stage == Stage::Due && is_wanted && is_free {
            return Decision::Lead(self.take_off(caller, true));
        }
        match caller.purpose {
            Purpose::Token => Decision::HandOut { token, is_due: stage != Stage::Fresh },
            Purpose::Renewal => Decision::Idle,
        }
    }

    fn without_usable_token(&mut self, now: Moment, caller: &Caller) -> Decision {
        if let Some(flight) = self.flight {
            if flight.thread == caller.thread {
                return Decision::Refuse(reentrant());
            }
            if caller.remaining.is_zero() {
                return Decision::Refuse(out_of_time(caller));
            }
            self.waiters += 1;
            return Decision::Wait(flight.id);
        }
        if self.waiters == 0 && self.handover.as_ref().is_some_and(|handover| caller.witnessed != Some(handover.of.id))
        {
            // Nobody is left who could take over.
            self.handover = None;
        }
        if self.handover.is_some() {
            return self.take_over(now, caller);
        }
        if let Some(pause) = &self.pause {
            let remaining = pause.remaining(now);
            if caller.witnessed.is_some() && caller.witnessed == self.failed_flight {
                return Decision::Refuse(pause.error.clone().with_retry_in(remaining.unwrap_or_default()));
            }
            if let Some(remaining) = remaining.filter(|_| pause.holds_for(caller.remaining)) {
                return Decision::Refuse(pause.error.clone().repeated(remaining));
            }
        }
        if !self.has_time_to_lead(caller) {
            return Decision::Refuse(out_of_time(caller));
        }
        Decision::Lead(self.take_off(caller, false))
    }

    /// The first caller with enough time leads in the place of the one that gave up; those who waited for it and have
    /// too little are told why it did.
    fn take_over(&mut self, now: Moment, caller: &Caller) -> Decision {
        if self.has_time_to_lead(caller) {
            return Decision::Lead(self.take_off(caller, false));
        }
        match self.handover.clone() {
            Some(handover) if caller.witnessed == Some(handover.of.id) => {
                if self.waiters == 0 {
                    // Nobody could go on, so this counts as what it looks like to the next caller: a failure.
                    self.handover = None;
                    self.fail(handover.of, handover.error.clone(), now, 0.5);
                }
                Decision::Refuse(handover.error)
            }
            // Somebody waits for the lead, and may have the time that this caller has not.
            _ => Decision::Refuse(out_of_time(caller)),
        }
    }

    /// Whether a caller may lead; to take over it needs more time.
    fn has_time_to_lead(&self, caller: &Caller) -> bool {
        match self.handover {
            Some(_) => caller.remaining >= LEAST_TO_TAKE_OVER,
            None => !caller.remaining.is_zero(),
        }
    }

    fn take_off(&mut self, caller: &Caller, is_early: bool) -> Flight {
        self.flights += 1;
        // It is over, and a clock that is set back must not bring it back.
        self.pause = None;
        let flight = Flight {
            id: FlightId(self.flights),
            is_early,
            thread: caller.thread,
            limit: caller.remaining,
            is_taken_over: self.handover.take().is_some(),
            epoch: self.epoch,
            generation: self.generation,
        };
        self.flight = Some(flight);
        flight
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

    fn is_paused(&self, now: Moment) -> bool {
        self.pause.as_ref().is_some_and(|pause| pause.remaining(now).is_some())
    }
}

#[cfg(test)]
mod tests;
