//! A secret that a function of the host's gives: when it is asked, and what its faults cost.

use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use oauth_token::{Client, Config, ErrorKind, Secret, SecretRequest};

use crate::support::offline::{in_turn, nth_token, without_secret};
use crate::support::{Gate, Request};
use crate::{EXPIRED, Opening, config, knows, numbered, refused, seconds, setup, wait_until};

type Given = Result<Secret, String>;

fn with_source(source: impl Fn(SecretRequest) -> Given + Send + Sync + 'static) -> Config {
    without_secret().secret_source(source)
}

/// What a source was asked, in order: whether the secret before was refused.
#[derive(Clone, Default)]
struct Questions(Arc<Mutex<Vec<bool>>>);

impl Questions {
    fn note(&self, request: SecretRequest) -> usize {
        let mut asked = self.0.lock().unwrap();
        asked.push(request.was_refused);
        asked.len()
    }

    fn all(&self) -> Vec<bool> {
        self.0.lock().unwrap().clone()
    }
}

/// A source that gives these one after another, and the last from then on.
fn giving(secrets: &'static [&str]) -> (Questions, Config) {
    let questions = Questions::default();
    let noted = questions.clone();
    let config = with_source(move |request| {
        let nth = noted.note(request).min(secrets.len());
        Ok(Secret::new(secrets[nth - 1]))
    });
    (questions, config)
}

fn secrets(requests: &[Request]) -> Vec<String> {
    requests.iter().filter_map(Request::basic_raw).map(|(_, secret)| secret).collect()
}

/// A client that its own callbacks can find.
#[derive(Clone, Default)]
struct Own(Arc<OnceLock<Client>>);

impl Own {
    fn client(&self) -> &Client {
        self.0.get().expect("it is set before the client is used")
    }
}

#[test]
fn the_source_is_asked_once_for_every_exchange_and_not_for_a_token_in_hand() {
    let (questions, config) = giving(&["one", "two", "three"]);
    let setup = setup(config, numbered());
    assert_eq!(questions.all(), [] as [bool; 0], "nothing is asked when a client is made");
    for age in [seconds(0), EXPIRED, EXPIRED] {
        setup.clock.advance(age);
        setup.token();
        setup.token();
    }
    assert_eq!(questions.all(), [false; 3]);
    assert_eq!(secrets(&setup.server.requests()), ["one", "two", "three"]);
}

#[test]
fn a_refused_secret_is_asked_for_once_more_and_another_is_tried_at_once() {
    let (questions, config) = giving(&["old", "new"]);
    let setup = setup(config, knows("new"));
    setup.token();
    assert_eq!(questions.all(), [false, true]);
    assert_eq!(secrets(&setup.server.requests()), ["old", "new"]);
}

#[test]
fn a_source_that_repeats_a_refused_secret_costs_no_second_request() {
    let (questions, config) = giving(&["old"]);
    let setup = setup(config, knows("new"));
    assert_eq!(setup.client.token().unwrap_err().kind(), ErrorKind::Rejected);
    assert_eq!(questions.all(), [false, true]);
    assert_eq!(setup.asked(), 1);
}

#[test]
fn what_is_not_about_the_secret_does_not_ask_for_another() {
    let (questions, config) = giving(&["one", "two"]);
    let setup = setup(config, |_| refused(400, "invalid_scope"));
    setup.client.token().unwrap_err();
    assert_eq!(questions.all(), [false]);
}

#[test]
fn during_a_pause_the_source_is_not_asked() {
    let (questions, config) = giving(&["wrong"]);
    let setup = setup(config, knows("right"));
    setup.client.token().unwrap_err();
    for _ in 0..40 {
        setup.clock.advance(seconds(1) / 10);
        assert!(setup.client.token().unwrap_err().is_repeated());
    }
    assert_eq!(questions.all(), [false, true]);
}

#[test]
fn what_the_source_says_of_its_failure_is_in_the_error_and_no_request_is_made() {
    let setup = setup(with_source(|_| Err("the vault is sealed".into())), numbered());
    let error = setup.client.token().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Secret);
    assert!(error.message().contains("the secret callback failed: the vault is sealed"), "{error}");
    assert!(error.retry_in().is_some(), "{error:?}");
    assert_eq!(setup.asked(), 0);
}

#[test]
fn a_source_that_fails_after_a_refusal_does_not_hide_the_refusal() {
    let config = with_source(|request| if request.was_refused { Err("no other".into()) } else { Ok("old".into()) });
    let setup = setup(config, knows("new"));
    let error = setup.client.token().unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Rejected, Some("invalid_client")));
}

#[test]
fn a_secret_that_cannot_be_is_the_source_s_fault() {
    for (secret, fault) in [
        ("", "is empty"),
        ("a\0b", "holds a NUL character"),
        ("s3cret\n", "ends with a line end"),
        ("s3cret\r\n", "ends with a line end"),
    ] {
        let setup = setup(with_source(|_| Ok(secret.into())), numbered());
        let error = setup.client.token().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Secret);
        assert!(error.message().contains(&format!("the secret that the callback gave {fault}")), "{error}");
        assert_eq!(setup.asked(), 0);
    }
}

