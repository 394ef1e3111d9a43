//! Observers that use their own client, or panic.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

use oauth_token::{Client, ErrorKind, Event, EventKind};

use crate::support::offline::{Setup, held_at};
use crate::support::{Gate, Outcome, Request};
use crate::{DUE, EXPIRED, Opening, config, granted, in_turn, numbered, refused, seconds, setup, wait_until};

type Answers = Vec<Result<String, ErrorKind>>;

/// A client whose observer asks it for a token at every event, and what the observer got.
fn asking(server: impl Fn(&Request) -> Outcome + Send + Sync + 'static) -> (Setup, Arc<Mutex<Answers>>) {
    let (own, answers) = (Arc::new(OnceLock::<Client>::new()), Arc::new(Mutex::new(Answers::new())));
    let (known, got) = (Arc::clone(&own), Arc::clone(&answers));
    let config = config().max_retries(0).observer(move |_| {
        let outcome = known.get().expect("set before it is used").token();
        got.lock().unwrap().push(outcome.map(|token| token.access_token().into()).map_err(|error| error.kind()));
    });
    let setup = setup(config, server);
    assert!(own.set(setup.client.clone()).is_ok());
    (setup, answers)
}

fn take(answers: &Mutex<Answers>) -> Answers {
    std::mem::take(&mut *answers.lock().unwrap())
}

#[test]
fn an_observer_that_asks_for_a_token_is_refused_while_its_own_thread_fetches_one() {
    let (setup, answers) = asking(numbered());
    assert_eq!(setup.token(), "token-1");
    assert_eq!(take(&answers), [Err(ErrorKind::Reentrant), Ok("token-1".into())]);
    assert_eq!(setup.asked(), 1);
}

/// Panics at the next event for which this holds, once.
fn panicking(
    is_time: impl Fn(&Event<'_>) -> bool + Send + Sync + 'static,
    server: impl Fn(&Request) -> Outcome + Send + Sync + 'static,
) -> Setup {
    let has_panicked = AtomicBool::new(false);
    let config = config().max_retries(0).observer(move |event| {
        if is_time(event) && !has_panicked.swap(true, Ordering::SeqCst) {
            // As a panic, without its message on the test's standard error.
            std::panic::resume_unwind(Box::new("the observer's own fault"));
        }
    });
    setup(config, server)
}

#[track_caller]
fn assert_panics(setup: &Setup) {
    let client = setup.client.clone();
    assert!(thread::spawn(move || client.token().map(drop)).join().is_err(), "the event was not told");
}

#[test]
fn an_observer_that_panics_when_a_request_begins_leaves_the_client_usable() {
    let setup = panicking(|event| matches!(event.kind, EventKind::Started { .. }), numbered());
    assert_panics(&setup);
    let error = setup.client.token().unwrap_err();
    assert_eq!((error.kind(), error.is_repeated()), (ErrorKind::Internal, true));
    setup.clock.advance(seconds(1));
    assert_eq!(setup.token(), "token-1");
    assert_eq!(setup.asked(), 1);
}

#[test]
fn an_observer_that_panics_when_a_token_is_granted_leaves_the_token_in_hand() {
    let setup = panicking(|event| matches!(event.kind, EventKind::Succeeded { .. }), numbered());
    assert_panics(&setup);
    assert_eq!(setup.token(), "token-1");
    assert_eq!(setup.asked(), 1);
}

#[test]
fn an_observer_that_panics_when_a_request_fails_leaves_the_pause_as_it_is() {
    let server = in_turn(|nth| if nth == 1 { refused(400, "invalid_scope") } else { granted("t") });
    let setup = panicking(|event| matches!(event.kind, EventKind::Failed { .. }), server);
    assert_panics(&setup);
    let error = setup.client.token().unwrap_err();
    assert_eq!((error.kind(), error.retry_in()), (ErrorKind::Rejected, Some(seconds(5))));
    setup.clock.advance(seconds(5));
    assert_eq!(setup.token(), "t");
}

#[test]
fn an_observer_that_panics_when_a_call_is_answered_without_a_request_leaves_the_client_usable() {
    let server = || in_turn(|nth| if nth == 2 { refused(400, "invalid_scope") } else { granted("t") });
    let served = panicking(|event| matches!(event.kind, EventKind::ServedWhileDue), server());
    served.token();
    served.clock.advance(DUE);
    assert_panics(&served);
    assert_eq!(served.token(), "t");

    let throttled = panicking(|event| matches!(event.kind, EventKind::Throttled { .. }), server());
    throttled.token();
    throttled.clock.advance(EXPIRED);
    throttled.client.token().unwrap_err();
    assert_panics(&throttled);
    throttled.clock.advance(seconds(5));
    assert_eq!(throttled.token(), "t");
}

#[test]
fn an_observer_that_panics_when_a_follower_has_waited_costs_that_follower_only() {
    let gate = Gate::new();
    let setup = panicking(|event| matches!(event.kind, EventKind::Waited { .. }), held_at(1, &gate, |_| granted("t")));
    thread::scope(|scope| {
        let opening = Opening(&gate);
        let leader = scope.spawn(|| setup.token());
        wait_until(|| setup.asked() == 1);
        let followers: Vec<_> = (0..4).map(|_| scope.spawn(|| setup.token())).collect();
        wait_until(|| setup.client.statistics().waited == 4);
        drop(opening);
        assert_eq!(leader.join().unwrap(), "t");
        let served = followers.into_iter().map(|follower| follower.join()).filter(Result::is_ok).count();
        assert_eq!(served, 3);
    });
    assert_eq!(setup.token(), "t");
}

#[test]
fn an_observer_that_asks_at_every_repetition_does_not_hear_of_its_own_questions() {
    let (setup, answers) = asking(|_| refused(400, "invalid_scope"));
    setup.client.token().unwrap_err();
    assert_eq!(take(&answers), [Err(ErrorKind::Reentrant), Err(ErrorKind::Rejected)]);
    setup.client.token().unwrap_err();
    assert_eq!(take(&answers), [Err(ErrorKind::Rejected)]);
    assert_eq!(setup.asked(), 1);
}

#[test]
fn an_observer_that_asks_whenever_a_due_token_is_served_does_not_hear_of_its_own_questions() {
    let (setup, answers) = asking(in_turn(|nth| if nth == 1 { granted("t") } else { refused(400, "invalid_scope") }));
    setup.token();
    setup.clock.advance(DUE);
    take(&answers);
    setup.token();
    assert_eq!(take(&answers), vec![Ok("t".to_owned()); 3]);
}

#[test]
fn an_observer_that_asks_for_a_token_gets_the_one_that_is_being_renewed() {
    let (setup, answers) = asking(numbered());
    setup.token();
    setup.clock.advance(DUE);
    take(&answers);
    assert_eq!(setup.token(), "token-2");
    assert_eq!(take(&answers), [Ok("token-1".into()), Ok("token-2".into())]);
}
