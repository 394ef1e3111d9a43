//! A client that is told to stop lets go of everybody, soon and for good.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use oauth_token::transport::{Cancellation, Request, Response, Transport, TransportError, TransportErrorKind};
use oauth_token::{Client, Clock, Config, Error, ErrorKind, EventKind, Moment, SystemClock, Token};

use crate::checks::{Port, config, granted, wait_for_end};
use crate::support::{FakeTransport, Gate, Reply, Server, TestClock, broken};
use crate::{DUE, due, seconds, setup, support, wait_until};

/// Far less than any limit here, and far more than it takes.
const SOON: Duration = seconds(20);

fn patient(url: String) -> Config {
    config(url).timeout(seconds(120)).refresh_timeout(seconds(120)).connect_timeout(seconds(120))
}

#[track_caller]
fn assert_cancelled<T: std::fmt::Debug>(outcome: Result<T, Error>) {
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Cancelled);
}

/// Cancels while one caller leads and three wait, and looks at what all of them get, and who calls later.
#[track_caller]
fn assert_lets_go(client: &Client, is_under_way: impl Fn() -> bool) {
    let outcomes: Vec<Result<Token, Error>> = thread::scope(|scope| {
        let leader = scope.spawn(|| client.token());
        wait_until(is_under_way);
        let waiters: Vec<_> = (0..3).map(|_| scope.spawn(|| client.token())).collect();
        wait_until(|| client.statistics().waited == 3);
        let start = Instant::now();
        client.cancel();
        let callers = waiters.into_iter().chain([leader]);
        let outcomes = callers.map(|caller| caller.join().expect("no panic")).collect();
        assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
        outcomes
    });
    outcomes.into_iter().for_each(assert_cancelled);
    assert_cancelled(client.token());
    assert_cancelled(client.token_within(Duration::ZERO));
    assert_cancelled(client.refresh_if_due(seconds(1)));
    assert!(client.next_refresh() > Some(seconds(86_400)), "a loop that asks must not spin");
}

#[test]
fn a_request_under_way_and_all_who_wait_for_it_are_let_go() {
    let gate = Gate::new();
    let answer = Reply::gated(&gate, granted("t"));
    let server = Server::http(move |_| answer.clone());
    let client = Client::new(patient(server.url("/token"))).unwrap();
    assert_lets_go(&client, || server.requests().len() == 1);
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_request_under_way_over_tls_is_let_go() {
    let gate = Gate::new();
    let answer = Reply::gated(&gate, granted("t"));
    let server = Server::https(move |_| answer.clone());
    let client = Client::new(patient(server.url("/token")).ca_pem(server.ca_pem())).unwrap();
    assert_lets_go(&client, || server.requests().len() == 1);
    assert_eq!(server.connections(), 1);
}

#[test]
fn an_answer_whose_end_does_not_come_is_let_go() {
    let gate = Gate::new();
    let unfinished = Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"access_token\":");
    let answer = Reply::held_open(&gate, unfinished);
    let server = Server::http(move |_| answer.clone());
    let client = Client::new(patient(server.url("/token"))).unwrap();
    assert_lets_go(&client, || server.requests().len() == 1);
}

#[test]
fn a_tls_handshake_that_is_never_answered_is_let_go() {
    let server = Port::new(|mut socket| wait_for_end(&mut socket));
    let client = Client::new(patient(server.url("https"))).unwrap();
    assert_lets_go(&client, || server.connections() == 1);
}

/// Waits until it is interrupted; the first request may be granted at once.
#[derive(Default)]
struct Waiting {
    begun: Gate,
    is_first_granted: bool,
    requests: AtomicUsize,
}

impl Transport for Waiting {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        if self.requests.fetch_add(1, Ordering::SeqCst) == 0 && self.is_first_granted {
            return support::offline::granted("t");
        }
        let interrupted = Gate::new();
        let opened = interrupted.clone();
        let cancellation = request.cancellation();
        assert!(!cancellation.is_cancelled());
        let wait = || {
            self.begun.open();
            interrupted.wait();
        };
        cancellation.interruptible(move || opened.open(), wait);
        assert!(cancellation.is_cancelled());
        Err(TransportError::new(TransportErrorKind::Interrupted, "it was broken off", true))
    }
}

