//! From when on a token's life counts, and how long it is taken for.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use oauth_token::ErrorKind;
use serde_json::json;

use crate::support::offline::setup_with;
use crate::support::{FakeTransport, TestClock, answer};
use crate::{Setup, config, granted, setup};

/// A client whose server takes that long for each answer.
fn slow(delay: u64, expires_in: u64) -> Setup {
    let clock = TestClock::new();
    let passing = Arc::clone(&clock);
    let server = FakeTransport::new(move |_| {
        passing.advance(Duration::from_secs(delay));
        answer(200, json!({"access_token": "t", "expires_in": expires_in}))
    });
    setup_with(config(), server, clock)
}

#[test]
fn a_life_counts_from_before_the_request() {
    let setup = slow(20, 100);
    assert_eq!(setup.client.token().unwrap().expires_in(), Duration::from_secs(80));
}

#[test]
fn a_token_whose_life_passed_on_the_way_is_not_handed_out() {
    for (delay, expires_in) in [(10, 10), (9, 10), (20, 5), (0, 0)] {
        let setup = slow(delay, expires_in);
        let error = setup.client.token().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Server);
        assert!(error.is_retryable() && error.message().contains("arrived expired"), "{error}");
        assert_eq!(setup.asked(), 1);
    }
}

#[test]
fn a_token_is_not_handed_out_in_its_last_tenth_or_ten_seconds() {
    for (expires_in, hard) in [(10, 9), (100, 90), (3600, 3590)] {
        let setup = slow(0, expires_in);
        setup.client.token().unwrap();
        setup.clock.advance(Duration::from_secs(hard) - Duration::from_millis(1));
        let before = setup.asked();
        setup.client.token().unwrap();
        assert!(setup.asked() <= before + 1);
        setup.clock.advance(Duration::from_secs(hard));
        let before = setup.asked();
        setup.client.token().unwrap();
        assert_eq!(setup.asked(), before + 1, "{expires_in}");
    }
}

#[test]
fn a_missing_lifetime_is_assumed_to_be_the_default_and_marked() {
    let setup =
        setup(config().default_expires_in(Duration::from_secs(77)), |_| answer(200, json!({"access_token": "t"})));
    let token = setup.client.token().unwrap();
    assert!(token.is_expiry_assumed());
    assert_eq!(token.expires_in(), Duration::from_secs(77));
}

#[test]
fn a_longer_lifetime_than_allowed_is_cut() {
    let setup = setup(config().max_expires_in(Duration::from_secs(60)), |_| granted("t"));
    assert_eq!(setup.client.token().unwrap().expires_in(), Duration::from_secs(60));
}

#[test]
fn the_expiry_is_told_in_unix_seconds() {
    let setup = setup(config(), |_| granted("t"));
    assert_eq!(setup.client.token().unwrap().expires_at(), 1_700_000_000 + 3600);
}

#[test]
fn a_margin_of_one_s_own_is_cut_to_a_fifth_of_the_life() {
    let setup = setup(config().refresh_margin(Duration::from_secs(86_400)), |_| granted("t"));
    setup.client.token().unwrap();
    setup.clock.advance(Duration::from_secs(2700));
    setup.client.token().unwrap();
    assert_eq!(setup.asked(), 1, "three quarters of its life are not four fifths");
    setup.clock.advance(Duration::from_secs(180));
    setup.client.token().unwrap();
    assert_eq!(setup.asked(), 2);
}

#[test]
fn a_token_that_arrives_expired_counts_and_is_told_as_a_failure() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let config = config().observer(move |event| tell.lock().unwrap().push(event.to_string()));
    let Setup { client, .. } = setup(config, |_| answer(200, json!({"access_token": "t", "expires_in": 0})));

    let error = client.refresh_if_due(Duration::from_secs(60)).unwrap_err();
    assert!(error.message().contains("arrived expired"), "{error}");
    let counts = client.statistics();
    assert_eq!((counts.succeeded, counts.failed), (0, 1));
    let told = told.lock().unwrap();
    assert!(told.last().unwrap().contains("arrived expired"), "{told:?}");
}
