//! The shared part of a client: the lock around the cache, and what a host does to it from outside.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use crate::cache::{Invalidation, Purpose};
use crate::clock::{ClientClock, Moment};
use crate::config::{Config, LONGEST_LIMIT};
use crate::credentials;
use crate::error::{Error, ErrorKind};
use crate::event::{Event, EventKind, Observer, Statistics};
use crate::exchange::{Exchange, Memory};
use crate::random::Random;
use crate::secret::Secret;
use crate::sync::MutexGuard;
use crate::token::Token;

use super::channel::Channel;
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
    pub(super) clock: ClientClock,
    pub(super) random: Arc<dyn Random>,
    pub(super) observer: Option<Observer>,
}

impl Coordinator {
    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    // One frame less: it shows beside what a hit costs.
    #[inline(always)]
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
    pub(super) fn enter(&self) -> (&Generation<State>, MutexGuard<'_, State>) {
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
