//! What a client does in a process that was forked off. Here a parent's state is one that is marked as such.

use std::sync::Arc;
use std::time::Duration;

use super::Client;
use crate::cache::{Caller, Decision, Outcome, Purpose};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::error::{Error, ErrorKind};
use crate::sync::ThreadMark;
use crate::transport::{Request, Response, Transport, TransportError};

/// Grants whatever is asked for.
struct Granting;

impl Transport for Granting {
    fn send(&self, _request: &Request) -> Result<Response, TransportError> {
        Ok(Response::new(200, r#"{"access_token": "t", "expires_in": 3600}"#))
    }
}

fn client() -> Client {
    let config = Config::new().token_url("https://provider.test/token").client_id("a").client_secret("b");
    Client::builder(config).transport(Arc::new(Granting)).build().expect("the options are good")
}

/// The client as a child finds it.
fn forked(mut client: Client) -> Client {
    let coordinator = Arc::get_mut(&mut client.coordinator).expect("nobody else has it");
    coordinator.first.leave_to_parent();
    Arc::get_mut(&mut coordinator.source).expect("nobody else has it").lineage.leave_to_parent();
    client
}

fn with_token() -> Client {
    let client = client();
    client.token().expect("it is granted");
    forked(client)
}

#[test]
fn what_a_child_changes_is_its_own_state_which_all_its_threads_see() {
    let verbs: [fn(&Client); 4] = [
        Client::cancel,
        Client::reset,
        |client| client.invalidate(&client.token().expect("it has one")),
        |client| client.set_secret("another").expect("it needs one"),
    ];
    for (number, verb) in verbs.into_iter().enumerate() {
        let client = with_token();
        verb(&client);
        assert!(client.coordinator.first.enter().0.is_own(), "verb {number}");
    }
}

#[test]
fn what_a_child_learns_of_its_secret_is_its_own_state() {
    let changes: [fn(&Client); 3] = [
        |client| client.reset(),
        |client| client.set_secret("another").expect("it needs one"),
        |client| drop(client.coordinator.source.give()),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let client = with_token();
        change(&client);
        assert!(client.coordinator.source.lineage.enter().0.is_own(), "change {number}");
    }
}

#[test]
fn what_a_child_cancels_or_forgets_is_not_handed_out_from_its_parent_s_state() {
    let client = with_token();
    client.cancel();
    assert_eq!(client.token().expect_err("it is cancelled").kind(), ErrorKind::Cancelled);
    let client = with_token();
    client.reset();
    client.token().expect("it is granted");
    assert_eq!(client.statistics().succeeded, 2);
}

/// The parent's leader has given up, and the caller that waited for it has not yet taken over.
#[test]
fn a_child_waits_for_no_caller_that_only_its_parent_has() {
    let client = client();
    {
        let now = SystemClock::new().now();
        let mut state = client.coordinator.first.lock();
        let remaining = Duration::from_secs(30);
        let caller = |number| Caller {
            purpose: Purpose::Token,
            witnessed: None,
            remaining,
            thread: ThreadMark::for_test(number),
        };
        let Decision::Lead(flight) = state.cache.ask(now, &caller(0)) else { panic!("it must lead") };
        assert!(matches!(state.cache.ask(now, &caller(1)), Decision::Wait(_)));
        let outcome = Outcome::Abandoned(Error::new(ErrorKind::Timeout, "its own time was over"));
        state.cache.settle(flight, outcome, now, 0.5);
    }
    let client = forked(client);
    client.token_within(Duration::from_millis(900)).expect("it is granted");
}
