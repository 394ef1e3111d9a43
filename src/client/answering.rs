//! How a call comes to its answer: it asks the cache, and leads an exchange or waits for another's in between.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::time::Duration;

use crate::cache::{Caller, Decision, Flight, FlightId, Outcome, Purpose};
use crate::clock::Moment;
use crate::credentials::CredentialsState;
use crate::error::{Error, ErrorKind};
use crate::event::EventKind;
use crate::random;
use crate::sync::{self, MutexGuard, ThreadMark};
use crate::token::Token;

use super::coordinator::Coordinator;
use super::landing::Landing;
use super::lineage::{Generation, State};

impl Coordinator {
    /// Asks the cache until there is an answer, leading or waiting in between. `None` where nothing had to be renewed.
    pub(super) fn answer(&self, purpose: Purpose, start: Moment, limit: Duration) -> Result<Option<Token>, Error> {
        let mut caller = Caller { purpose, witnessed: None, remaining: limit, thread: ThreadMark::current() };
        let (mut generation, mut state) = self.enter();
        let mut now = start;
        loop {
            self.catch_up(&mut state);
            match state.cache.ask(now, &caller) {
                Decision::HandOut { token, is_due } => {
                    state.statistics.handed_out += 1;
                    if is_due {
                        state.statistics.served_while_due += 1;
                        drop(state);
                        self.observe(EventKind::ServedWhileDue);
                    }
                    return Ok(Some(token));
                }
                decision @ (Decision::Idle | Decision::Refuse(_)) => {
                    // Whoever has just asked need not look whether asking is worth while.
                    let is_new = matches!(&decision, Decision::Refuse(error) if !error.is_repeated());
                    if !is_new {
                        state = self.look_at_secret_file(generation, state, now);
                    }
                    match decision {
                        _ if state.source_epoch != self.source.epoch() => {}
                        Decision::Refuse(error) => return Err(self.refuse(state, error)),
                        _ => return Ok(None),
                    }
                }
                Decision::Lead(_) if !generation.is_own() => {
                    (generation, state) = generation.succeed(&state);
                }
                Decision::Lead(flight) if self.is_called_off(&mut state, flight, now) => {}
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
        generation: &Generation<State>,
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
            given: None,
            outcome: None,
            failure: &mut failure,
            assumption: None,
            requests: 0,
            jitter: 0.5,
        };
        let cancellation = Arc::clone(&state.cancellation);
        drop(state);
        landing.jitter = random::fraction(&*self.random);
        self.observe(EventKind::Started { is_early: flight.is_early });
        let start = self.clock.now();
        let mut given = self.source.give();
        let mut unneeded = CredentialsState::default();
        let is_unneeded = self.exchange.credentials.is_unneeded();
        let credentials = if is_unneeded { &mut unneeded } else { &mut given.credentials };
        let finished = self.exchange.run(&mut landing.memory, credentials, flight.is_early, limit, &cancellation);
        landing.given = Some(given);
        landing.assumption = finished.assumption;
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
        generation: &'a Generation<State>,
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
            let event = EventKind::Waited { duration: self.clock.now().since(begun) };
            told = catch_unwind(AssertUnwindSafe(|| self.observe(event)));
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
        generation: &'a Generation<State>,
        state: MutexGuard<'a, State>,
        now: Moment,
    ) -> MutexGuard<'a, State> {
        let paused_by = state.cache.paused_by(now).map(Error::kind);
        let is_about_secret = matches!(paused_by, Some(ErrorKind::Rejected | ErrorKind::Secret));
        if !is_about_secret || !self.source.credentials.has_file() {
            return state;
        }
        drop(state);
        self.source.look_at_file(now);
        generation.lock()
    }

    fn refuse(&self, mut state: MutexGuard<'_, State>, error: Error) -> Error {
        if error.is_repeated() {
            state.statistics.throttled += 1;
            drop(state);
            self.observe(EventKind::Throttled { next_attempt: error.retry_in().unwrap_or_default() });
        }
        error
    }

    /// Whether another client has been told what this flight would be told, so that it is called off.
    fn is_called_off(&self, state: &mut State, flight: Flight, now: Moment) -> bool {
        let refusal = self.source.refusal(&self.presented, &self.identity);
        refusal.is_some_and(|refusal| state.cache.heed(flight, refusal, now))
    }
}

/// What is left of a caller's time, measured by the clock that nobody sets.
fn remaining(start: Moment, now: Moment, limit: Duration) -> Duration {
    limit.saturating_sub(now.monotonic.saturating_sub(start.monotonic))
}
