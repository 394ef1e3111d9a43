//! Who asks the server and who waits: the lock, the condition and the exchange around the cache.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::time::Duration;

use crate::cache::{Caller, Decision, Flight, FlightId, Outcome, Purpose};
use crate::clock::{Clock, Moment};
use crate::config::LONGEST_LIMIT;
use crate::error::{Error, ErrorKind};
use crate::event::{Event, Observer, Statistics};
use crate::exchange::Exchange;
use crate::random::{self, Random};
use crate::secret::Secret;
use crate::sync::{self, MutexGuard, ThreadMark};
use crate::token::Token;

use super::landing::Landing;
use super::lineage::{Generation, State};
use super::telling::Telling;

/// The shared part of a client.
pub(super) struct Coordinator {
    pub(super) first: Generation,
    pub(super) exchange: Exchange,
    pub(super) timeout: Duration,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) observer: Option<Observer>,
}

impl Coordinator {
    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    pub(super) fn token(&self, limit: Duration) -> Result<Token, Error> {
        match self.answer(Purpose::Token, limit.min(LONGEST_LIMIT))? {
            Some(token) => Ok(token),
            None => Err(Error::new(ErrorKind::Internal, "a caller that wanted a token got none")),
        }
    }

    pub(super) fn refresh_if_due(&self, limit: Duration) -> Result<(), Error> {
        self.answer(Purpose::Renewal, limit.min(LONGEST_LIMIT)).map(|_| ())
    }

    pub(super) fn next_refresh(&self) -> Option<Duration> {
        let (_, state) = self.enter();
        state.cache.next_renewal(self.clock.now())
    }

    pub(super) fn invalidate(&self, refused: &Token) {
        self.change(|state| {
            state.cache.invalidate(refused, self.clock.now());
        });
    }

    pub(super) fn set_secret(&self, secret: Secret) -> Result<(), Error> {
        self.change(|state| {
            self.exchange.set_secret(secret, &mut state.memory)?;
            state.cache.secret_changed();
            Ok(())
        })
    }

    pub(super) fn reset(&self) {
        self.change(|state| {
            self.exchange.reset(&mut state.memory);
            state.cache.reset();
        });
    }

    pub(super) fn cancel(&self) {
        let cancellation = self.change(|state| {
            state.cache.cancel();
            Arc::clone(&state.cancellation)
        });
        cancellation.cancel();
    }

    pub(super) fn statistics(&self) -> Statistics {
        let (_, state) = self.enter();
        Statistics { invalidated: state.cache.invalidated(), ..state.statistics }
    }

    /// The state of this process, locked. A flight that its parent goes on with is not its own: it would wait for it, or
    /// leave renewing to it, for ever.
    fn enter(&self) -> (&Generation, MutexGuard<'_, State>) {
        let (generation, state) = self.first.enter();
        if state.cache.has_flight() && !generation.is_own() {
            return generation.succeed(&state);
        }
        (generation, state)
    }

    /// Asks the cache until there is an answer, leading or waiting in between. `None` where nothing had to be renewed.
    fn answer(&self, purpose: Purpose, limit: Duration) -> Result<Option<Token>, Error> {
        let start = self.clock.now();
        let mut caller = Caller { purpose, witnessed: None, remaining: limit, thread: ThreadMark::current() };
        let (mut generation, mut state) = self.enter();
        let mut now = start;
        loop {
            match state.cache.ask(now, &caller) {
                Decision::HandOut { token, is_due } => {
                    state.statistics.handed_out += 1;
                    if is_due {
                        state.statistics.served_while_due += 1;
                        drop(state);
                        self.observe(&Event::ServedWhileDue);
                    }
                    return Ok(Some(token));
                }
                decision @ (Decision::Idle | Decision::Refuse(_)) => {
                    // Whoever has just asked need not look whether asking is worth while.
                    let is_new = matches!(&decision, Decision::Refuse(error) if !error.is_repeated());
                    let mut is_changed = false;
                    if !is_new {
                        (state, is_changed) = self.look_at_secret_file(generation, state, now);
                    }
                    match decision {
                        _ if is_changed => {}
                        Decision::Refuse(error) => return Err(self.refuse(state, error)),
                        _ => return Ok(None),
                    }
                }
                Decision::Lead(_) if !generation.is_own() => {
                    (generation, state) = generation.succeed(&state);
                }
                Decision::Lead(flight) => {
                    let failure = self.lead(generation, state, flight, caller.remaining);
                    if purpose == Purpose::Renewal {
                        return failure.map_or(Ok(None), Err);
                    }
                    caller.witnessed = Some(flight.id);
                    (generation, state) = self.enter();
                }
                Decision::Wait(flight) => {
                    state = self.wait(generation, state, flight, start, limit);
                    caller.witnessed = Some(flight);
                }
            }
            now = self.clock.now();
            caller.remaining = remaining(start, now, limit);
        }
    }

