//! What changes while a request is under way: the token refused, the secret replaced, all forgotten, the client stopped.

use loom::thread;

use crate::error::ErrorKind;
use crate::transport::Request;

use super::world::{DUE, Reply, World};
use super::{assert_kind, explore, explore_within, join, text};

/// Refuses the token in hand while it is renewed; the second request is answered like this.
fn refuse_during_a_renewal(reply: fn() -> Reply) -> u64 {
    let world = World::new(move |nth, _| if nth == 2 { reply() } else { Reply::Token });
    let old = world.prepare(DUE);
    let client = world.client.clone();
    let renewing = thread::spawn(move || client.token());
    world.client.invalidate(&old);
    match world.client.token() {
        Ok(token) => assert_ne!(token.access_token(), "t1", "the refused token came back"),
        // The second request was made after the refusal, by somebody without a token in hand.
        Err(error) => assert!(matches!(reply(), Reply::Failure), "{error}"),
    }
    let renewed = join(renewing);
    assert!(renewed.is_ok() || matches!(reply(), Reply::Failure), "{renewed:?}");
    assert!(world.provider.requests() <= 3);
    world.waited()
}

#[test]
fn a_refused_token_does_not_come_back_to_who_refused_it() {
    explore("a refusal during a renewal", || refuse_during_a_renewal(|| Reply::Token));
    explore("a refusal during a failing renewal", || refuse_during_a_renewal(|| Reply::Failure));
}

#[test]
fn two_refusals_of_one_token_fetch_one_other() {
    explore_within(4, "two refusals of one token", || {
        let world = World::new(|_, _| Reply::Token);
        let old = world.prepare(std::time::Duration::ZERO);
        let (other, refused) = (world.client.clone(), old.clone());
        let other = thread::spawn(move || {
            other.invalidate(&refused);
            other.token()
        });
        world.client.invalidate(&old);
        assert_eq!(text(&world.client.token()), "t2");
        assert_eq!(text(&join(other)), "t2");
        assert_eq!(world.provider.requests(), 2);
        world.waited()
    });
}

/// Refuses all but the secret `right`.
pub(super) fn knows_right(_: usize, request: &Request) -> Reply {
    // The header of `model:right`.
    let is_right = request.headers().any(|(_, value)| value == "Basic bW9kZWw6cmlnaHQ=");
    if is_right { Reply::Token } else { Reply::Refusal }
}

fn replace_the_secret(threads: usize) -> u64 {
    let world = World::new(knows_right);
    let ask = |_| {
        let client = world.client.clone();
        thread::spawn(move || client.token())
    };
    let others: Vec<_> = (1..threads).map(ask).collect();
    world.client.set_secret("right").expect("a good secret");
    text(&world.client.token());
    for outcome in others.into_iter().map(join) {
        if outcome.is_err() {
            // It was over before the secret was replaced.
            assert_kind(&outcome, ErrorKind::Rejected);
        }
    }
    assert!(world.provider.requests() <= 2, "one with the old secret, one with the new");
    world.waited()
}

#[test]
fn who_asks_after_the_secret_was_replaced_is_not_told_of_the_old_one() {
    explore("a new secret, two threads", || replace_the_secret(2));
    explore_within(4, "a new secret, three threads", || replace_the_secret(3));
}

#[test]
fn nobody_gets_a_token_that_was_asked_for_before_a_reset() {
    explore("a reset", || {
        let world = World::new(|_, _| Reply::Token);
        let client = world.client.clone();
        let caller = thread::spawn(move || client.token());
        let before = world.provider.requests();
        world.client.reset();
        let token = world.client.token().expect("there must be a token");
        let nth: usize = token.access_token()[1..].parse().expect("a number");
        assert!(nth > before, "an old token came back");
        text(&join(caller));
        assert!(world.provider.requests() <= 2);
        world.waited()
    });
}

fn stop_the_client(threads: usize) -> u64 {
    let world = World::new(|_, _| Reply::Token);
    let ask = |_| {
        let client = world.client.clone();
        thread::spawn(move || client.token())
    };
    let callers: Vec<_> = (1..threads).map(ask).collect();
    world.client.cancel();
    assert_kind(&world.client.token(), ErrorKind::Cancelled);
    for outcome in callers.into_iter().map(join) {
        if outcome.is_err() {
            assert_kind(&outcome, ErrorKind::Cancelled);
        }
    }
    assert!(world.provider.requests() <= 1);
    world.waited()
}

#[test]
fn a_client_that_is_stopped_lets_everybody_go() {
    explore("a stop, two threads", || stop_the_client(2));
    explore_within(4, "a stop, three threads", || stop_the_client(3));
}
