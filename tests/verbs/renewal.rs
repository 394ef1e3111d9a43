//! Renewing by a timer of the host's: `refresh_if_due` and `next_refresh`, beside `refresh` = `inline` and `manual`.

use std::thread;
use std::time::Duration;

use oauth_token::{Config, ErrorKind, Refresh};
use serde_json::json;

use crate::support::offline::held_at;
use crate::support::{Gate, answer, broken};
use crate::{DUE, EXPIRED, Opening, config, due, granted, in_turn, numbered, refused, seconds, setup, wait_until};

/// The options of both ways to renew.
fn both_ways() -> [Config; 2] {
    [Refresh::Inline, Refresh::Manual].map(|refresh| config().refresh(refresh))
}

const LIMIT: Duration = seconds(5);

#[test]
fn without_a_token_a_renewal_fetches_the_first_one() {
    for config in both_ways() {
        let setup = setup(config, numbered());
        assert_eq!(setup.client.next_refresh(), None);
        setup.client.refresh_if_due(LIMIT).unwrap();
        assert_eq!(setup.token(), "token-1");
        assert_eq!(setup.asked(), 1);
    }
}

#[test]
fn a_token_that_is_not_due_is_not_renewed() {
    for config in both_ways() {
        let setup = setup(config, numbered());
        setup.token();
        let next = setup.client.next_refresh().unwrap();
        assert!((seconds(3_240)..=seconds(3_300)).contains(&next), "{next:?}");
        setup.clock.advance(next - Duration::from_millis(1));
        assert_eq!(setup.client.next_refresh(), Some(Duration::from_millis(1)));
        setup.client.refresh_if_due(LIMIT).unwrap();
        assert_eq!(setup.asked(), 1);
        setup.clock.advance(Duration::from_millis(1));
        assert_eq!(setup.client.next_refresh(), Some(Duration::ZERO));
        setup.client.refresh_if_due(LIMIT).unwrap();
        assert_eq!(setup.asked(), 2);
    }
}

#[test]
fn a_token_that_is_due_is_renewed_once_and_then_is_not_due() {
    for config in both_ways() {
        let setup = due(config, numbered());
        setup.client.refresh_if_due(LIMIT).unwrap();
        setup.client.refresh_if_due(LIMIT).unwrap();
        assert!(setup.client.next_refresh().unwrap() >= seconds(3_240));
        assert_eq!(setup.token(), "token-2");
        assert_eq!(setup.asked(), 2);
    }
}

#[test]
fn with_manual_refresh_asking_for_a_token_never_comes_early() {
    let setup = due(config().refresh(Refresh::Manual), numbered());
    assert_eq!(setup.token(), "token-1");
    assert_eq!(setup.asked(), 1);
    setup.clock.advance(EXPIRED - DUE);
    assert_eq!(setup.token(), "token-2", "without a usable token it is not early");
}

#[test]
fn while_another_is_at_it_a_renewal_does_nothing_and_does_not_wait() {
    for config in both_ways() {
        for age in [Duration::ZERO, DUE, EXPIRED] {
            let gate = Gate::new();
            let is_first = age.is_zero();
            let setup = setup(config.clone(), held_at(if is_first { 1 } else { 2 }, &gate, |_| granted("t")));
            if !is_first {
                setup.token();
                setup.clock.advance(age);
            }
            let before = setup.asked();
            thread::scope(|scope| {
                let _opening = Opening(&gate);
                scope.spawn(|| setup.client.refresh_if_due(LIMIT).unwrap());
                wait_until(|| setup.asked() == before + 1);
                setup.client.refresh_if_due(LIMIT).unwrap();
                assert_eq!(setup.client.statistics().waited, 0);
            });
            assert_eq!(setup.asked(), before + 1, "{age:?}");
        }
    }
}

#[test]
fn a_renewal_without_time_does_nothing() {
    for config in both_ways() {
        let setup = setup(config, numbered());
        setup.client.refresh_if_due(Duration::ZERO).unwrap();
        assert_eq!(setup.asked(), 0);
        setup.token();
        setup.clock.advance(DUE);
        setup.client.refresh_if_due(Duration::ZERO).unwrap();
        assert_eq!(setup.asked(), 1);
    }
}

