//! What must hold whatever goes wrong.

use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use oauth_token::{Client, Config, Error, ErrorKind};

use crate::checks::{Port, Proxy, assert_error, client_with};
use crate::support::{Server, TestClock};
use crate::{SHORT, descriptors, heap, log_lines, marks};

/// What a client talks to, or fails to.
pub(crate) trait Peer {
    fn port(&self) -> u16;

    /// How many connections of this process lead there without the client's doing.
    fn other_connections(&self) -> usize {
        0
    }
}

impl Peer for Server {
    fn port(&self) -> u16 {
        Server::port(self)
    }
}

impl Peer for Port {
    fn port(&self) -> u16 {
        self.number()
    }
}

impl Peer for Proxy {
    fn port(&self) -> u16 {
        self.number()
    }
}

/// A port without anybody behind it.
impl Peer for u16 {
    fn port(&self) -> u16 {
        *self
    }
}

/// What one call may hold in memory at most, with its connection, its certificates and 256 KiB of an answer.
pub(crate) const MOST_MEMORY: usize = 2 << 20;

/// What ends a call may come this much later than its limit, on a slow machine.
const DELAY: Duration = Duration::from_secs(5);
/// Enough for what must end long before the default limit of 30 seconds.
const AMPLE: Duration = Duration::from_secs(15);

/// The error of a call, which must be of this kind and say these words. Of every such call must hold: it ends by itself, and
/// a time-out with the limit of [`SHORT`]; the client pauses as long as the kind deserves; it held little memory and has
/// nothing open; and nothing that it said shows a secret.
#[track_caller]
pub(crate) fn told(peer: &impl Peer, config: Config, kind: ErrorKind, words: &[&str]) -> Error {
    let seen = Seen::default();
    let (client, error) = seen.fail(config, if kind == ErrorKind::Timeout { SHORT } else { AMPLE });
    assert_error(&error, kind, words);
    assert_eq!(pause_of(&error), Some(expected_pause(kind)), "{error}");
    descriptors::assert_no_more_lead_to(peer.port(), peer.other_connections());
    assert!(client.token().is_err_and(|error| error.is_repeated()), "the pause is kept");
    seen.note_state(&client);
    marks::assert_none_in(&seen.texts());
    error
}

/// Everything that a call lets be seen.
#[derive(Clone, Default)]
pub(crate) struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    pub(crate) fn note(&self, text: impl Into<String>) {
        self.0.lock().unwrap().push(text.into());
    }

    /// Its parts, its text, and what a program prints that unwraps it.
    pub(crate) fn note_error(&self, error: &Error) {
        let parts = [error.code(), error.description()];
        parts.into_iter().flatten().for_each(|part| self.note(part));
        self.note(format!("{error} {error:?} {error:#?}"));
    }

    pub(crate) fn note_state(&self, client: &Client) {
        self.note(format!("{client:?} {:?}", client.statistics()));
    }

    /// The same options, with an observer that notes what it is told.
    pub(crate) fn observing(&self, config: Config) -> Config {
        let seen = self.clone();
        config.observer(move |event| seen.note(format!("{event} {event:?}")))
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// A client and the error of its first call, made where it can be measured and does not hold up the test.
    #[track_caller]
    fn fail(&self, config: Config, limit: Duration) -> (Client, Error) {
        self.note(format!("{config:?}"));
        let client = client_with(self.observing(config.max_retries(0)), &TestClock::new());
        let asking = client.clone();
        let measured = in_time(limit, move || log_lines::overheard(|| heap::peak_of(|| asking.token())));
        let ((outcome, peak), lines) = measured;
        let error = outcome.expect_err("there must be no token");
        assert!(peak < MOST_MEMORY, "{peak} bytes were held: {error}");
        lines.into_iter().for_each(|line| self.note(line));
        self.note_error(&error);
        (client, error)
    }
}

/// What the call returns, which must end by itself, with this limit.
#[track_caller]
pub(crate) fn in_time<T: Send + 'static>(limit: Duration, call: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(call()));
    receiver.recv_timeout(limit + DELAY).expect("the limit must end the call")
}

/// Rounded to what tells the kinds of pauses apart: the first after a transient failure lasts a second at most.
fn pause_of(error: &Error) -> Option<Duration> {
    error.retry_in().map(|pause| Duration::from_secs(pause.as_secs_f64().ceil() as u64))
}

fn expected_pause(kind: ErrorKind) -> Duration {
    match kind {
        ErrorKind::Rejected => Duration::from_secs(5),
        _ => Duration::from_secs(1),
    }
}
