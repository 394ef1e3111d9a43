//! Callers whose time is over, as leaders and as waiters.

use std::time::Duration;

use loom::thread;

use crate::error::ErrorKind;
use crate::transport::Request;

use super::world::{EXPIRED, Reply, World};
use super::{Outcome, assert_kind, explore, explore_within, join, text};

const SHORT: Duration = Duration::from_secs(2);
/// Between a moment before and a moment after the short limit.
const LONGER: Duration = Duration::from_secs(3);
const LONG: Duration = Duration::from_secs(30);

/// The provider answers only who has the time.
fn silent_within(limit: Duration) -> impl Fn(usize, &Request) -> Reply {
    move |_, request| if request.timeout() <= limit { Reply::Silence } else { Reply::Token }
}

fn spawn_token_within(world: &World, limit: Duration) -> thread::JoinHandle<Outcome> {
    let client = world.client.clone();
    thread::spawn(move || client.token_within(limit))
}

#[test]
fn a_leader_out_of_time_passes_the_lead_to_a_waiter() {
    explore("a leader out of time, two threads", || {
        let world = World::new(silent_within(SHORT));
        let hasty = spawn_token_within(&world, SHORT);
        let patient = world.client.token_within(LONG);
        let hasty = join(hasty);
        if hasty.is_err() {
            assert_kind(&hasty, ErrorKind::Timeout);
        }
        if world.waited() > 0 || hasty.is_ok() {
            assert!(patient.is_ok(), "{patient:?}");
        } else if let Err(error) = patient {
            // It came after the failure, which it had no part in.
            assert!(error.kind() == ErrorKind::Timeout && error.is_repeated());
        }
        assert!(world.provider.requests() <= 2);
        world.waited()
    });
}

#[test]
fn a_leader_out_of_time_passes_the_lead_to_one_of_two_waiters() {
    explore_within(4, "a leader out of time, three threads", || {
        let world = World::new(silent_within(SHORT));
        let hasty = spawn_token_within(&world, SHORT);
        let patient = spawn_token_within(&world, LONG);
        let outcomes = [world.client.token_within(LONG), join(patient)];
        let hasty = join(hasty);
        for outcome in &outcomes {
            match outcome {
                Ok(_) => {}
                Err(error) => assert!(error.kind() == ErrorKind::Timeout && error.is_repeated()),
            }
        }
        // Nobody comes to wait for nothing: the waiters got what one of them fetched.
        if world.waited() > 0 {
            assert!(outcomes.iter().any(|outcome| outcome.is_ok()));
        }
        if hasty.is_ok() {
            assert!(outcomes.iter().all(|outcome| outcome.is_ok()));
        }
        assert!(world.provider.requests() <= 2);
        world.waited()
    });
}

#[test]
fn the_lead_is_passed_on_once() {
    explore_within(4, "a second leader out of time", || {
        let world = World::new(silent_within(LONGER));
        let first = spawn_token_within(&world, SHORT);
        let second = spawn_token_within(&world, LONGER);
        let patient = world.client.token_within(LONG);
        for outcome in [&join(first), &join(second), &patient] {
            if outcome.is_err() {
                assert_kind(outcome, ErrorKind::Timeout);
            }
        }
        assert!(world.provider.requests() <= 3);
        world.waited()
    });
}

#[test]
fn a_waiter_with_too_little_time_leaves_the_lead_to_one_with_enough() {
    explore_within(4, "a waiter with too little time", || {
        let world = World::observed(silent_within(SHORT), |_| ());
        let first = spawn_token_within(&world, SHORT);
        // Less than the second that it takes to take over is left when the first gives up.
        let short = spawn_token_within(&world, SHORT + Duration::from_millis(500));
        let patient = world.client.token_within(LONG);
        let outcomes = [join(first), join(short)];
        if world.waited() == 2 {
            assert!(patient.is_ok(), "{patient:?} {outcomes:?}");
        }
        world.waited()
    });
}

#[test]
fn a_waiter_whose_time_is_over_leaves_the_others_to_it() {
    explore_within(4, "a waiter out of time", || {
        let world = World::with_moving_clock(|_, _| Reply::Token);
        let waiter = spawn_token_within(&world, SHORT);
        let time = {
            let world = world.clone();
            thread::spawn(move || world.pass(LONGER))
        };
        let patient = world.client.token_within(LONG);
        join(time);
        let waiter = join(waiter);
        if waiter.is_err() {
            assert_kind(&waiter, ErrorKind::Timeout);
        }
        if patient.is_err() {
            // The other led, and its time was over before it asked: it had learnt nothing to share.
            assert_kind(&patient, ErrorKind::Timeout);
            assert_eq!((world.waited(), world.provider.requests()), (0, 0));
        }
        assert!(world.provider.requests() <= 1);
        world.waited()
    });
}

#[test]
fn who_may_not_wait_returns_at_once() {
    explore("a caller without time, two threads", || {
        let world = World::new(|_, _| Reply::Token);
        let client = world.client.clone();
        let caller = thread::spawn(move || client.token_within(Duration::ZERO));
        assert_eq!(text(&world.client.token()), "t1");
        let outcome = join(caller);
        if outcome.is_err() {
            assert_kind(&outcome, ErrorKind::Timeout);
        }
        assert_eq!((world.waited(), world.provider.requests()), (0, 1));
        world.waited()
    });
}

#[test]
fn who_may_not_wait_does_not_take_the_lead_from_who_waits() {
    explore_within(4, "a caller without time while the lead is passed on", || {
        let world = World::new(silent_within(SHORT));
        let hasty = spawn_token_within(&world, SHORT);
        let caller = spawn_token_within(&world, Duration::ZERO);
        let patient = world.client.token_within(LONG);
        let (hasty, caller) = (join(hasty), join(caller));
        if world.waited() > 0 || hasty.is_ok() {
            assert!(patient.is_ok(), "{patient:?}");
        }
        if caller.is_err() {
            assert_kind(&caller, ErrorKind::Timeout);
        }
        assert!(world.provider.requests() <= 2);
        world.waited()
    });
}

#[test]
fn a_token_that_expires_while_it_is_renewed_is_not_handed_out_any_more() {
    explore_within(3, "an expiry during a renewal", || {
        let world = World::with_moving_clock(|_, _| Reply::Token);
        let rest = Duration::from_secs(2);
        world.prepare(EXPIRED - rest);
        let client = world.client.clone();
        let renewing = thread::spawn(move || client.token());
        world.pass(rest);
        assert_ne!(text(&world.client.token()), "t1", "an expired token was handed out");
        text(&join(renewing));
        world.waited()
    });
}