#[test]
fn a_renewal_that_fails_is_an_error_once_and_then_pauses() {
    for config in both_ways() {
        let setup = due(config, in_turn(|nth| if nth == 1 { granted("t") } else { broken(true) }));
        assert_eq!(setup.client.refresh_if_due(LIMIT).unwrap_err().kind(), ErrorKind::Network);
        // A quarter of the 190 s that are left is more than half a minute.
        assert_eq!(setup.client.next_refresh(), Some(seconds(30)));
        setup.clock.advance(seconds(29));
        assert_eq!(setup.client.next_refresh(), Some(seconds(1)));
        setup.client.refresh_if_due(LIMIT).unwrap();
        assert_eq!(setup.token(), "t");
        assert_eq!(setup.asked(), 2);
        setup.clock.advance(seconds(1));
        assert_eq!(setup.client.next_refresh(), Some(Duration::ZERO));
        setup.client.refresh_if_due(LIMIT).unwrap_err();
        assert_eq!(setup.asked(), 3);
    }
}

#[test]
fn a_pause_that_the_server_asked_for_is_followed_by_the_timer_too() {
    let setup = due(
        config(),
        in_turn(|nth| match nth {
            2 => Ok(oauth_token::transport::Response::new(429, "").header("Retry-After", "120")),
            _ => granted("t"),
        }),
    );
    setup.client.refresh_if_due(LIMIT).unwrap_err();
    assert_eq!(setup.client.next_refresh(), Some(seconds(120)));
}

#[test]
fn during_a_pause_without_a_token_a_renewal_does_nothing() {
    for config in both_ways() {
        let setup = setup(config, in_turn(|nth| if nth == 1 { refused(400, "invalid_scope") } else { granted("t") }));
        assert_eq!(setup.client.refresh_if_due(LIMIT).unwrap_err().kind(), ErrorKind::Rejected);
        setup.clock.advance(Duration::from_millis(4_999));
        setup.client.refresh_if_due(LIMIT).unwrap();
        assert_eq!((setup.asked(), setup.client.next_refresh()), (1, Some(Duration::from_millis(1))));
        setup.clock.advance(Duration::from_millis(1));
        setup.client.refresh_if_due(LIMIT).unwrap();
        assert_eq!(setup.asked(), 2);
    }
}

#[test]
fn the_timer_is_never_told_to_call_when_calling_does_nothing() {
    for config in both_ways() {
        let setup = due(config, numbered());
        // A second before it is handed out for the last time, there is no time left for a renewal.
        setup.clock.advance(EXPIRED - DUE - Duration::from_millis(600));
        setup.client.refresh_if_due(LIMIT).unwrap();
        assert_eq!(setup.asked(), 1);
        assert_eq!(setup.client.next_refresh(), Some(Duration::from_millis(600)));
    }
}

#[test]
fn a_token_that_arrives_expired_is_a_failure_of_the_renewal() {
    let setup = setup(config(), |_| answer(200, json!({"access_token": "t", "expires_in": 0})));
    let error = setup.client.refresh_if_due(LIMIT).unwrap_err();
    assert!(error.message().contains("arrived expired"), "{error}");
}

#[test]
fn a_renewal_that_fails_says_when_the_next_is_due() {
    let setup = due(config(), in_turn(|nth| if nth == 1 { granted("t") } else { refused(500, "server_error") }));
    let error = setup.client.refresh_if_due(LIMIT).unwrap_err();
    assert_eq!(error.retry_in(), setup.client.next_refresh());
    assert!(error.retry_in().is_some_and(|wait| wait >= seconds(1)), "{:?}", error.retry_in());
}

#[test]
fn a_timer_is_not_called_at_once_while_a_refused_token_is_kept_for_its_spacing() {
    let setup = setup(config(), numbered());
    for _ in 0..2 {
        let token = setup.client.token().unwrap();
        setup.client.invalidate(&token);
    }
    // The second is kept until it is a second old.
    assert_eq!(setup.client.next_refresh(), Some(seconds(1)));
    setup.client.refresh_if_due(LIMIT).unwrap();
    assert_eq!(setup.asked(), 2);
    setup.clock.advance(seconds(1));
    assert_eq!(setup.client.next_refresh(), None);
    setup.client.refresh_if_due(LIMIT).unwrap();
    assert_eq!(setup.asked(), 3);
}
