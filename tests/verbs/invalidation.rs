//! Tokens that an API refused: which of them goes, how soon, and what callers get meanwhile.

use std::thread;
use std::time::Duration;

use oauth_token::{Clock, ErrorKind};

use crate::support::offline::{held_at, nth_token};
use crate::support::{Gate, answer, broken};
use crate::{DUE, EXPIRED, Opening, Setup, config, due, granted, in_turn, numbered, seconds, setup, wait_until};

/// Refuses the token in hand, and returns the one that a caller gets now.
fn refuse(setup: &Setup) -> String {
    let token = setup.client.token().expect("there must be a token to refuse");
    setup.client.invalidate(&token);
    setup.token()
}

#[test]
fn the_first_refusal_drops_the_token_at_once() {
    let setup = setup(config(), numbered());
    assert_eq!(refuse(&setup), "token-2");
    assert_eq!(setup.asked(), 2);
    assert_eq!(setup.client.statistics().invalidated, 1);
}

#[test]
fn a_late_refusal_of_an_older_token_drops_nothing() {
    let setup = setup(config(), numbered());
    let old = setup.client.token().unwrap();
    setup.client.invalidate(&old);
    assert_eq!(setup.token(), "token-2");
    for _ in 0..3 {
        setup.clock.advance(seconds(100));
        setup.client.invalidate(&old);
        assert_eq!(setup.token(), "token-2");
    }
    assert_eq!((setup.asked(), setup.client.statistics().invalidated), (2, 1));
}

#[test]
fn an_api_that_refuses_everything_is_answered_at_0_1_2_4_to_60_seconds_and_callers_get_the_token_in_hand() {
    let setup = setup(config(), numbered());
    let start = setup.clock.now();
    let mut fetched = vec![Duration::ZERO];
    setup.token();
    while setup.clock.now().since(start) < seconds(250) {
        let expected = format!("token-{}", setup.asked());
        let token = setup.client.token().expect("nobody is turned away meanwhile");
        if token.access_token() != expected {
            fetched.push(setup.clock.now().since(start));
        }
        setup.client.invalidate(&token);
        if setup.token() != token.access_token() {
            fetched.push(setup.clock.now().since(start));
        }
        setup.clock.advance(Duration::from_millis(100));
    }
    assert_eq!(setup.asked(), fetched.len());
    let spaces: Vec<u64> = fetched.windows(2).map(|pair| (pair[1] - pair[0]).as_secs()).collect();
    assert_eq!(spaces, [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
}

#[test]
fn one_refusal_is_enough_however_late_it_takes_effect() {
    let setup = setup(config(), numbered());
    refuse(&setup);
    assert_eq!(refuse(&setup), "token-2", "its replacement stays for a second");
    setup.clock.advance(Duration::from_millis(999));
    assert_eq!(setup.token(), "token-2");
    setup.clock.advance(Duration::from_millis(1));
    assert_eq!(setup.token(), "token-3");
    setup.clock.advance(seconds(60));
    assert_eq!(setup.token(), "token-3", "which nobody has refused");
}

/// A client whose spacing has grown to 4 s.
fn much_refused() -> Setup {
    let setup = setup(config(), numbered());
    for wait in [0, 1, 2] {
        setup.clock.advance(seconds(wait));
        refuse(&setup);
    }
    assert_eq!(setup.token(), "token-4");
    setup.clock.advance(seconds(2));
    assert_eq!(refuse(&setup), "token-4");
    setup.clock.advance(seconds(2));
    assert_eq!(setup.token(), "token-5");
    setup
}

#[test]
fn a_token_that_reached_its_due_point_makes_earlier_refusals_forgotten() {
    let setup = much_refused();
    setup.clock.advance(DUE);
    assert_eq!(setup.token(), "token-6");
    assert_eq!(refuse(&setup), "token-7");
}

#[test]
fn a_reset_makes_them_forgotten_too() {
    let setup = much_refused();
    setup.client.reset();
    assert_eq!(setup.token(), "token-6");
    assert_eq!(refuse(&setup), "token-7");
}

#[test]
fn a_refused_token_is_not_handed_out_again_when_the_next_one_cannot_be_had() {
    let setup = setup(config().max_retries(0), in_turn(|nth| if nth == 1 { granted("t") } else { broken(true) }));
    let token = setup.client.token().unwrap();
    setup.client.invalidate(&token);
    assert_eq!(setup.client.token().unwrap_err().kind(), ErrorKind::Network);
    assert!(setup.client.token().unwrap_err().is_repeated());
    assert!(setup.client.next_refresh() > Some(Duration::ZERO), "the pause is waited out");
}

#[test]
fn a_server_that_grants_the_refused_token_again_is_not_asked_in_a_storm() {
    let setup = setup(config(), |_| granted("the-only-one"));
    for _ in 0..600 {
        assert_eq!(refuse(&setup), "the-only-one");
        setup.clock.advance(Duration::from_millis(100));
    }
    assert!(setup.asked() <= 8, "{} requests in a minute", setup.asked());
}

#[test]
fn a_token_that_is_refused_while_it_is_being_renewed_is_not_handed_out_and_costs_no_other_request() {
    let gate = Gate::new();
    let setup = due(config(), held_at(2, &gate, nth_token));
    thread::scope(|scope| {
        let opening = Opening(&gate);
        let leader = scope.spawn(|| setup.token());
        wait_until(|| setup.asked() == 2);
        let old = setup.client.token().unwrap();
        assert_eq!(old.access_token(), "token-1");
        setup.client.invalidate(&old);
        let follower = scope.spawn(|| setup.token());
        wait_until(|| setup.client.statistics().waited == 1);
        drop(opening);
        assert_eq!([leader.join().unwrap(), follower.join().unwrap()], ["token-2", "token-2"]);
    });
    assert_eq!(setup.asked(), 2);
}

#[test]
fn a_renewal_that_fails_after_its_token_was_refused_fails_nobody() {
    let gate = Gate::new();
    let failing_once = |nth| if nth == 2 { answer(500, serde_json::json!({})) } else { nth_token(nth) };
    let setup = due(config(), held_at(2, &gate, failing_once));
    thread::scope(|scope| {
        let opening = Opening(&gate);
        let leader = scope.spawn(|| setup.token());
        wait_until(|| setup.asked() == 2);
        setup.client.invalidate(&setup.client.token().unwrap());
        let follower = scope.spawn(|| setup.token());
        wait_until(|| setup.client.statistics().waited == 1);
        drop(opening);
        assert_eq!([leader.join().unwrap(), follower.join().unwrap()], ["token-3", "token-3"]);
    });
    assert_eq!(setup.asked(), 3);
}

#[test]
fn a_token_that_passed_its_due_point_while_nobody_asked_makes_them_forgotten_too() {
    let setup = much_refused();
    setup.clock.advance(EXPIRED);
    assert_eq!(setup.token(), "token-6");
    assert_eq!(refuse(&setup), "token-7");
}