#[test]
fn a_secret_with_a_line_end_is_refused_wherever_it_comes_from() {
    let fault = "ends with a line end";
    for config in [without_secret().client_secret("s3cret\r"), config().client_secret_alternate("s3cret\n")] {
        let error = Client::new(config).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.message().contains(fault), "{error}");
    }
    let error = setup(config(), numbered()).client.set_secret("s3cret\n").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.message().contains(fault), "{error}");
}

#[test]
fn a_source_that_asks_its_own_client_for_a_token_is_refused_instead_of_waiting_for_itself() {
    let own = Own::default();
    let (known, seen) = (own.clone(), Arc::new(Mutex::new(Vec::new())));
    let noted = Arc::clone(&seen);
    let config = with_source(move |_| {
        let outcome = known.client().token();
        noted.lock().unwrap().push(outcome.unwrap_err().kind());
        known.client().refresh_if_due(seconds(1)).expect("another is at it: this very call");
        Ok("s3cret".into())
    });
    let setup = setup(config, numbered());
    own.0.set(setup.client.clone()).unwrap();
    assert_eq!(setup.token(), "token-1");
    assert_eq!(*seen.lock().unwrap(), [ErrorKind::Reentrant]);
}

#[test]
fn a_source_may_ask_its_client_for_all_that_needs_no_request() {
    let own = Own::default();
    let known = own.clone();
    let config = with_source(move |_| {
        let client = known.client();
        assert_eq!(client.next_refresh(), Some(Duration::from_secs(1)), "this very exchange is under way");
        if client.statistics().exchanges == 1 {
            client.reset();
        }
        Ok("s3cret".into())
    });
    let setup = setup(config, numbered());
    own.0.set(setup.client.clone()).unwrap();
    assert_eq!(setup.token(), "token-2", "the first one was asked for before the reset");
    assert_eq!(setup.asked(), 2);
}

#[test]
fn a_source_that_renews_a_token_in_hand_may_use_that_token() {
    let own = Own::default();
    let (known, seen) = (own.clone(), Arc::new(Mutex::new(Vec::new())));
    let noted = Arc::clone(&seen);
    let config = with_source(move |_| {
        let text = known.client().token().map(|token| token.access_token().to_owned());
        noted.lock().unwrap().push(text.map_err(|error| error.kind()));
        Ok("s3cret".into())
    });
    let setup = setup(config, numbered());
    own.0.set(setup.client.clone()).unwrap();
    setup.token();
    setup.clock.advance(crate::DUE);
    assert_eq!(setup.token(), "token-2");
    assert_eq!(*seen.lock().unwrap(), [Err(ErrorKind::Reentrant), Ok("token-1".to_owned())]);
}

#[test]
fn a_panic_in_the_source_costs_its_own_caller_only() {
    let (gate, questions) = (Gate::new(), Questions::default());
    let (held, noted) = (gate.clone(), questions.clone());
    let config = with_source(move |request| {
        if noted.note(request) == 1 {
            held.wait();
            // As a panic, without its message on the test's standard error.
            std::panic::resume_unwind(Box::new("the source's own fault"));
        }
        Ok("s3cret".into())
    });
    let setup = setup(config, numbered());
    thread::scope(|scope| {
        let opening = Opening(&gate);
        let leader = scope.spawn(|| setup.client.token());
        wait_until(|| questions.all().len() == 1);
        let followers: Vec<_> = (0..4).map(|_| scope.spawn(|| setup.token())).collect();
        wait_until(|| setup.client.statistics().waited == 4);
        drop(opening);
        assert!(leader.join().is_err(), "a panic is its caller's");
        for follower in followers {
            assert_eq!(follower.join().unwrap(), "token-1");
        }
    });
    assert_eq!(questions.all(), [false; 2]);
    assert_eq!(setup.asked(), 1);
}

#[test]
fn a_secret_that_is_set_takes_the_place_of_the_source() {
    let (questions, config) = giving(&["wrong"]);
    let setup = setup(config, knows("right"));
    setup.client.set_secret("right").unwrap();
    setup.token();
    assert_eq!(questions.all(), [] as [bool; 0]);
    assert_eq!(secrets(&setup.server.requests()), ["right"]);
}

#[test]
fn a_source_is_not_blamed_for_the_alternate() {
    let (questions, config) = giving(&["old", "old", "new"]);
    let grants = in_turn(|nth| if nth % 2 == 0 { nth_token(nth) } else { refused(401, "invalid_client") });
    let setup = setup(config.client_secret_alternate("spare"), grants);
    setup.token();
    setup.clock.advance(EXPIRED);
    setup.token();
    assert_eq!(secrets(&setup.server.requests()), ["old", "spare", "spare", "new"]);
    // The last question comes after a refusal, but of another secret than the one it gave.
    assert_eq!(questions.all(), [false, true, false]);
}
