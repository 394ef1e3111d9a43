use std::collections::HashSet;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

use oauth_token::{Clock, Moment};

/// A clock that stands still until a test moves it; who sleeps by it moves it and returns at once.
#[derive(Default)]
pub struct WatchedClock {
    state: Mutex<State>,
    read: Condvar,
}

#[derive(Default)]
struct State {
    elapsed: Duration,
    sleeps: Vec<Duration>,
    readers: HashSet<ThreadId>,
}

impl WatchedClock {
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    pub fn advance(&self, duration: Duration) {
        self.state.lock().unwrap().elapsed += duration;
    }

    /// How long was slept each time.
    pub fn sleeps(&self) -> Vec<Duration> {
        self.state.lock().unwrap().sleeps.clone()
    }

    pub fn forget_readers(&self) {
        self.state.lock().unwrap().readers.clear();
    }

    /// Returns once this many threads have asked for the time, as every call for a token must.
    pub fn wait_for_readers(&self, count: usize) {
        let state = self.state.lock().unwrap();
        let patience = Duration::from_secs(60);
        let (state, _) = self.read.wait_timeout_while(state, patience, |state| state.readers.len() < count).unwrap();
        let arrived = state.readers.len();
        // A panic under the lock would poison it for the others.
        drop(state);
        assert!(arrived >= count, "waited for {count} threads, saw {arrived}");
    }
}

impl Clock for WatchedClock {
    fn now(&self) -> Moment {
        let mut state = self.state.lock().unwrap();
        state.readers.insert(thread::current().id());
        self.read.notify_all();
        let start = Moment { monotonic: Duration::from_secs(1_000), wall: Duration::from_secs(1_700_000_000) };
        Moment { monotonic: start.monotonic + state.elapsed, wall: start.wall + state.elapsed }
    }

    fn sleep(&self, duration: Duration) {
        let mut state = self.state.lock().unwrap();
        state.elapsed += duration;
        state.sleeps.push(duration);
    }
}
