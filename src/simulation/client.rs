//! The real cache and the real exchange, and around them what `client/answering.rs` does with threads.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::cache::{Cache, Caller, Decision, Flight, FlightId, Outcome, Purpose};
use crate::cancellation::Cancellation;
use crate::clock::ClientClock;
use crate::config::{Config, Settings, UseRefreshToken};
use crate::credentials::{Credentials, CredentialsState};
use crate::error::{Error, ErrorKind};
use crate::exchange::{Exchange, Memory};
use crate::protocol::ClientAuth;
use crate::secret::Secret;
use crate::sync::ThreadMark;
use crate::token::Token;

use super::agenda::Event;
use super::callers::{Call, Ending};
use super::checks::{Checks, Landing};
use super::outside::{NEW_SECRET, OLD_SECRET, Outside};
use super::scenario::{Learnt, RefreshTokens, Rotation, Scenario};
use super::shared::Shared;
use super::world::{Subject, World};

/// The client under test.
pub(super) struct RealClient {
    exchange: Exchange,
    cancellation: Arc<Cancellation>,
    /// What the real client has behind its lock; nobody holds it during an exchange.
    state: Shared<State>,
    checks: Shared<Checks>,
    waiting: Shared<BTreeMap<usize, (Call, FlightId)>>,
    /// By their numbers, for APIs that refuse them.
    tokens: Shared<BTreeMap<usize, Token>>,
}

struct State {
    cache: Cache,
    memory: Memory,
    credentials: CredentialsState,
}

impl RealClient {
    pub(super) fn boxed(world: &Weak<World>, scenario: &Scenario) -> Box<dyn Subject> {
        let settings = Settings::new(config(world, scenario)).expect("the options are right");
        let cancellation = Arc::new(Cancellation::default());
        let outside = Arc::new(Outside(Weak::clone(world)));
        let credentials = Arc::new(Credentials::new(settings.secret.clone(), settings.secret_alternate.clone()));
        Box::new(Self {
            state: Shared::new(State {
                cache: Cache::new(settings.cache),
                memory: Memory::default(),
                credentials: CredentialsState::default(),
            }),
            exchange: Exchange::new(
                settings,
                credentials,
                outside.clone(),
                ClientClock::Given(outside.clone()),
                outside,
            ),
            cancellation,
            checks: Shared::new(Checks::default()),
            waiting: Shared::new(BTreeMap::new()),
            tokens: Shared::new(BTreeMap::new()),
        })
    }

    /// Asks the cache until there is an answer, leading in between; `None` where the caller has to wait first.
    fn answer(&self, world: &World, mut call: Call) -> Option<Ending> {
        loop {
            let now = world.now();
            let asking = Caller {
                purpose: call.purpose,
                witnessed: call.witnessed,
                remaining: call.remaining(now),
                thread: ThreadMark::for_test(call.caller),
            };
            match self.state.with(|state| state.cache.ask(now, &asking)) {
                Decision::HandOut { token, .. } => {
                    self.checks.with(|checks| checks.handed_out(world, &token));
                    let number = super::outside::number(token.access_token());
                    self.tokens.with(|tokens| tokens.insert(number, token));
                    return Some(Ending::Token(number));
                }
                Decision::Idle => return Some(Ending::Nothing),
                Decision::Refuse(error) => {
                    self.state.with(|state| {
                        self.checks.with(|checks| checks.refused(world, &call, &error, &state.cache));
                    });
                    world.say(|| format!("caller {}: {error}", call.caller));
                    return Some(Ending::Failed(error.retry_in()));
                }
                Decision::Wait(flight) => {
                    self.checks.with(|checks| checks.waits(world, flight));
                    self.waiting.with(|waiting| waiting.insert(call.caller, (call, flight)));
                    world.plan(asking.remaining, Event::Wake { caller: call.caller });
                    return None;
                }
                Decision::Lead(flight) => {
                    self.state.with(|state| self.checks.with(|checks| checks.takes_off(world, flight, &state.cache)));
                    world.say(|| format!("caller {} leads {flight:?}", call.caller));
                    let has_panicked = self.lead(world, flight, asking.remaining);
                    if call.purpose == Purpose::Renewal {
                        return Some(Ending::Nothing);
                    }
                    if has_panicked {
                        return Some(Ending::Failed(None));
                    }
                    call.witnessed = Some(flight.id);
                }
            }
        }
    }

