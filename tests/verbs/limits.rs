//! The limit of a call is its own: nobody waits longer for another's sake, and nobody fails by another's haste.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use oauth_token::ErrorKind;
use oauth_token::transport::{TransportError, TransportErrorKind};

use crate::support::offline::{held_at, nth_token, setup_with};
use crate::support::{FakeTransport, Gate, TestClock};
use crate::{DUE, EXPIRED, Opening, Setup, config, granted, numbered, seconds, setup, wait_until};

/// The first request waits at the gate and then takes `delay` without an answer; those that follow are granted.
fn too_late_once(gate: &Gate, delay: Duration) -> Setup {
    let clock = TestClock::new();
    let passing = Arc::clone(&clock);
    let server = held_at(1, gate, move |nth| {
        if nth > 1 {
            return granted("t");
        }
        passing.advance(delay);
        Err(TransportError::new(TransportErrorKind::Timeout, "the server did not answer in time", true))
    });
    setup_with(config(), FakeTransport::new(server), clock)
}

fn waited(setup: &Setup) -> u64 {
    setup.client.statistics().waited
}

#[test]
fn a_call_without_time_asks_nobody() {
    let setup = setup(config(), numbered());
    let error = setup.client.token_within(Duration::ZERO).unwrap_err();
    assert_eq!((error.kind(), error.is_repeated()), (ErrorKind::Timeout, false));
    assert_eq!(setup.asked(), 0);
    assert_eq!(setup.client.statistics(), Default::default());
}

#[test]
fn a_call_without_time_gets_the_token_in_hand_while_it_is_usable() {
    let setup = setup(config(), numbered());
    assert_eq!(setup.token(), "token-1");
    for age in [Duration::ZERO, DUE] {
        setup.clock.advance(age);
        assert_eq!(setup.client.token_within(Duration::ZERO).unwrap().access_token(), "token-1");
    }
    setup.clock.advance(EXPIRED - DUE);
    assert_eq!(setup.client.token_within(Duration::ZERO).unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(setup.asked(), 1);
}

#[test]
fn a_call_without_time_does_not_wait_for_another_s_request() {
    let gate = Gate::new();
    let setup = setup(config(), held_at(1, &gate, nth_token));
    thread::scope(|scope| {
        let opening = Opening(&gate);
        let leader = scope.spawn(|| setup.token());
        wait_until(|| setup.asked() == 1);
        let error = setup.client.token_within(Duration::ZERO).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        drop(opening);
        assert_eq!(leader.join().unwrap(), "token-1");
    });
    assert_eq!((setup.asked(), waited(&setup)), (1, 0));
}

#[test]
fn each_follower_waits_as_long_as_its_own_limit() {
    let gate = Gate::new();
    let setup = setup(config(), held_at(1, &gate, nth_token));
    let within = |limit: u64| {
        let client = setup.client.clone();
        move || client.token_within(Duration::from_millis(limit))
    };
    thread::scope(|scope| {
        let opening = Opening(&gate);
        let leader = scope.spawn(within(60_000));
        wait_until(|| setup.asked() == 1);
        let (shortest, short, long) = (scope.spawn(within(10)), scope.spawn(within(20)), scope.spawn(within(50_000)));
        wait_until(|| waited(&setup) == 3);
        setup.clock.advance(Duration::from_millis(10));
        assert_eq!(shortest.join().unwrap().unwrap_err().kind(), ErrorKind::Timeout);
        assert!(!short.is_finished());
        setup.clock.advance(Duration::from_millis(10));
        assert_eq!(short.join().unwrap().unwrap_err().kind(), ErrorKind::Timeout);
        assert!(!long.is_finished() && !leader.is_finished());
        drop(opening);
        for patient in [leader, long] {
            assert_eq!(patient.join().unwrap().unwrap().access_token(), "token-1");
        }
    });
    assert_eq!(setup.asked(), 1);
}

#[test]
fn a_leader_whose_own_time_is_over_fails_nobody_who_has_more() {
    let gate = Gate::new();
    let setup = too_late_once(&gate, seconds(5));
    thread::scope(|scope| {
        let opening = Opening(&gate);
        let leader = scope.spawn(|| setup.client.token_within(seconds(5)));
        wait_until(|| setup.asked() == 1);
        let followers: Vec<_> = (0..8).map(|_| scope.spawn(|| setup.client.token_within(seconds(60)))).collect();
        wait_until(|| waited(&setup) == 8);
        drop(opening);
        // By the time it looks, another may have been quicker.
        if let Err(error) = leader.join().unwrap() {
            assert_eq!(error.kind(), ErrorKind::Timeout);
        }
        for follower in followers {
            assert_eq!(follower.join().unwrap().unwrap().access_token(), "t");
        }
    });
    assert_eq!(setup.asked(), 2, "one more request, shared by all");
}

#[test]
fn followers_with_no_time_for_a_request_of_their_own_are_told_why_the_leader_gave_up() {
    let gate = Gate::new();
    let setup = too_late_once(&gate, seconds(5));
    thread::scope(|scope| {
        let opening = Opening(&gate);
        let leader = scope.spawn(|| setup.client.token_within(seconds(5)));
        wait_until(|| setup.asked() == 1);
        let follower = scope.spawn(|| setup.client.token_within(Duration::from_millis(5_900)));
        wait_until(|| waited(&setup) == 1);
        drop(opening);
        for caller in [leader, follower] {
            let error = caller.join().unwrap().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Timeout);
            assert!(error.message().contains("did not answer in time"), "{error}");
        }
    });
    assert_eq!(setup.asked(), 1);
}

#[test]
fn a_limit_without_end_is_one_for_leaders_and_for_followers() {
    let gate = Gate::new();
    let setup = setup(config(), held_at(1, &gate, nth_token));
    thread::scope(|scope| {
        let opening = Opening(&gate);
        let leader = scope.spawn(|| setup.client.token_within(Duration::MAX));
        wait_until(|| setup.asked() == 1);
        let follower = scope.spawn(|| setup.client.token_within(Duration::MAX));
        wait_until(|| waited(&setup) == 1);
        drop(opening);
        for caller in [leader, follower] {
            assert_eq!(caller.join().unwrap().unwrap().access_token(), "token-1");
        }
    });
    setup.clock.advance(DUE);
    setup.client.refresh_if_due(Duration::MAX).unwrap();
    assert_eq!(setup.token(), "token-2");
}

#[test]
fn a_follower_whose_time_is_over_is_told_that_its_limit_was_too_short_and_not_that_it_had_none() {
    let gate = Gate::new();
    let setup = setup(config(), held_at(1, &gate, nth_token));
    thread::scope(|scope| {
        let _opening = Opening(&gate);
        scope.spawn(|| setup.token());
        wait_until(|| setup.asked() == 1);
        let follower = scope.spawn(|| setup.client.token_within(Duration::from_millis(10)));
        wait_until(|| waited(&setup) == 1);
        setup.clock.advance(Duration::from_millis(10));
        let error = follower.join().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(error.message().contains("longer limit") && error.message().contains("`timeout`"), "{error}");
        assert!(!error.message().contains("may not wait"), "{error}");
    });
}

#[test]
fn the_time_that_a_request_hook_takes_is_the_callers() {
    let clock = TestClock::new();
    let slow = clock.clone();
    let config = config().timeout(seconds(10)).request_hook(move |_| {
        slow.advance(seconds(11));
        Ok::<_, String>(())
    });
    let setup = setup_with(config, FakeTransport::new(numbered()), clock);
    assert_eq!(setup.client.token().unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(setup.asked(), 0);
}
