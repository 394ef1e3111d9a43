//! One request, and everybody gets its outcome.

use std::panic::{AssertUnwindSafe, catch_unwind};

use loom::thread;

use crate::error::ErrorKind;

use super::world::{DUE, ModelledPanic, Reply, World};
use super::{Outcome, assert_kind, explore, explore_within, join, text};

/// What this many threads get that ask at once; one of them is the model's first.
fn ask_at_once(world: &World, threads: usize) -> Vec<Outcome> {
    let ask = |_| {
        let client = world.client.clone();
        thread::spawn(move || client.token())
    };
    let others: Vec<_> = (1..threads).map(ask).collect();
    let mut outcomes = vec![world.client.token()];
    outcomes.extend(others.into_iter().map(join));
    outcomes
}

fn share_a_token(threads: usize) -> u64 {
    let world = World::new(|_, _| Reply::Token);
    for outcome in ask_at_once(&world, threads) {
        assert_eq!(text(&outcome), "t1");
    }
    assert_eq!(world.provider.requests(), 1);
    world.waited()
}

#[test]
fn two_share_a_token() {
    assert_eq!(explore("two share a token", || share_a_token(2)), [0, 1]);
}

#[test]
fn three_share_a_token() {
    assert_eq!(explore_within(4, "three share a token", || share_a_token(3)), [0, 1, 2]);
}

fn share_a_failure(threads: usize) -> u64 {
    let world = World::new(|_, _| Reply::Failure);
    let outcomes = ask_at_once(&world, threads);
    let mut told_as_their_own = 0;
    for outcome in &outcomes {
        assert_kind(outcome, ErrorKind::Server);
        told_as_their_own += u64::from(outcome.as_ref().is_err_and(|error| !error.is_repeated()));
    }
    // Who waited is told of the failure as its own; who came later is told that it is an earlier one.
    assert_eq!(told_as_their_own, 1 + world.waited());
    assert_eq!(world.provider.requests(), 1);
    world.waited()
}

#[test]
fn two_share_a_failure() {
    assert_eq!(explore("two share a failure", || share_a_failure(2)), [0, 1]);
}

#[test]
fn three_share_a_failure() {
    assert_eq!(explore_within(4, "three share a failure", || share_a_failure(3)), [0, 1, 2]);
}

/// What a caller gets, `None` where its own request ended in a panic.
fn token_or_panic(world: &World) -> Option<Outcome> {
    match catch_unwind(AssertUnwindSafe(|| world.client.token())) {
        Ok(outcome) => Some(outcome),
        Err(payload) if payload.is::<ModelledPanic>() => None,
        Err(payload) => std::panic::resume_unwind(payload),
    }
}

fn survive_a_panic(threads: usize) -> u64 {
    let world = World::new(|nth, _| if nth == 1 { Reply::Panic } else { Reply::Token });
    let ask = |_| {
        let world = world.clone();
        thread::spawn(move || token_or_panic(&world))
    };
    let others: Vec<_> = (1..threads).map(ask).collect();
    let mut outcomes = vec![token_or_panic(&world)];
    outcomes.extend(others.into_iter().map(join));

    let calm: Vec<_> = outcomes.iter().flatten().collect();
    assert_eq!(calm.len(), threads - 1, "one request panicked");
    let granted = calm.iter().filter(|outcome| outcome.is_ok()).count();
    if world.waited() > 0 {
        // One that waited took over, and who waited for either request has its token.
        assert_eq!(world.provider.requests(), 2);
        assert!(granted > 0);
    } else {
        assert!(calm.iter().all(|outcome| outcome.is_err()));
    }
    for outcome in calm {
        match outcome {
            Ok(token) => assert_eq!(token.access_token(), "t2"),
            Err(error) => assert!(error.kind() == ErrorKind::Internal && error.is_repeated()),
        }
    }
    world.waited()
}

#[test]
fn a_panic_of_the_leader_passes_the_lead_on() {
    assert_eq!(explore("a panic, two threads", || survive_a_panic(2)), [0, 1]);
}

#[test]
fn a_panic_of_the_leader_passes_the_lead_on_to_one_of_two() {
    // Three: both wait, one takes over, and the other waits once more.
    assert_eq!(explore_within(4, "a panic, three threads", || survive_a_panic(3)), [0, 1, 2, 3]);
}

fn renew_a_due_token(threads: usize, reply: fn() -> Reply, renewed: &str) -> u64 {
    let world = World::new(move |nth, _| if nth == 1 { Reply::Token } else { reply() });
    world.prepare(DUE);
    for outcome in ask_at_once(&world, threads) {
        assert!(["t1", renewed].contains(&text(&outcome)));
    }
    assert_eq!(text(&world.client.token()), renewed);
    assert_eq!(world.provider.requests(), 2);
    world.waited()
}

#[test]
fn a_due_token_is_renewed_once_and_nobody_waits() {
    assert_eq!(explore("a due token, two threads", || renew_a_due_token(2, || Reply::Token, "t2")), [0]);
    assert_eq!(explore_within(4, "a due token, three threads", || renew_a_due_token(3, || Reply::Token, "t2")), [0]);
}

#[test]
fn a_renewal_that_fails_leaves_everybody_with_the_token_in_hand() {
    assert_eq!(explore("a failing renewal, two threads", || renew_a_due_token(2, || Reply::Failure, "t1")), [0]);
}

#[test]
fn a_renewal_by_a_timer_and_a_caller_make_one_request() {
    explore("a timer and a caller", || {
        let world = World::new(|_, _| Reply::Token);
        let client = world.client.clone();
        let timer = thread::spawn(move || client.refresh_if_due(std::time::Duration::from_secs(30)));
        assert_eq!(text(&world.client.token()), "t1");
        join(timer).expect("a renewal that somebody else makes is no failure");
        assert_eq!(world.provider.requests(), 1);
        world.waited()
    });
}

#[test]
fn an_observer_may_ask_the_client_from_every_event() {
    explore("an observer", || {
        let slot: std::sync::Arc<std::sync::OnceLock<crate::Client>> = std::sync::Arc::default();
        let seen = std::sync::Arc::clone(&slot);
        let world = World::observed(
            |_, _| Reply::Token,
            move |_| {
                // It would wait for itself if a lock were held.
                if let Some(client) = seen.get() {
                    let _ = client.statistics();
                }
            },
        );
        let _ = slot.set(world.client.clone());
        for outcome in ask_at_once(&world, 2) {
            assert_eq!(text(&outcome), "t1");
        }
        assert_eq!(world.provider.requests(), 1);
        world.waited()
    });
}
