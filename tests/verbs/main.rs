//! What each verb of a client promises, seen from outside; time is moved by hand, and nothing but loopback is reached.

#[cfg(feature = "http")]
#[path = "../checks/mod.rs"]
mod checks;
#[path = "../support/mod.rs"]
mod support;

mod call;
#[cfg(feature = "http")]
mod cancel;
mod clocks;
mod events;
mod invalidation;
mod limits;
#[cfg(feature = "ureq-middleware")]
mod middleware;
mod observers;
mod renewal;
mod secret_file;
mod secret_source;
mod wrong_secret;

use std::thread;
use std::time::{Duration, Instant};

use support::Gate;
use support::offline::{Setup, config, granted, in_turn, knows, numbered, refused, setup};

/// An hour's token is due by then, whatever the jitter, and the pause after a renewal that fails is half a minute.
const DUE: Duration = Duration::from_secs(3_400);
/// An hour's token is not handed out from then on.
const EXPIRED: Duration = Duration::from_secs(3_590);

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A client whose first token is due.
fn due(
    config: oauth_token::Config,
    server: impl Fn(&support::Request) -> support::Outcome + Send + Sync + 'static,
) -> Setup {
    let setup = setup(config, server);
    setup.client.token().expect("there must be a first token");
    setup.clock.advance(DUE);
    setup
}

/// Returns as soon as this holds; panics when that takes implausibly long.
#[track_caller]
fn wait_until(holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < seconds(60), "it does not come to hold");
        thread::sleep(Duration::from_millis(1));
    }
}

/// Opens its gate when dropped, so that a test that fails leaves no thread waiting.
struct Opening<'a>(&'a Gate);

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        self.0.open();
    }
}
