//! Who asks the server and who waits: the lock, the condition and the exchange around the cache.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use crate::cache::{Caller, Decision, Flight, FlightId, Invalidation, Outcome, Purpose};
use crate::clock::{Clock, Moment};
use crate::config::{Config, LONGEST_LIMIT};
use crate::credentials::{self, CredentialsState};
use crate::error::{Error, ErrorKind};
use crate::event::{Event, EventKind, Observer, Statistics};
use crate::exchange::{Exchange, Memory};
use crate::random::{self, Random};
use crate::secret::Secret;
use crate::sync::{self, MutexGuard, ThreadMark};
use crate::token::Token;

use super::channel::Channel;
use super::landing::Landing;
use super::lineage::{Generation, State};
use super::source::{Mark, Presented, Source};
use super::telling::Telling;

/// The shared part of a client.
pub(super) struct Coordinator {
    pub(super) first: Generation<State>,
    pub(super) exchange: Exchange,
    /// Shared with derived clients.
    pub(super) source: Arc<Source>,
    pub(super) presented: Presented,
    /// Tells clients apart.
    pub(super) identity: Mark,
    /// By which events tell clients apart.
    pub(super) label: String,
    /// How many clients have been derived from this one, its parent and their relatives.
    pub(super) derived: Arc<AtomicU64>,
    /// What derived clients start from.
    pub(super) config: Config,
    pub(super) channel: Channel,
    pub(super) timeout: Duration,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) observer: Option<Observer>,
}

impl Coordinator {
    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    #[inline]
    pub(super) fn token(&self, limit: Duration) -> Result<Token, Error> {
        let now = self.clock.now();
        match self.fresh_token(now) {
            Some(token) => Ok(token),
            None => self.obtain(now, limit),
        }
    }

    #[cold]
    #[inline(never)]
    fn obtain(&self, now: Moment, limit: Duration) -> Result<Token, Error> {
        match self.answer(Purpose::Token, now, limit.min(LONGEST_LIMIT))? {
            Some(token) => Ok(token),
            None => Err(Error::new(ErrorKind::Internal, "a caller that wanted a token got none")),
        }
    }

    pub(super) fn refresh_if_due(&self, limit: Duration) -> Result<(), Error> {
        self.answer(Purpose::Renewal, self.clock.now(), limit.min(LONGEST_LIMIT)).map(|_| ())
    }

    pub(super) fn next_refresh(&self) -> Option<Duration> {
        let (_, state) = self.enter();
        state.cache.next_renewal(self.clock.now())
    }

    pub(super) fn invalidate(&self, refused: &Token) {
        let outcome = self.change(|state| state.cache.invalidate(refused, self.clock.now()));
        if outcome != Invalidation::NotInHand {
            self.observe(EventKind::Invalidated { is_dropped: outcome.is_dropped() });
        }
    }

    pub(super) fn set_secret(&self, secret: Secret) -> Result<(), Error> {
        if self.exchange.credentials.is_unneeded() {
            return Err(credentials::unneeded());
        }
        self.source.replace(secret)?;
        self.change(|state| self.catch_up(state));
        Ok(())
    }

    pub(super) fn reset(&self) {
        self.source.forgive(&self.presented);
        self.change(|state| {
            self.exchange.reset(&mut state.memory);
            state.cache.reset();
        });
    }

    pub(super) fn cancel(&self) {
        let (was_cancelled, cancellation) =
            self.change(|state| (state.cache.cancel(), Arc::clone(&state.cancellation)));
        // Where it was, whoever did it may have been forked away from, with a lock held that nobody will free.
        if !was_cancelled {
            cancellation.cancel();
        }
    }

    pub(super) fn statistics(&self) -> Statistics {
        let (_, state) = self.enter();
        Statistics { invalidated: state.cache.invalidated(), ..state.statistics }
    }

    /// A state that this process can go on with, locked. A flight and callers that only its parent has it would wait for,
    /// or leave renewing to, for ever.
    fn enter(&self) -> (&Generation<State>, MutexGuard<'_, State>) {
        let (generation, state) = self.first.enter();
        if state.cache.is_busy() && !generation.is_own() {
            return generation.succeed(&state);
        }
        (generation, state)
    }

    /// Hears of a secret that was changed through another client, or in its file.
    pub(super) fn catch_up(&self, state: &mut State) {
        let epoch = self.source.epoch();
        if state.source_epoch != epoch {
            state.source_epoch = epoch;
            state.cache.secret_changed();
        }
    }

    /// Whether another client has been told what this flight would be told, so that it is called off.
    fn is_called_off(&self, state: &mut State, flight: Flight, now: Moment) -> bool {
        let refusal = self.source.refusal(&self.presented, &self.identity);
        refusal.is_some_and(|refusal| state.cache.heed(flight, refusal, now))
    }

    /// What its exchanges have left.
    pub(super) fn memory(&self) -> Memory {
        self.enter().1.memory.clone()
    }

    /// What nearly every call comes to: two comparisons under a lock, and a reference.
    #[inline]
    fn fresh_token(&self, now: Moment) -> Option<Token> {
        // Whether this is a child need not be known: a fresh token is good in any process.
        let (_, mut state) = self.first.enter();
        let token = state.cache.fresh_token(now).cloned()?;
        state.statistics.handed_out += 1;
        Some(token)
    }

    /// Asks the cache until there is an answer, leading or waiting in between. `None` where nothing had to be renewed.
    fn answer(&self, purpose: Purpose, start: Moment, limit: Duration) -> Result<Option<Token>, Error> {
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

    /// Changes the state from outside an exchange, and wakes those who wait.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let (generation, mut state) = self.first.enter_own();
        let result = change(&mut state);
        generation.publish(&state);
        drop(state);
        generation.settled.notify_all();
        result
    }

    pub(super) fn observe(&self, kind: EventKind<'_>) {
        let Some(observer) = &self.observer else {
            return;
        };
        if let Some(_telling) = Telling::begin(Arc::as_ptr(observer).addr()) {
            observer(&Event { client: &self.label, kind });
        }
    }
}

/// What is left of a caller's time, measured by the clock that nobody sets.
fn remaining(start: Moment, now: Moment, limit: Duration) -> Duration {
    limit.saturating_sub(now.monotonic.saturating_sub(start.monotonic))
}
