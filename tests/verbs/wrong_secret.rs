//! A secret that is wrong: the server is left in peace, and nobody waits once it has been put right.

use std::time::Duration;

use oauth_token::{ErrorKind, Secret};

use crate::support::TemporaryDirectory;
use crate::support::offline::{Setup, with_secret_file, without_secret};
use crate::{config, knows, setup};

/// Asks ten times a second for a minute.
#[track_caller]
fn ask_for_a_minute(setup: &Setup) {
    for _ in 0..600 {
        let error = setup.client.token().unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Rejected, Some("invalid_client")));
        assert!(error.retry_in().is_some(), "{error:?}");
        setup.clock.advance(Duration::from_millis(100));
    }
    let requests = setup.asked();
    assert!((2..=5).contains(&requests), "{requests} requests in a minute");
    assert_eq!(setup.client.statistics().throttled, 600 - requests as u64);
}

/// The next call goes out at once, and brings a token.
#[track_caller]
fn assert_is_put_right(setup: &Setup) {
    let before = setup.asked();
    assert_eq!(setup.token(), "t");
    assert_eq!(setup.asked(), before + 1);
}

#[test]
fn a_minute_of_asking_costs_at_most_five_requests_and_a_secret_that_is_set_goes_out_at_once() {
    let setup = setup(config().client_secret("wrong"), knows("right"));
    ask_for_a_minute(&setup);
    setup.client.set_secret("right").unwrap();
    assert_is_put_right(&setup);
}

#[test]
fn a_minute_of_asking_costs_at_most_five_requests_and_a_file_that_is_put_right_goes_out_within_a_second() {
    let directory = TemporaryDirectory::new();
    let path = directory.write("secret", "the wrong one\n");
    let setup = setup(with_secret_file(&path), knows("right"));
    ask_for_a_minute(&setup);
    directory.write("secret", "right\n");
    setup.clock.advance(Duration::from_secs(1));
    assert_is_put_right(&setup);
}

#[test]
fn a_minute_of_asking_costs_at_most_five_requests_where_a_callback_gives_the_wrong_one() {
    let config = without_secret().secret_source(|_| Ok::<_, String>(Secret::new("wrong")));
    ask_for_a_minute(&setup(config, knows("right")));
}