    /// Runs one exchange and settles it, even if it panics.
    fn lead(
        &self,
        generation: &Generation,
        mut state: MutexGuard<'_, State>,
        flight: Flight,
        limit: Duration,
    ) -> Option<Error> {
        state.statistics.exchanges += 1;
        let mut failure = None;
        let mut landing = Landing {
            coordinator: self,
            generation,
            flight,
            memory: state.memory.clone(),
            outcome: None,
            failure: &mut failure,
            requests: 0,
            jitter: 0.5,
        };
        let cancellation = Arc::clone(&state.cancellation);
        drop(state);
        landing.jitter = random::fraction(&*self.random);
        self.observe(&Event::Started { is_early: flight.is_early });
        let start = self.clock.now();
        let finished = self.exchange.run(&mut landing.memory, flight.is_early, limit, &cancellation);
        landing.requests = finished.requests;
        let is_out_of_time = remaining(start, self.clock.now(), limit).is_zero();
        landing.outcome = Some(match finished.outcome {
            Ok(granted) => Outcome::Granted(granted),
            Err(error) if error.kind() == ErrorKind::Timeout && is_out_of_time => Outcome::Abandoned(error),
            Err(error) => Outcome::Failed(error),
        });
        drop(landing);
        failure
    }

    /// Waits until `flight` is settled or the time is over.
    fn wait<'a>(
        &self,
        generation: &'a Generation,
        mut state: MutexGuard<'a, State>,
        flight: FlightId,
        start: Moment,
        limit: Duration,
    ) -> MutexGuard<'a, State> {
        let begun = self.clock.now();
        state.statistics.waited += 1;
        while state.cache.is_in_flight(flight) {
            let left = remaining(start, self.clock.now(), limit);
            if left.is_zero() {
                break;
            }
            state = sync::wait(&generation.settled, state, left);
        }
        let mut told = Ok(());
        if self.observer.is_some() {
            drop(state);
            let event = Event::Waited { duration: self.clock.now().since(begun) };
            told = catch_unwind(AssertUnwindSafe(|| self.observe(&event)));
            state = generation.lock();
        }
        // Only now: somebody who has no time to take over would else find nobody to leave the lead to.
        state.cache.stopped_waiting();
        if let Err(panic) = told {
            drop(state);
            resume_unwind(panic);
        }
        state
    }

    /// During a pause, a secret file that has changed is worth an attempt. It is looked at once a second, without the
    /// lock.
    fn look_at_secret_file<'a>(
        &self,
        generation: &'a Generation,
        mut state: MutexGuard<'a, State>,
        now: Moment,
    ) -> (MutexGuard<'a, State>, bool) {
        let paused_by = state.cache.paused_by(now).map(Error::kind);
        let is_about_secret = matches!(paused_by, Some(ErrorKind::Rejected | ErrorKind::Secret));
        let is_time = state.looked_at.is_none_or(|last| now.since(last) >= Duration::from_secs(1));
        if !is_about_secret || !is_time {
            return (state, false);
        }
        let credentials = &self.exchange.credentials;
        let Some(path) = credentials.watched_file(&state.memory.credentials) else {
            return (state, false);
        };
        state.looked_at = Some(now);
        let known = state.memory.credentials.clone();
        drop(state);
        let is_changed = known.is_outdated_by(path);
        let mut state = generation.lock();
        if is_changed {
            state.memory.credentials.note_change(path);
            state.cache.secret_changed();
        }
        (state, is_changed)
    }

    fn refuse(&self, mut state: MutexGuard<'_, State>, error: Error) -> Error {
        if error.is_repeated() {
            state.statistics.throttled += 1;
            drop(state);
            self.observe(&Event::Throttled { next_attempt: error.retry_in().unwrap_or_default() });
        }
        error
    }

    /// Changes the state from outside an exchange, and wakes those who wait.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let (generation, mut state) = self.enter();
        let result = change(&mut state);
        generation.publish(&state);
        drop(state);
        generation.settled.notify_all();
        result
    }

    pub(super) fn observe(&self, event: &Event<'_>) {
        let Some(observer) = &self.observer else {
            return;
        };
        if let Some(_telling) = Telling::begin(std::ptr::from_ref(self).addr()) {
            observer(event);
        }
    }
}

/// What is left of a caller's time, measured by the clock that nobody sets.
fn remaining(start: Moment, now: Moment, limit: Duration) -> Duration {
    limit.saturating_sub(now.monotonic.saturating_sub(start.monotonic))
}
