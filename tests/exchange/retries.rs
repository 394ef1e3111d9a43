//! What is tried again within a call, and what a failure means for the next call.

use std::time::Duration;

use oauth_token::transport::{Response, TransportError, TransportErrorKind};
use oauth_token::{Clock, ErrorKind};
use serde_json::json;

use crate::support::offline::in_turn;
use crate::support::{Outcome, Request, answer, broken};
use crate::{config, granted, refused, setup};

/// A server that answers by `first` that many times, and then grants.
fn after(failures: usize, first: impl Fn() -> Outcome + Send + Sync + 'static) -> impl Fn(&Request) -> Outcome {
    in_turn(move |nth| if nth <= failures { first() } else { granted("t") })
}

#[test]
fn a_broken_connection_and_a_5xx_are_tried_again_at_most_twice() {
    for first in [|| broken(true), || broken(false), || answer(500, json!({})), || Ok(Response::new(503, ""))] {
        let patient = setup(config(), after(2, first));
        assert!(patient.client.token().is_ok());
        assert_eq!(patient.asked(), 3);
        let given_up = setup(config(), after(3, first));
        assert!(given_up.client.token().unwrap_err().is_retryable());
        assert_eq!(given_up.asked(), 3);
    }
}

#[test]
fn max_retries_bounds_the_attempts_of_one_call() {
    for max_retries in [0, 1, 5] {
        let setup = setup(config().max_retries(max_retries), |_| broken(true));
        setup.client.token().unwrap_err();
        assert_eq!(setup.asked(), max_retries as usize + 1);
    }
}

#[test]
fn a_wait_between_attempts_is_a_tenth_to_half_a_second() {
    let setup = setup(config(), after(1, || broken(true)));
    let start = setup.clock.now();
    setup.client.token().unwrap();
    let waited = setup.clock.now().since(start);
    assert!((Duration::from_millis(100)..=Duration::from_millis(500)).contains(&waited), "{waited:?}");
}

#[test]
fn what_the_server_decided_is_not_asked_again_in_the_same_call() {
    for first in [
        || refused(400, "invalid_request"),
        || refused(401, "invalid_client"),
        || answer(404, json!({})),
        || answer(429, json!({})),
        || Ok(Response::new(503, "").header("Retry-After", "7")),
        || Err(TransportError::new(TransportErrorKind::Tls, "unknown authority", false)),
        || Err(TransportError::new(TransportErrorKind::TooLarge, "too long", true)),
        || answer(200, json!({"access_token": 5})),
    ] {
        let setup = setup(config(), after(1, first));
        setup.client.token().unwrap_err();
        assert_eq!(setup.asked(), 1);
    }
}

#[test]
fn what_looks_like_a_wrong_url_or_request_may_be_a_gateways_doing_and_is_asked_ever_more_rarely() {
    for (status, advice) in [(404, "check the path of the URL"), (405, "`method`"), (415, "`body_format`")] {
        let setup = setup(config(), move |_| answer(status, json!({})));
        let mut longest = Duration::from_secs(1);
        for nth in 1..=8 {
            let error = setup.client.token().unwrap_err();
            assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Server, true), "{error}");
            assert!(error.message().contains(advice), "{error}");
            assert_eq!(setup.asked(), nth, "once a call");
            let pause = error.retry_in().unwrap();
            assert!((longest / 2..=longest).contains(&pause), "{nth}: {pause:?}");
            longest = (longest * 2).min(Duration::from_secs(60));
            setup.clock.advance(pause);
        }
    }
}

#[test]
fn after_a_failure_calls_return_it_again_without_a_request_until_retry_in_has_passed() {
    let setup = setup(config().max_retries(0), after(1, || refused(400, "invalid_scope")));
    let first = setup.client.token().unwrap_err();
    assert!(!first.is_repeated());
    assert_eq!(first.retry_in(), Some(Duration::from_secs(5)));

    setup.clock.advance(Duration::from_secs(4));
    let again = setup.client.token().unwrap_err();
    assert!(again.is_repeated());
    assert_eq!((again.kind(), again.code()), (ErrorKind::Rejected, Some("invalid_scope")));
    assert_eq!(again.retry_in(), Some(Duration::from_secs(1)));
    assert_eq!(setup.asked(), 1);

    setup.clock.advance(Duration::from_secs(1));
    assert!(setup.client.token().is_ok());
    assert_eq!(setup.asked(), 2);
}

