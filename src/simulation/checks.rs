//! The promises, checked after every step by a record of their own.

use std::time::Duration;

use crate::cache::{Cache, Flight, FlightId};
use crate::clock::Moment;
use crate::error::{Error, ErrorKind};
use crate::token::Token;

use super::bounds::{self, Silence};
use super::callers::Call;
use super::held::Held;
use super::outside;
use super::scenario::{Learnt, RefreshTokens};
use super::world::World;

/// What the client should know and do.
#[derive(Default)]
pub(super) struct Checks {
    held: Option<Held>,
    flight: Option<Flight>,
    /// Requests that had brought no token when the flight took off.
    setbacks: u64,
    silence: Option<Silence>,
    failures: u32,
    /// How often the lead has been passed on since an exchange last ended otherwise.
    handovers: u32,
    /// The flight whose lead waits to be taken over.
    passed_on: Option<Flight>,
    /// How many refused tokens have been dropped in a row.
    drops: u32,
    is_cancelled: bool,
}

/// How a flight ended.
pub(super) enum Landing {
    Granted { token: Token, refresh_in: Option<Duration> },
    Failed(Error),
    Abandoned(Error),
}

impl Checks {
    pub(super) fn in_hand(&self) -> Option<usize> {
        self.held.as_ref().filter(|held| !held.is_refused).map(|held| held.number)
    }

    /// A token was handed out.
    pub(super) fn handed_out(&mut self, world: &World, token: &Token) {
        let now = world.now();
        let number = outside::number(token.access_token());
        let end = world.server.with(|server| server.end_of(number));
        assert!(now.monotonic < end, "token {number} was handed out {:?} after its end", now.monotonic - end);
        let held = self.held.as_ref().expect("a token was handed out, and there is none");
        assert_eq!(held.number, number, "another token than the last one was handed out");
        assert!(held.is_usable(now), "token {number} was handed out in the part of its life that is kept back");
        if held.age(now) >= held.due {
            self.drops = 0;
        }
    }

    /// A caller was told to wait.
    pub(super) fn waits(&mut self, world: &World, flight: FlightId) {
        let now = world.now();
        assert!(self.usable(now).is_none(), "a caller waits although a token is usable");
        self.nothing_is_usable(now);
        assert!(self.flight.is_some_and(|current| current.id == flight), "a caller waits for nothing");
    }

    /// A caller was told to lead.
    pub(super) fn takes_off(&mut self, world: &World, flight: Flight, cache: &Cache) {
        let now = world.now();
        assert!(self.flight.is_none(), "two exchanges at once");
        if let Some(held) = self.usable(now) {
            assert!(flight.is_early, "a usable token was dropped");
            let age = held.age(now);
            assert!(age >= held.due, "a token is renewed at the age of {age:?}, before {:?}", held.due);
        }
        if self.held.as_ref().is_some_and(|held| held.age(now) >= held.due) {
            self.drops = 0;
        }
        if !flight.is_early {
            self.nothing_is_usable(now);
        }
        // What is over is over, whatever a clock says later.
        if let Some(silence) = self.silence.take() {
            let is_epoch_same = cache.is_epoch_of(silence.after);
            let is_held_up = silence.longest_limit.is_none_or(|limit| flight.limit <= limit);
            assert!(!is_held_up || silence.is_kept(now, is_epoch_same), "the server is not left alone");
        }
        self.flight = Some(flight);
        self.passed_on = None;
        self.setbacks = world.server.with(|server| server.setbacks);
    }

