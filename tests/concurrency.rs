//! Many threads, one client: one request, and everybody gets its outcome.

#![cfg(feature = "http")]

mod checks;
mod support;

use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use std::time::Duration;

use oauth_token::{Client, Config, Error, ErrorKind, Token};

use checks::{answering, assert_error, client_with, config, granted};
use support::{Gate, Reply, Server, TestClock};

const THREADS: usize = 64;
/// `granted` grants an hour: a renewal is due five minutes before its end at the latest, and the last ten seconds
/// are kept back.
const DUE: Duration = Duration::from_secs(3_400);
const EXPIRED: Duration = Duration::from_secs(3_590);

/// Limits that only a deadlock would reach.
fn patient(server: &Server) -> Config {
    let limit = Duration::from_secs(120);
    config(server.url("/token")).timeout(limit).refresh_timeout(limit).max_retries(0)
}

/// A server with a gate, a client of it, and the client's clock.
struct Scene {
    gate: Gate,
    server: Server,
    clock: Arc<TestClock>,
    client: Client,
}

/// The server answers with these one after another.
fn scene(replies: impl FnOnce(&Gate) -> Vec<Reply>) -> Scene {
    let gate = Gate::new();
    let server = answering(replies(&gate));
    let clock = TestClock::new();
    let client = client_with(patient(&server), &clock);
    Scene { gate, server, clock, client }
}

/// The first token is in hand, and the answer to the second request waits at the gate.
fn with_second(second: Reply) -> Scene {
    let scene = scene(|gate| vec![granted("old"), Reply::gated(gate, second), granted("superfluous")]);
    assert_eq!(token_at_once(&scene.client), "old");
    scene
}

/// What each of this many threads gets that ask at the same time; `meanwhile` runs once all have begun to ask.
fn ask_at_once(
    client: &Client,
    clock: &TestClock,
    threads: usize,
    meanwhile: impl FnOnce(),
) -> Vec<Result<Token, Error>> {
    clock.forget_readers();
    let barrier = Barrier::new(threads);
    let (sender, outcomes) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, barrier) = (sender.clone(), &barrier);
            scope.spawn(move || {
                barrier.wait();
                let _ = sender.send(client.token());
            });
        }
        clock.wait_for_readers(threads);
        meanwhile();
    });
    drop(sender);
    outcomes.into_iter().collect()
}

fn texts(outcomes: Vec<Result<Token, Error>>) -> Vec<String> {
    let text = |outcome: Result<Token, Error>| outcome.expect("there must be a token").access_token().to_owned();
    outcomes.into_iter().map(text).collect()
}

/// What a call from a thread of its own returns, which must be soon.
#[track_caller]
fn token_at_once(client: &Client) -> String {
    let (sender, receiver) = mpsc::channel();
    let client = client.clone();
    thread::spawn(move || sender.send(client.token()));
    let outcome = receiver.recv_timeout(Duration::from_secs(60)).expect("the call must not wait");
    outcome.expect("there must be a token").access_token().to_owned()
}

#[test]
fn any_number_of_threads_that_ask_at_once_make_one_request_and_share_its_token() {
    let Scene { gate, server, clock, client } =
        scene(|gate| vec![Reply::gated(gate, granted("first")), granted("second")]);
    let outcomes = ask_at_once(&client, &clock, THREADS, || gate.open());
    assert_eq!(texts(outcomes), vec!["first"; THREADS]);
    assert_eq!(server.connections(), 1);
}

