//! Clients that are derived from others: what is their own, and what they share.

#[path = "../support/mod.rs"]
mod support;

mod discovery;
mod options;
mod proofs;
mod secrets;
mod threads;
#[cfg(feature = "http")]
mod tls;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use oauth_token::{Client, Config, ErrorKind, Token};

use support::offline::{Setup, config, granted, nth_token, numbered, setup};
use support::{Request, answer};

fn derive(parent: &Client, overrides: Config) -> Client {
    parent.derive(overrides).expect("the options are good")
}

#[track_caller]
fn text(token: Result<Token, oauth_token::Error>) -> String {
    token.expect("there must be a token").access_token().to_owned()
}

/// Grants a token that is named after the scope.
fn by_scope(request: &Request) -> support::Outcome {
    granted(&request.form_value("scope").unwrap_or_default())
}

#[test]
fn each_has_a_token_of_its_own() {
    let parent = setup(config().scope("read"), by_scope);
    let writing = derive(&parent.client, Config::new().scope("write"));
    for _ in 0..2 {
        assert_eq!(parent.token(), "read");
        assert_eq!(text(writing.token()), "write");
    }
    assert_eq!(parent.asked(), 2);
    assert_eq!((writing.statistics().requests, parent.client.statistics().requests), (1, 1));
}

#[test]
fn a_hundred_scopes_share_one_transport_and_ask_once_each() {
    let parent = setup(config(), by_scope);
    let clients: Vec<_> =
        (0..100).map(|number| derive(&parent.client, Config::new().scope(format!("scope-{number}")))).collect();
    for (number, client) in clients.iter().enumerate() {
        assert_eq!(text(client.token()), format!("scope-{number}"));
        assert_eq!(text(client.token()), format!("scope-{number}"));
    }
    assert_eq!(parent.asked(), 100);
}

#[test]
fn a_derived_client_outlives_its_parent() {
    let Setup { client, server, clock } = setup(config(), numbered());
    let child = derive(&client, Config::new().scope("a"));
    let grandchild = derive(&child, Config::new().audience("b"));
    drop((client, child));
    assert_eq!(text(grandchild.token()), "token-1");
    clock.advance(Duration::from_secs(4_000));
    assert_eq!(text(grandchild.token()), "token-2");
    let requests = server.requests();
    assert_eq!(requests[0].form_value("scope").as_deref(), Some("a"));
    assert_eq!(requests[0].form_value("audience").as_deref(), Some("b"));
}

#[test]
fn the_parent_keeps_its_options() {
    let parent = setup(config().scope("read").param("a", "1"), numbered());
    let child = derive(&parent.client, Config::new().scope("").param("a", "2").param("b", "3"));
    text(child.token());
    parent.token();
    let [of_child, of_parent] = &parent.server.requests()[..] else { panic!("there must be two requests") };
    assert_eq!(of_parent.text(), "grant_type=client_credentials&scope=read&a=1");
    assert_eq!(of_child.text(), "grant_type=client_credentials&a=2&b=3");
}

#[test]
fn cancelling_resetting_and_invalidating_concern_one_client_alone() {
    let parent = setup(config(), numbered());
    let child = derive(&parent.client, Config::new().scope("a"));
    assert_eq!((parent.token(), text(child.token())), ("token-1".into(), "token-2".into()));
    child.invalidate(&parent.client.token().unwrap());
    assert_eq!(text(child.token()), "token-2");
    child.reset();
    assert_eq!((parent.token(), text(child.token())), ("token-1".into(), "token-3".into()));
    child.cancel();
    assert_eq!(child.token().unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(parent.token(), "token-1");
}

#[test]
fn an_observer_and_a_request_hook_are_shared_unless_others_are_set() {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let config = config().request_hook(move |request| {
        counted.fetch_add(1, Ordering::SeqCst);
        request.set_header("X-By", "parent")
    });
    let parent = setup(config, numbered());
    text(derive(&parent.client, Config::new().scope("a")).token());
    text(derive(&parent.client, Config::new().request_hook(|request| request.set_header("X-By", "child"))).token());
    let by: Vec<_> =
        parent.server.requests().iter().map(|request| request.header("X-By").unwrap().to_owned()).collect();
    assert_eq!(by, ["parent", "child"]);
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[test]
fn an_observer_that_asks_all_who_share_it_comes_to_an_end() {
    let relatives: Arc<Mutex<Vec<Client>>> = Arc::default();
    let told = Arc::new(AtomicUsize::new(0));
    let (asked, counted) = (Arc::clone(&relatives), Arc::clone(&told));
    let config = config().observer(move |_| {
        let times = counted.fetch_add(1, Ordering::SeqCst);
        assert!(times < 50, "it has no end");
        let clients: Vec<Client> = asked.lock().unwrap().clone();
        clients.iter().for_each(|client| drop(client.token()));
    });
    let parent = setup(config, |_| support::offline::refused(401, "invalid_client"));
    let child = derive(&parent.client, Config::new().scope("a"));
    relatives.lock().unwrap().extend([parent.client.clone(), child]);
    parent.client.token().unwrap_err();
    parent.client.token().unwrap_err();
    relatives.lock().unwrap().clear();
    assert!(told.load(Ordering::SeqCst) > 0);
}