    /// The flight was settled; `cache` is as it is afterwards.
    pub(super) fn landed(&mut self, world: &World, flight: Flight, landing: Landing, requests: u32, cache: &Cache) {
        let now = world.now();
        assert_eq!(self.flight.take(), Some(flight), "a flight landed that had not taken off");
        let has_refresh_token = world.scenario.refresh_tokens != RefreshTokens::None;
        let has_alternate = world.scenario.rotation.is_some_and(|rotation| rotation.learnt != Learnt::Told);
        let most = bounds::most_requests(flight.is_early, has_refresh_token, has_alternate);
        assert!(requests <= most, "{requests} requests in one exchange");
        match landing {
            Landing::Granted { token, refresh_in } if cache.is_generation_of(flight) => {
                let arrived = Held::new(&token, refresh_in);
                if arrived.is_usable(now) {
                    self.granted(arrived, now);
                } else {
                    self.failed(flight, &Error::new(ErrorKind::Server, "it arrived expired"), now, cache);
                }
            }
            Landing::Granted { .. } => {}
            Landing::Failed(error) => {
                let setbacks = world.server.with(|server| server.setbacks);
                assert!(setbacks > self.setbacks || self.is_cancelled, "it failed, and all was well: {error}");
                self.failed(flight, &error, now, cache);
            }
            Landing::Abandoned(error) if cache.next_attempt(now).is_some() => {
                self.failed(flight, &error, now, cache);
                // One who gave up holds up those who have no more time.
                if let Some(silence) = self.silence.as_mut().filter(|_| !flight.is_taken_over()) {
                    silence.longest_limit = (error.kind() == ErrorKind::Timeout).then_some(flight.limit);
                }
            }
            Landing::Abandoned(_) if cache.is_epoch_of(flight) => {
                self.handovers += 1;
                assert!(self.handovers <= 1, "the lead is passed on more than once");
                self.passed_on = Some(flight);
            }
            Landing::Abandoned(_) => {}
        }
    }

    /// A caller was refused.
    pub(super) fn refused(&mut self, world: &World, call: &Call, error: &Error, cache: &Cache) {
        let now = world.now();
        if self.is_cancelled {
            assert_eq!(error.kind(), ErrorKind::Cancelled);
            return;
        }
        assert!(self.usable(now).is_none(), "a caller was refused although a token is usable: {error}");
        self.nothing_is_usable(now);
        if let Some(flight) = self.passed_on.take_if(|_| cache.next_attempt(now).is_some()) {
            self.failed(flight, error, now, cache);
        }
        // Too little time to lead, or to take over from one who gave up.
        if call.remaining(now) < Duration::from_secs(1) {
            return;
        }
        let silence = self.silence.as_ref().expect("a caller was refused without a failure");
        assert!(silence.may_last(now), "a caller was refused long after the last failure: {error}");
    }

    /// An API's 401 was reported.
    pub(super) fn invalidated(&mut self, world: &World, number: usize, is_dropped: bool) {
        let now = world.now();
        match self.held.take_if(|held| held.number == number) {
            Some(held) if is_dropped => self.dropped(&held, now),
            Some(mut held) => {
                held.is_refused = true;
                self.held = Some(held);
            }
            None => assert!(!is_dropped, "a late 401 dropped another token"),
        }
        self.handovers = 0;
    }

    pub(super) fn secret_changed(&mut self) {
        self.silence = None;
        self.failures = 0;
        self.handovers = 0;
    }

    pub(super) fn reset(&mut self) {
        self.secret_changed();
        self.held = None;
        self.drops = 0;
    }

    pub(super) fn cancelled(&mut self) {
        self.is_cancelled = true;
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.is_cancelled
    }

    pub(super) fn ended(&self) {
        assert!(self.flight.is_none(), "an exchange never ended");
    }

    fn usable(&self, now: Moment) -> Option<&Held> {
        self.held.as_ref().filter(|held| held.is_usable(now) && !held.is_refused)
    }

    fn granted(&mut self, arrived: Held, now: Moment) {
        self.held = Some(match self.held.take() {
            Some(held) if held.number == arrived.number && held.is_usable(now) => held.again(&arrived, now),
            _ => arrived,
        });
        self.silence = None;
        self.failures = 0;
        self.handovers = 0;
    }

    fn failed(&mut self, flight: Flight, error: &Error, now: Moment, cache: &Cache) {
        if !cache.is_epoch_of(flight) {
            return;
        }
        self.failures += 1;
        self.handovers = 0;
        let usable_for = self.held.as_ref().map(|held| held.usable_for(now)).unwrap_or_default();
        let is_doubtful = self.held.as_ref().is_some_and(|held| held.is_refused);
        self.silence = Some(Silence::new(flight, now, error, self.failures, usable_for, is_doubtful));
    }

    /// Callers are told that there is no token to hand out: one that an API refused has gone.
    fn nothing_is_usable(&mut self, now: Moment) {
        if let Some(held) = self.held.take_if(|held| held.is_refused && held.is_usable(now)) {
            self.dropped(&held, now);
        }
    }

    /// A refused token has gone.
    fn dropped(&mut self, held: &Held, now: Moment) {
        let least_age = bounds::least_age_to_drop(self.drops);
        let age = held.age(now);
        assert!(age >= least_age, "a refused token was dropped at the age of {age:?}, before {least_age:?}");
        self.drops += 1;
        self.failures = 0;
    }
}
