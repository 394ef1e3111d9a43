use std::collections::HashSet;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

use oauth_token::transport::Cancellation;
use oauth_token::{Clock, Moment};

/// A clock that stands still until a test moves it; who sleeps by it moves it and returns at once.
pub struct TestClock {
    state: Mutex<State>,
    read: Condvar,
}

struct State {
    now: Moment,
    sleeps: Vec<Duration>,
    readers: HashSet<ThreadId>,
}

impl TestClock {
    pub fn new() -> Arc<Self> {
        let now = Moment { monotonic: Duration::from_secs(1_000_000), wall: Duration::from_secs(1_700_000_000) };
        let state = State { now, sleeps: Vec::new(), readers: HashSet::new() };
        Arc::new(Self { state: Mutex::new(state), read: Condvar::new() })
    }

    /// Lets time pass, by both readings.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.state.lock().unwrap();
        state.now.monotonic += duration;
        state.now.wall += duration;
    }

    /// Lets time pass that only the monotonic reading counts.
    pub fn advance_monotonic(&self, duration: Duration) {
        self.state.lock().unwrap().now.monotonic += duration;
    }

    /// Sets the time of day forward, or lets time pass that only the wall reading counts.
    pub fn step_wall_forward(&self, duration: Duration) {
        self.state.lock().unwrap().now.wall += duration;
    }

    /// Sets the time of day back.
    pub fn step_wall_back(&self, duration: Duration) {
        self.state.lock().unwrap().now.wall -= duration;
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

impl Clock for TestClock {
    fn now(&self) -> Moment {
        let mut state = self.state.lock().unwrap();
        state.readers.insert(thread::current().id());
        self.read.notify_all();
        state.now
    }

    fn sleep(&self, duration: Duration, _: &Cancellation) {
        self.advance(duration);
        self.state.lock().unwrap().sleeps.push(duration);
    }
}