#[test]
fn a_server_s_own_wait_is_kept_in_seconds_and_as_a_date_and_capped() {
    // The test's clock begins at Tue, 14 Nov 2023 22:13:20 GMT.
    for (written, seconds) in [("120", 120), ("Tue, 14 Nov 2023 22:14:20 GMT", 60), ("86400", 300)] {
        let setup =
            setup(config().max_retries(0), after(1, move || Ok(Response::new(429, "").header("Retry-After", written))));
        let error = setup.client.token().unwrap_err();
        assert_eq!(error.retry_in(), Some(Duration::from_secs(seconds)), "{written}");
    }
}

#[test]
fn a_reset_ends_the_pause() {
    let setup = setup(config(), after(1, || refused(400, "invalid_scope")));
    setup.client.token().unwrap_err();
    setup.client.reset();
    assert!(setup.client.token().is_ok());
}

#[test]
fn a_usable_token_is_handed_out_whatever_its_renewal_meets() {
    for trouble in [
        || refused(401, "invalid_client"),
        || broken(true),
        || answer(500, json!({})),
        || Ok(Response::new(200, "<html>")),
        || Err(TransportError::new(TransportErrorKind::Timeout, "too late", true)),
    ] {
        let setup = setup(config(), in_turn(move |nth| if nth == 1 { granted("first") } else { trouble() }));
        setup.client.token().unwrap();
        setup.clock.advance(Duration::from_secs(3300));
        for _ in 3300..3590 {
            assert_eq!(setup.client.token().unwrap().access_token(), "first");
            setup.clock.advance(Duration::from_secs(1));
        }
        assert!(setup.asked() > 2, "renewals were tried");
        setup.client.token().unwrap_err();
    }
}

#[test]
fn a_transport_that_panics_leaves_the_next_caller_free_to_ask() {
    let server = in_turn(|nth| {
        assert!(nth > 1, "the transport's own fault");
        granted("t")
    });
    let setup = setup(config(), server);
    let client = setup.client.clone();
    let panicked = std::thread::spawn(move || client.token().map(|_| ())).join();
    assert!(panicked.is_err());
    let error = setup.client.token().unwrap_err();
    assert_eq!((error.kind(), error.is_repeated()), (ErrorKind::Internal, true));
    setup.clock.advance(Duration::from_secs(1));
    assert!(setup.client.token().is_ok());
}

#[test]
fn the_retries_of_a_call_are_shared_by_all_that_it_tries() {
    let server = in_turn(|nth| if nth % 3 == 0 { refused(401, "invalid_client") } else { answer(503, json!({})) });
    let setup = setup(config().client_secret("a%b").client_secret_alternate("c%d"), server);
    setup.client.token().unwrap_err();
    assert!(setup.asked() <= 6, "two retries beside four ways of asking, not for each of them: {}", setup.asked());
}

#[test]
fn a_limit_without_end_is_a_limit() {
    let setup = setup(config().timeout(Duration::MAX).refresh_timeout(Duration::MAX), |_| granted("t"));
    assert!(setup.client.token().is_ok());
    assert!(setup.client.token_within(Duration::MAX).is_ok());
}

#[test]
fn a_refused_token_is_not_held_up_by_a_pause_that_there_was_because_of_it() {
    let server = in_turn(|nth| if nth == 2 { broken(true) } else { granted("t") });
    let setup = setup(config().max_retries(0), server);
    let token = setup.client.token().unwrap();
    setup.clock.advance(Duration::from_secs(3400));
    setup.client.token().unwrap();
    setup.client.invalidate(&token);
    setup.client.token().unwrap();
    assert_eq!(setup.asked(), 3);
}
