//! A secret file that changes during the pause after a failure.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use oauth_token::ErrorKind;

use crate::support::TemporaryDirectory;
use crate::support::offline::{Setup, with_secret_file};
use crate::{knows, seconds, setup};

/// A client that reads its secret from this file, of a server that knows `right`.
fn reading(path: &Path) -> Setup {
    setup(with_secret_file(path), knows("right"))
}

/// A client whose secret file holds the wrong secret, and whose first request has just been refused.
fn refused() -> (TemporaryDirectory, PathBuf, Setup) {
    let directory = TemporaryDirectory::new();
    let path = directory.write("secret", "wrong secret");
    let setup = reading(&path);
    assert_eq!(setup.client.token().unwrap_err().kind(), ErrorKind::Rejected);
    (directory, path, setup)
}

#[track_caller]
fn assert_paused(setup: &Setup) {
    assert!(setup.client.token().unwrap_err().is_repeated());
}

#[test]
fn a_file_that_has_changed_ends_the_pause_at_once() {
    let (directory, _, setup) = refused();
    directory.write("secret", "right");
    assert_eq!(setup.token(), "t");
    assert_eq!(setup.asked(), 2);
}

#[test]
fn a_file_that_is_replaced_by_another_of_the_same_length_and_age_is_noticed() {
    let (directory, path, setup) = refused();
    let age = fs::metadata(&path).unwrap().modified().unwrap();
    let other = directory.write("secret.new", "wrong_secret");
    fs::File::options().write(true).open(&other).unwrap().set_modified(age).unwrap();
    fs::rename(&other, &path).unwrap();
    let error = setup.client.token().unwrap_err();
    // Without inodes nothing tells the two apart.
    if cfg!(unix) {
        assert!(!error.is_repeated(), "{error}");
        assert_eq!(setup.asked(), 2);
    }
}

#[test]
fn the_file_is_looked_at_once_a_second_and_not_more_often() {
    let (directory, _, setup) = refused();
    assert_paused(&setup);
    directory.write("secret", "right");
    for _ in 0..9 {
        setup.clock.advance(Duration::from_millis(111));
        assert_paused(&setup);
    }
    assert_eq!(setup.asked(), 1, "the change is not seen within the second");
    setup.clock.advance(Duration::from_millis(1));
    assert_eq!(setup.token(), "t");
    assert_eq!(setup.asked(), 2);
}

#[test]
fn a_file_that_stays_as_it_is_leaves_the_pause_as_it_is() {
    let (_directory, _, setup) = refused();
    for _ in 0..4 {
        setup.clock.advance(seconds(1));
        assert_paused(&setup);
    }
    assert_eq!(setup.asked(), 1);
    setup.clock.advance(seconds(1));
    assert!(!setup.client.token().unwrap_err().is_repeated(), "the pause of five seconds is over");
    assert_eq!(setup.asked(), 2);
}

#[test]
fn each_change_that_is_wrong_again_costs_one_request() {
    let (directory, _, setup) = refused();
    for attempt in 1..=3 {
        directory.write("secret", format!("wrong{}", "!".repeat(attempt)));
        setup.clock.advance(seconds(1));
        let error = setup.client.token().unwrap_err();
        assert!(!error.is_repeated(), "{error}");
        assert_eq!(error.retry_in(), Some(seconds(5)), "what another secret met does not count");
        assert_paused(&setup);
        assert_eq!(setup.asked(), 1 + attempt);
    }
}

#[test]
fn a_file_that_appears_ends_the_pause() {
    let directory = TemporaryDirectory::new();
    let setup = reading(&directory.path().join("secret"));
    assert_eq!(setup.client.token().unwrap_err().kind(), ErrorKind::Secret);
    assert_paused(&setup);
    directory.write("secret", "right");
    assert_paused(&setup);
    // The pause may end by itself within the second, but not before half of it.
    setup.clock.advance(seconds(1));
    assert_eq!(setup.token(), "t");
    assert_eq!(setup.asked(), 1);
}

#[test]
fn a_file_that_appears_is_noticed_by_the_first_call_that_looks() {
    let directory = TemporaryDirectory::new();
    let setup = reading(&directory.path().join("secret"));
    setup.client.token().unwrap_err();
    directory.write("secret", "right");
    assert_eq!(setup.token(), "t");
}

#[test]
fn a_call_without_time_does_not_ask_though_the_file_has_changed() {
    let (directory, _, setup) = refused();
    directory.write("secret", "right");
    assert_eq!(setup.client.token_within(Duration::ZERO).unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(setup.asked(), 1);
    assert_eq!(setup.token(), "t");
}

#[test]
fn a_secret_that_is_set_goes_before_the_file_for_good() {
    let (directory, _, setup) = refused();
    setup.client.set_secret("wrong as well").unwrap();
    assert_eq!(setup.client.token().unwrap_err().kind(), ErrorKind::Rejected);
    directory.write("secret", "right");
    setup.clock.advance(seconds(4));
    assert_paused(&setup);
    setup.clock.advance(seconds(1));
    assert!(!setup.client.token().unwrap_err().is_repeated());
    assert_eq!(setup.asked(), 3);
    let sent = setup.server.requests().pop().and_then(|request| request.basic_raw());
    assert_eq!(sent.unwrap().1, "wrong as well");
}

#[test]
fn a_timer_of_the_host_s_notices_the_file_too() {
    let (directory, _, setup) = refused();
    directory.write("secret", "right");
    setup.client.refresh_if_due(Duration::from_secs(5)).unwrap();
    assert_eq!(setup.token(), "t");
    assert_eq!(setup.asked(), 2);
}
