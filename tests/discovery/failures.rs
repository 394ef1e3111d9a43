//! Issuers that cannot be asked, or answer something else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use oauth_token::transport::{Response, TransportError, TransportErrorKind};
use oauth_token::{Client, ErrorKind};
use serde_json::json;

use crate::support::{FakeTransport, TestClock, answer, broken};
use crate::{ISSUER, OPENID, RFC_8414, SECRET, assert_names_issuer, config, metadata, server, setup};

#[test]
fn a_failure_is_not_kept() {
    let is_down = Arc::new(AtomicBool::new(true));
    let setup = setup(config(ISSUER).max_retries(0), {
        let is_down = Arc::clone(&is_down);
        let up = server(RFC_8414, metadata(ISSUER));
        move |request| if is_down.load(Ordering::SeqCst) { answer(503, json!({})) } else { up(request) }
    });
    let error = setup.client.token().unwrap_err();
    assert_names_issuer(&error);
    assert_eq!((error.kind(), error.http_status(), error.is_retryable()), (ErrorKind::Server, Some(503), true));
    is_down.store(false, Ordering::SeqCst);
    setup.clock.advance(Duration::from_secs(60));
    setup.client.token().unwrap();
}

#[test]
fn an_issuer_without_tls_is_refused_before_anything_is_sent() {
    let error = Client::new(config("http://login.example.com")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.message().contains("`issuer`"), "{error}");
}

#[test]
fn an_issuer_beside_a_token_url_and_one_with_a_query_are_refused() {
    let error = Client::new(config(ISSUER).token_url("https://api.example.com/token")).unwrap_err();
    assert!(error.message().contains("`token_url`") && error.message().contains("`issuer`"), "{error}");
    let error = Client::new(config("https://login.example.com/?a=b")).unwrap_err();
    assert!(error.message().contains("`issuer`"), "{error}");
}

#[test]
fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let setup = setup(config(ISSUER), move |_| {
            Ok(Response::new(status, "").header("Location", "https://evil.test/.well-known/openid-configuration"))
        });
        let error = setup.client.token().unwrap_err();
        assert_names_issuer(&error);
        assert!(error.message().contains(&status.to_string()), "{error}");
        assert!(error.message().contains("pointing to https://evil.test/"), "{error}");
        assert!(setup.targets().iter().all(|target| target.starts_with("https://login.example.com/")));
    }
}

#[test]
fn an_issuer_without_metadata_names_the_places_and_the_way_out() {
    let setup = setup(config(ISSUER), |_| answer(404, json!({})));
    let error = setup.client.token().unwrap_err();
    assert_names_issuer(&error);
    for word in [RFC_8414, OPENID, "check its spelling", "`token_url`"] {
        assert!(error.message().contains(word), "{error}");
    }
}

#[test]
fn the_time_limit_of_a_call_is_shared_with_the_search() {
    let clock = TestClock::new();
    let server = Arc::new(FakeTransport::new({
        let clock = Arc::clone(&clock);
        move |_| {
            clock.advance(Duration::from_secs(4));
            answer(404, json!({}))
        }
    }));
    let config = config(ISSUER).timeout(Duration::from_secs(6));
    let client = Client::builder(config).transport(server.clone()).clock(clock).build().unwrap();
    let error = client.token().unwrap_err();
    assert_names_issuer(&error);
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_search_that_breaks_is_tried_again_like_any_request() {
    let failures = Arc::new(AtomicUsize::new(2));
    let up = server(RFC_8414, metadata(ISSUER));
    let setup = setup(config(ISSUER), move |request| {
        let is_failing = failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if is_failing.is_ok() { broken(true) } else { up(request) }
    });
    setup.client.token().unwrap();
    assert_eq!(setup.server.requests().len(), 4);
}

#[test]
fn an_issuer_that_cannot_be_reached_is_told_as_what_it_is() {
    for (kind, expected) in [
        (TransportErrorKind::Resolve, ErrorKind::Network),
        (TransportErrorKind::Connect, ErrorKind::Network),
        (TransportErrorKind::Tls, ErrorKind::Tls),
        (TransportErrorKind::Timeout, ErrorKind::Timeout),
    ] {
        let setup = setup(config(ISSUER), move |_| Err(TransportError::new(kind, "it did not work", false)));
        let error = setup.client.token().unwrap_err();
        assert_names_issuer(&error);
        assert_eq!(error.kind(), expected);
    }
}

#[test]
fn a_search_that_is_cancelled_is_not_tried_again() {
    let slot: Arc<std::sync::Mutex<Option<Client>>> = Arc::default();
    let setup = setup(config(ISSUER), {
        let slot = Arc::clone(&slot);
        move |_| {
            let client: Client = slot.lock().unwrap().take().expect("it was put there");
            client.cancel();
            broken(true)
        }
    });
    *slot.lock().unwrap() = Some(setup.client.clone());
    assert_eq!(setup.client.token().unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(setup.server.requests().len(), 1);
}

#[test]
fn what_metadata_repeats_of_a_secret_is_not_told() {
    let with = |name: &str, value: String| {
        let mut document = metadata(ISSUER);
        document[name] = value.into();
        document
    };
    for document in [
        with("issuer", format!("https://{SECRET}.test")),
        with("token_endpoint", format!("http://login.example.com/{SECRET}")),
        with("token_endpoint", format!("{SECRET}://login.example.com/")),
    ] {
        let setup = setup(config(ISSUER).client_secret_alternate("other"), server(RFC_8414, document.clone()));
        let error = setup.client.token().unwrap_err();
        assert_names_issuer(&error);
        assert!(error.message().contains("[secret]"), "{document}: {error}");
    }
}

#[test]
fn what_a_transport_says_of_a_failure_is_cleaned() {
    let words = format!("no\u{202e}\nway {} {SECRET}", "x".repeat(5_000));
    let setup = setup(config(ISSUER).max_retries(0), move |_| {
        Err(TransportError::new(TransportErrorKind::Other, format!("{SECRET} {words}"), true))
    });
    let error = setup.client.token().unwrap_err();
    assert_names_issuer(&error);
    assert!(error.message().contains("could not be asked: [secret] no way"), "{error}");
    assert!(error.message().len() < 1_500, "{error}");
}