#[test]
fn any_number_of_threads_that_ask_at_once_share_one_failure() {
    let Scene { gate, server, clock, client } =
        scene(|gate| vec![Reply::gated(gate, Reply::empty(503)), granted("second")]);
    let outcomes = ask_at_once(&client, &clock, THREADS, || gate.open());
    assert_eq!(outcomes.len(), THREADS);
    for outcome in outcomes {
        let error = outcome.expect_err("the server fails");
        assert_error(&error, ErrorKind::Server, &["HTTP 503"]);
        assert!(error.retry_in().is_some(), "{error:?}");
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn clones_of_a_client_share_the_request_too() {
    let Scene { server, client, .. } = scene(|_| vec![granted("first"), granted("second")]);
    let handles: Vec<_> = (0..8).map(|_| client.clone()).map(|client| thread::spawn(move || client.token())).collect();
    let outcomes = handles.into_iter().map(|handle| handle.join().expect("no panic")).collect();
    assert_eq!(texts(outcomes), ["first"; 8]);
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_due_token_is_served_to_everyone_while_it_is_renewed() {
    let Scene { gate, server, clock, client } = with_second(granted("new"));
    clock.advance(DUE);
    thread::scope(|scope| {
        let renewing = scope.spawn(|| client.token());
        server.wait_for_requests(2);
        for _ in 0..THREADS {
            assert_eq!(token_at_once(&client), "old");
        }
        gate.open();
        let renewed = renewing.join().expect("no panic").expect("there must be a token");
        assert_eq!(renewed.access_token(), "new");
    });
    assert_eq!(token_at_once(&client), "new");
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_due_token_is_renewed_by_one_of_many_that_ask_at_once() {
    let Scene { gate, server, clock, client } = with_second(granted("new"));
    clock.advance(DUE);
    let mut outcomes = texts(ask_at_once(&client, &clock, THREADS, || gate.open()));
    outcomes.sort();
    assert_eq!(outcomes.len(), THREADS);
    assert!(outcomes.iter().all(|text| text == "old" || text == "new"), "{outcomes:?}");
    assert!(outcomes.contains(&"new".to_owned()), "{outcomes:?}");
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_renewal_that_fails_leaves_everyone_with_the_old_token() {
    for failure in
        [Reply::empty(503), Reply::hang_up(), Reply::json(401, serde_json::json!({"error": "invalid_client"}))]
    {
        let Scene { gate, server, clock, client } = with_second(failure);
        clock.advance(DUE);
        let outcomes = ask_at_once(&client, &clock, THREADS, || gate.open());
        assert_eq!(texts(outcomes), vec!["old"; THREADS]);
        assert_eq!(server.connections(), 2);
    }
}

#[test]
fn an_expired_token_is_never_handed_out_however_many_ask() {
    let Scene { gate, server, clock, client } = with_second(Reply::empty(503));
    clock.advance(EXPIRED);
    let outcomes = ask_at_once(&client, &clock, THREADS, || gate.open());
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_err()).count(), THREADS);
    assert_eq!(server.connections(), 2);
}

#[test]
fn an_expired_token_is_replaced_by_one_request_for_all() {
    let Scene { gate, server, clock, client } = with_second(granted("new"));
    clock.advance(EXPIRED);
    let outcomes = ask_at_once(&client, &clock, THREADS, || gate.open());
    assert_eq!(texts(outcomes), vec!["new"; THREADS]);
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_token_that_expires_while_its_renewal_is_under_way_is_not_handed_out() {
    let Scene { gate, server, clock, client } = with_second(Reply::empty(503));
    clock.advance(DUE);
    thread::scope(|scope| {
        let renewing = scope.spawn(|| client.token());
        server.wait_for_requests(2);
        clock.advance(EXPIRED - DUE);
        gate.open();
        let outcome = renewing.join().expect("no panic");
        outcome.expect_err("the old token has expired and there is no other");
    });
}

#[test]
fn many_refusals_of_one_token_fetch_one_other() {
    let Scene { gate, server, clock, client } = with_second(granted("new"));
    let old = client.token().expect("there must be a token");
    clock.forget_readers();
    let barrier = Barrier::new(THREADS);
    let outcomes: Vec<_> = thread::scope(|scope| {
        let ask = || {
            barrier.wait();
            client.invalidate(&old);
            client.token()
        };
        let handles: Vec<_> = (0..THREADS).map(|_| scope.spawn(ask)).collect();
        clock.wait_for_readers(THREADS);
        gate.open();
        handles.into_iter().map(|handle| handle.join().expect("no panic")).collect()
    });
    assert_eq!(texts(outcomes), vec!["new"; THREADS]);
    client.invalidate(&old);
    assert_eq!(token_at_once(&client), "new");
    assert_eq!(server.connections(), 2);
}

#[test]
fn the_retries_of_one_exchange_are_everybody_s() {
    let gate = Gate::new();
    let server = answering(vec![Reply::gated(&gate, Reply::empty(503)), Reply::hang_up(), granted("third")]);
    let clock = TestClock::new();
    let client = client_with(patient(&server).max_retries(2), &clock);
    let outcomes = ask_at_once(&client, &clock, THREADS, || gate.open());
    assert_eq!(texts(outcomes), vec!["third"; THREADS]);
    assert_eq!((server.connections(), client.statistics().exchanges), (3, 1));
}

#[test]
fn any_number_of_threads_that_ask_during_a_pause_make_no_request() {
    let Scene { server, clock, client, .. } = scene(|_| vec![Reply::empty(503)]);
    client.token().expect_err("the server fails");
    for outcome in ask_at_once(&client, &clock, THREADS, || ()) {
        assert!(outcome.expect_err("the pause has begun").is_repeated());
    }
    assert_eq!((server.connections(), client.statistics().throttled), (1, THREADS as u64));
}
