use std::sync::Mutex;
use std::time::Duration;

use oauth_token::{Clock, Moment};

/// A clock that stands still until it is set; sleeping sets it.
pub struct TestClock {
    now: Mutex<Moment>,
}

impl TestClock {
    pub fn new() -> Self {
        let now = Moment { monotonic: Duration::from_secs(1_000), wall: Duration::from_secs(1_700_000_000) };
        Self { now: Mutex::new(now) }
    }

    /// Lets time pass, by both readings.
    pub fn advance(&self, duration: Duration) {
        let mut now = self.now.lock().expect("no test panics while it sets the clock");
        now.monotonic += duration;
        now.wall += duration;
    }
}

impl Clock for TestClock {
    fn now(&self) -> Moment {
        *self.now.lock().expect("no test panics while it sets the clock")
    }

    fn sleep(&self, duration: Duration) {
        self.advance(duration);
    }
}