#[test]
fn a_transport_of_one_s_own_is_told_too() {
    let begun = Gate::new();
    let transport = Arc::new(Waiting { begun: begun.clone(), ..Waiting::default() });
    let client = Client::builder(support::offline::config()).transport(transport).build().unwrap();
    assert_lets_go(&client, || {
        begun.wait();
        true
    });
}

#[test]
fn a_client_that_is_cancelled_before_its_first_use_asks_nobody() {
    let setup = setup(support::offline::config(), crate::numbered());
    setup.client.cancel();
    assert_cancelled(setup.client.token());
    assert_cancelled(setup.client.refresh_if_due(seconds(1)));
    assert_eq!(setup.asked(), 0);
}

#[test]
fn not_even_a_usable_token_is_handed_out_afterwards_and_nothing_brings_the_client_back() {
    let setup = due(support::offline::config(), crate::numbered());
    setup.client.cancel();
    assert_cancelled(setup.client.token());
    setup.client.reset();
    setup.client.set_secret("another").unwrap();
    setup.clock.advance(DUE);
    assert_cancelled(setup.client.clone().token());
    assert_eq!(setup.asked(), 1);
}

#[test]
fn an_observer_may_cancel_its_own_client_before_the_request_goes_out() {
    let own = Arc::new(OnceLock::<Client>::new());
    let known = Arc::clone(&own);
    let config = support::offline::config().observer(move |event| {
        if matches!(event.kind, EventKind::Started { .. }) {
            known.get().unwrap().cancel();
        }
    });
    let setup = setup(config, crate::numbered());
    own.set(setup.client.clone()).unwrap();
    assert_cancelled(setup.client.token());
    assert_eq!(setup.asked(), 0);
}

#[test]
fn no_retry_is_waited_for_after_the_cancellation() {
    let gate = Gate::new();
    let answer = Reply::gated(&gate, granted("t"));
    let server = Server::http(move |_| answer.clone());
    let clock = TestClock::new();
    let client = Client::builder(patient(server.url("/token"))).clock(clock.clone()).build().unwrap();
    assert_lets_go(&client, || server.requests().len() == 1);
    assert!(clock.sleeps().is_empty(), "{:?}", clock.sleeps());
}

/// Makes every wait so long that a caller who is not let go is noticed.
struct SlowClock {
    is_sleeping: Gate,
}

impl Clock for SlowClock {
    fn now(&self) -> Moment {
        Moment { monotonic: seconds(1_000), wall: seconds(1_700_000_000) }
    }

    fn sleep(&self, _: Duration, cancellation: &Cancellation) {
        self.is_sleeping.open();
        SystemClock::new().sleep(3 * SOON, cancellation);
    }
}

#[test]
fn a_wait_for_the_next_attempt_is_let_go() {
    let discovering = Config::new().issuer("https://login.example.com").client_id("me").client_secret("s3cret");
    for config in [support::offline::config(), discovering] {
        let server = Arc::new(FakeTransport::new(|_| broken(false)));
        let is_sleeping = Gate::new();
        let clock = Arc::new(SlowClock { is_sleeping: is_sleeping.clone() });
        let client = Client::builder(config).transport(server.clone()).clock(clock).build().unwrap();
        assert_lets_go(&client, || {
            is_sleeping.wait();
            true
        });
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_renewal_by_timer_is_told_of_the_cancellation_and_not_of_a_broken_connection() {
    for is_early in [false, true] {
        let (begun, clock) = (Gate::new(), TestClock::new());
        let transport = Arc::new(Waiting { begun: begun.clone(), is_first_granted: is_early, ..Waiting::default() });
        let builder = Client::builder(support::offline::config()).transport(transport).clock(clock.clone());
        let client = builder.build().unwrap();
        if is_early {
            client.token().unwrap();
            clock.advance(DUE);
        }
        thread::scope(|scope| {
            let renewing = scope.spawn(|| client.refresh_if_due(seconds(120)));
            begun.wait();
            client.cancel();
            assert_cancelled(renewing.join().unwrap());
        });
    }
}
