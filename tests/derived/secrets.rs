//! One source of the secret for a client and those derived from it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use oauth_token::{Client, Config, ErrorKind};

use crate::support::offline::{Setup, config, knows, setup, with_secret_file, without_secret};
use crate::support::{Request, TemporaryDirectory, broken};
use crate::{derive, text};

/// A second after the failure before, every pause of a refused secret still lasts.
const MOMENT: Duration = Duration::from_secs(1);
/// No pause of a refused secret lasts longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

fn secrets(requests: &[Request]) -> Vec<String> {
    requests.iter().filter_map(Request::basic_raw).map(|(_, secret)| secret).collect()
}

#[track_caller]
fn assert_refused(client: &Client, is_repeated: bool) {
    let error = client.token().unwrap_err();
    assert_eq!((error.kind(), error.is_repeated()), (ErrorKind::Rejected, is_repeated), "{error}");
    assert!(error.retry_in().is_some());
}

#[test]
fn a_secret_that_was_refused_to_one_is_not_tried_by_another_during_the_pause() {
    let parent = setup(config(), knows("right"));
    let child = derive(&parent.client, Config::new().scope("a"));
    let other = derive(&parent.client, Config::new().scope("b"));
    assert_refused(&child, false);
    parent.clock.advance(MOMENT);
    for client in [&parent.client, &child, &other] {
        assert_refused(client, true);
    }
    assert_eq!(parent.asked(), 1);
    // One of them tries again when it is over, and the pause grows for all.
    parent.clock.advance(Duration::from_secs(5));
    assert_refused(&other, false);
    parent.clock.advance(Duration::from_secs(7));
    assert_refused(&child, true);
    assert_refused(&parent.client, true);
    assert_eq!(parent.asked(), 2);
}

#[test]
fn a_refusal_says_nothing_about_other_clients_and_other_servers() {
    let parent = setup(config(), knows("right"));
    assert_refused(&parent.client, false);
    assert_refused(&derive(&parent.client, Config::new().client_id("you")), false);
    assert_refused(&derive(&parent.client, Config::new().token_url("https://other.example.com/token")), false);
    let posting = Config::new().client_auth(oauth_token::ClientAuth::ClientSecretPost);
    assert_refused(&derive(&parent.client, posting), false);
    assert_eq!(parent.asked(), 4);
}

#[test]
fn another_failure_concerns_one_client_alone() {
    let parent = setup(config().max_retries(0), |request| {
        let is_child = request.form_value("scope").is_some();
        if is_child { crate::support::offline::refused(400, "invalid_scope") } else { crate::granted("t") }
    });
    let child = derive(&parent.client, Config::new().scope("a"));
    assert_refused(&child, false);
    assert_eq!(parent.token(), "t");
}

#[test]
fn a_new_secret_ends_the_pause_of_all_whichever_it_is_given_to() {
    for is_given_to_parent in [true, false] {
        let parent = setup(config(), knows("right"));
        let child = derive(&parent.client, Config::new().scope("a"));
        let other = derive(&parent.client, Config::new().scope("b"));
        assert_refused(&child, false);
        assert_refused(&other, true);
        let given_to = if is_given_to_parent { &parent.client } else { &child };
        given_to.set_secret("right").unwrap();
        for client in [&other, &child, &parent.client] {
            assert_eq!(text(client.token()), "t");
        }
        assert_eq!(secrets(&parent.server.requests()), ["s3cret", "right", "right", "right"]);
    }
}

#[test]
fn a_reset_of_one_lets_others_try_again_too() {
    let parent = setup(config(), knows("right"));
    let child = derive(&parent.client, Config::new().scope("a"));
    assert_refused(&parent.client, false);
    child.reset();
    assert_refused(&child, false);
    assert_eq!(parent.asked(), 2);
}

#[test]
fn a_secret_file_that_changes_ends_the_pause_of_all() {
    let directory = TemporaryDirectory::new();
    let path = directory.write("secret", "wrong");
    let parent = setup(with_secret_file(&path), knows("right"));
    let child = derive(&parent.client, Config::new().scope("a"));
    assert_refused(&parent.client, false);
    assert_refused(&child, true);
    directory.write("secret", "right");
    parent.clock.advance(MOMENT);
    assert_eq!(text(child.token()), "t");
    assert_eq!(parent.token(), "t");
    assert_eq!(secrets(&parent.server.requests()), ["wrong", "right", "right"]);
}