    /// Runs one exchange and settles it; returns whether it ended in a panic.
    fn lead(&self, world: &World, flight: Flight, limit: Duration) -> bool {
        let (mut memory, mut credentials) = self.state.with(|state| (state.memory.clone(), state.credentials.clone()));
        let jitter = world.chance(|dice| dice.fraction());
        let start = world.now();
        let finished = self.exchange.run(&mut memory, &mut credentials, flight.is_early, limit, &self.cancellation);
        let now = world.now();
        let is_out_of_time = now.monotonic - start.monotonic >= limit;
        let has_panicked = world.scenario.panics_one_in.is_some_and(|odds| world.chance(|dice| dice.one_in(odds)));
        let outcome = match finished.outcome {
            _ if has_panicked => Outcome::Abandoned(Error::new(ErrorKind::Internal, "the leader panicked")),
            Ok(granted) => Outcome::Granted(granted),
            Err(error) if error.kind() == ErrorKind::Timeout && is_out_of_time => Outcome::Abandoned(error),
            Err(error) => Outcome::Failed(error),
        };
        let landing = match &outcome {
            Outcome::Granted(granted) => {
                Landing::Granted { token: granted.token.clone(), refresh_in: granted.refresh_in }
            }
            Outcome::Failed(error) => Landing::Failed(error.clone()),
            Outcome::Abandoned(error) => Landing::Abandoned(error.clone()),
        };
        self.state.with(|state| {
            let is_same_epoch = state.cache.is_epoch_of(flight);
            let is_same_generation = state.cache.is_generation_of(flight);
            self.exchange.merge(&mut state.memory, memory, is_same_generation);
            if is_same_epoch {
                state.credentials = credentials;
            }
            state.cache.settle(flight, outcome, now, jitter);
            self.checks.with(|checks| checks.landed(world, flight, landing, finished.requests, &state.cache));
        });
        self.wake_all(world);
        has_panicked
    }

    /// Wakes those who wait, in any order and not at once, as a condition variable does.
    fn wake_all(&self, world: &World) {
        let callers: Vec<usize> = self.waiting.with(|waiting| waiting.keys().copied().collect());
        for caller in callers {
            let delay = world.chance(|dice| dice.even(Duration::ZERO, Duration::from_millis(3)));
            world.plan(delay, Event::Wake { caller });
        }
    }
}

impl Subject for RealClient {
    fn call(&self, world: &World, call: Call) -> Option<Ending> {
        self.answer(world, call)
    }

    fn wake(&self, world: &World, caller: usize) {
        let Some((mut call, flight)) = self.waiting.with(|waiting| waiting.get(&caller).copied()) else {
            return;
        };
        let is_in_flight = self.state.with(|state| state.cache.is_in_flight(flight));
        if is_in_flight && !call.remaining(world.now()).is_zero() {
            return;
        }
        self.waiting.with(|waiting| waiting.remove(&caller));
        self.state.with(|state| state.cache.stopped_waiting());
        call.witnessed = Some(flight);
        if let Some(ending) = self.answer(world, call) {
            world.end(&call, ending);
        }
    }

    fn unauthorized(&self, world: &World, token: usize) {
        let refused = self.tokens.with(|tokens| tokens.get(&token).cloned()).expect("it was handed out");
        let is_dropped = self.state.with(|state| state.cache.invalidate(&refused, world.now()).is_dropped());
        self.checks.with(|checks| checks.invalidated(world, token, is_dropped));
        self.wake_all(world);
    }

    fn secret_told(&self, world: &World) {
        self.state.with(|state| {
            let credentials = &self.exchange.credentials;
            credentials.replace(Secret::new(NEW_SECRET), &mut state.credentials).expect("a secret is needed");
            state.cache.secret_changed();
        });
        self.checks.with(Checks::secret_changed);
        self.wake_all(world);
    }

    fn reset(&self, world: &World) {
        self.state.with(|state| {
            self.exchange.reset(&mut state.memory);
            state.cache.reset();
        });
        self.checks.with(Checks::reset);
        self.wake_all(world);
    }

    fn cancel(&self, world: &World) {
        self.state.with(|state| state.cache.cancel());
        self.cancellation.cancel();
        self.checks.with(Checks::cancelled);
        self.wake_all(world);
    }

    fn in_hand(&self) -> Option<usize> {
        self.checks.with(|checks| checks.in_hand())
    }

    fn ended(&self, world: &World) {
        self.checks.with(|checks| checks.ended());
        let waiting = self.waiting.with(|waiting| waiting.len());
        assert_eq!(waiting, 0, "callers wait for ever");
        let is_disturbed = world.scenario.suspends_one_in.is_some() || world.scenario.panics_one_in.is_some();
        if is_disturbed || self.checks.with(|checks| checks.is_cancelled()) {
            return;
        }
        let ending = world.ask_once();
        assert!(matches!(ending, Ending::Token(_)), "it has not recovered: {ending:?}");
    }
}

fn config(world: &Weak<World>, scenario: &Scenario) -> Config {
    let config = Config::new()
        .token_url("https://login.example.com/token")
        .client_id("simulation")
        .client_auth(ClientAuth::ClientSecretPost)
        .use_refresh_token(if scenario.refresh_tokens == RefreshTokens::None {
            UseRefreshToken::Auto
        } else {
            UseRefreshToken::Always
        })
        .refresh(if scenario.is_refresh_manual { crate::Refresh::Manual } else { crate::Refresh::Inline });
    match scenario.rotation {
        Some(Rotation { learnt: Learnt::Alternate, .. }) => {
            config.client_secret(OLD_SECRET).client_secret_alternate(NEW_SECRET)
        }
        Some(Rotation { learnt: Learnt::Asks, told_at, .. }) => {
            let outside = Outside(Weak::clone(world));
            config.secret_source(move |_| {
                let is_new = outside.world().now().monotonic >= told_at;
                Ok::<_, Error>(Secret::new(if is_new { NEW_SECRET } else { OLD_SECRET }))
            })
        }
        _ => config.client_secret(OLD_SECRET),
    }
}
