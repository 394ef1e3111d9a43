//! The ways in which tokens are usually cached, to compare with.

use std::collections::VecDeque;
use std::sync::Weak;
use std::time::Duration;

use crate::cache::Purpose;

use super::callers::{Call, Ending, PATIENCE};
use super::scenario::Scenario;
use super::server::{Asked, Reply};
use super::shared::Shared;
use super::world::{Subject, World};

/// A fixed margin: a token is used until so long before its end, then the next caller asks for another, holding a mutex
/// until the answer is there. The end is the time of the answer plus `expires_in`, by the wall clock. Nothing is
/// retried, put off or remembered of a failure. A token that an API refuses is dropped.
pub(super) struct FixedMargin {
    margin: Duration,
    state: Shared<State>,
}

#[derive(Default)]
struct State {
    token: Option<Cached>,
    is_locked: bool,
    /// Callers that wait for the mutex, in the order in which they came.
    queue: VecDeque<Call>,
}

#[derive(Clone, Copy)]
struct Cached {
    number: usize,
    /// By the wall clock.
    expires_at: Duration,
}

impl FixedMargin {
    pub(super) fn boxed(margin: Duration) -> impl FnOnce(&Weak<World>, &Scenario) -> Box<dyn Subject> {
        move |_, _| Box::new(Self { margin, state: Shared::new(State::default()) })
    }

    /// What a caller does once it has the mutex.
    fn serve(&self, world: &World) -> Ending {
        let now = world.now();
        let cached = self.state.with(|state| state.token);
        if let Some(cached) = cached.filter(|cached| now.wall + self.margin < cached.expires_at) {
            return Ending::Token(cached.number);
        }
        let is_secret_new = world.scenario.rotation.is_some_and(|rotation| now.monotonic >= rotation.told_at);
        match world.send(Asked { is_secret_new, refresh_token: None }, PATIENCE) {
            Ok(Reply::Granted { token, expires_in, .. }) => {
                let expires_at = world.now().wall + Duration::from_secs(expires_in);
                self.state.with(|state| state.token = Some(Cached { number: token, expires_at }));
                Ending::Token(token)
            }
            _ => Ending::Failed(None),
        }
    }
}

impl Subject for FixedMargin {
    fn call(&self, world: &World, call: Call) -> Option<Ending> {
        if call.purpose == Purpose::Renewal {
            return Some(Ending::Nothing);
        }
        let must_wait = self.state.with(|state| {
            state.queue.push_back(call);
            std::mem::replace(&mut state.is_locked, true)
        });
        if must_wait {
            return None;
        }
        while let Some(next) = self.state.with(|state| state.queue.pop_front()) {
            let ending = self.serve(world);
            world.end(&next, ending);
        }
        self.state.with(|state| state.is_locked = false);
        None
    }

    fn unauthorized(&self, _: &World, token: usize) {
        self.state.with(|state| state.token = state.token.filter(|cached| cached.number != token));
    }

    fn reset(&self, _: &World) {
        self.state.with(|state| state.token = None);
    }

    fn in_hand(&self) -> Option<usize> {
        self.state.with(|state| state.token.map(|cached| cached.number))
    }

    fn ended(&self, _: &World) {
        let waiting = self.state.with(|state| state.queue.len());
        assert_eq!(waiting, 0, "callers wait for ever");
    }

    // Nobody waits but for the mutex, and nothing can be called off.
    fn wake(&self, _: &World, _: usize) {}
    fn secret_told(&self, _: &World) {}
    fn cancel(&self, _: &World) {}
}