#[test]
fn the_alternate_that_worked_for_one_goes_first_for_all() {
    let parent = setup(config().client_secret_alternate("right"), knows("right"));
    assert_eq!(parent.token(), "t");
    for scope in ["a", "b"] {
        assert_eq!(text(derive(&parent.client, Config::new().scope(scope)).token()), "t");
    }
    assert_eq!(secrets(&parent.server.requests()), ["s3cret", "right", "right", "right"]);
}

/// A client, and one derived from it that asks while its parent's first request, which fails, is under way.
fn overtaken(config: Config, meanwhile: impl Fn() + Send + Sync + 'static) -> (Setup, Client) {
    let child = Arc::new(OnceLock::<Client>::new());
    let asking = Arc::clone(&child);
    let (is_overtaken, grant) = (AtomicBool::new(false), knows("right"));
    let parent = setup(config.max_retries(0), move |request| {
        if is_overtaken.swap(true, Ordering::SeqCst) {
            return grant(request);
        }
        meanwhile();
        let _ = asking.get().expect("it was derived").token();
        broken(true)
    });
    let derived = child.get_or_init(|| derive(&parent.client, Config::new().scope("a"))).clone();
    assert_eq!(parent.client.token().unwrap_err().kind(), ErrorKind::Network);
    (parent, derived)
}

#[test]
fn a_failure_does_not_undo_what_another_has_learnt_about_the_alternate_meanwhile() {
    let (parent, _) = overtaken(config().client_secret_alternate("right"), || ());
    text(derive(&parent.client, Config::new().scope("b")).token());
    assert_eq!(secrets(&parent.server.requests()), ["s3cret", "s3cret", "right", "right"]);
}

#[test]
fn a_secret_file_is_not_taken_for_changed_because_an_older_request_ends_later() {
    let directory = TemporaryDirectory::new();
    let path = directory.write("secret", "old");
    let (parent, child) = overtaken(with_secret_file(&path), move || drop(directory.write("secret", "newer")));
    parent.clock.advance(MOMENT);
    assert_refused(&child, true);
    assert_eq!(secrets(&parent.server.requests()), ["old", "newer"]);
}

#[test]
fn a_callback_is_shared_and_another_secret_is_not() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let config = without_secret().secret_source(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        Ok::<_, String>("right".into())
    });
    let parent = setup(config, knows("right"));
    text(derive(&parent.client, Config::new().scope("a")).token());
    assert_eq!(asked.load(Ordering::SeqCst), 1);

    let own = derive(&parent.client, Config::new().client_secret("wrong").scope("b"));
    assert_refused(&own, false);
    own.set_secret("right").unwrap();
    assert_eq!(text(own.token()), "t");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    assert_eq!(parent.token(), "t");
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[test]
fn a_token_in_hand_is_not_withheld_because_another_client_was_refused() {
    let parent = setup(config(), |request| {
        let is_first = request.form_value("scope").is_none();
        if is_first { crate::granted("t") } else { crate::support::offline::refused(401, "invalid_client") }
    });
    assert_eq!(parent.token(), "t");
    parent.clock.advance(Duration::from_secs(3_400));
    let child = derive(&parent.client, Config::new().scope("a"));
    assert_refused(&child, false);
    // It is due, and the refusal holds its renewal up, not the token.
    assert_eq!(parent.token(), "t");
    assert_eq!(parent.asked(), 2);
    parent.clock.advance(LONGEST_PAUSE);
    assert_eq!(parent.token(), "t");
    assert_eq!(parent.asked(), 3);
}

#[test]
fn a_secret_that_was_replaced_is_known_behind_a_client_that_needs_none() {
    let parent = setup(config(), knows("new"));
    parent.client.set_secret("new").unwrap();
    let public = derive(&parent.client, Config::new().client_auth(oauth_token::ClientAuth::None));
    let child = derive(&public, Config::new().client_auth(oauth_token::ClientAuth::ClientSecretBasic));
    assert_eq!(text(child.token()), "t");
    assert_eq!(public.set_secret("lost").unwrap_err().kind(), ErrorKind::Config);
    assert_eq!(text(child.token()), "t");
}
