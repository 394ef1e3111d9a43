//! `call`: a request to the API, and once more with another token where the API refuses the first.

use oauth_token::{ErrorKind, Unauthorized};

use crate::support::broken;
use crate::{config, granted, in_turn, numbered, seconds, setup};

#[test]
fn a_request_is_given_the_authorization_of_the_token_in_hand() {
    let setup = setup(config(), numbered());
    let mut given = Vec::new();
    let answer = setup.client.call(|authorization| {
        given.push(authorization.to_owned());
        Ok(200)
    });
    assert_eq!((answer.unwrap(), given), (200, vec!["Bearer token-1".to_owned()]));
    assert_eq!(setup.asked(), 1);
}

#[test]
fn a_refused_request_is_repeated_once_with_another_token() {
    let setup = setup(config(), numbered());
    let mut given = Vec::new();
    let answer = setup.client.call(|authorization| {
        given.push(authorization.to_owned());
        if given.len() == 1 { Err(Unauthorized(401)) } else { Ok(200) }
    });
    assert_eq!(answer.unwrap(), 200);
    assert_eq!(given, ["Bearer token-1", "Bearer token-2"]);
    assert_eq!((setup.asked(), setup.client.statistics().invalidated), (2, 1));
}

#[test]
fn a_second_answer_is_returned_as_it_is_though_it_refuses_too() {
    let setup = setup(config(), numbered());
    let mut calls = 0;
    let answer = setup.client.call(|_| {
        calls += 1;
        Err(Unauthorized(calls))
    });
    assert_eq!(answer.unwrap(), 2);
    assert_eq!((calls, setup.asked()), (2, 2));
    assert_eq!(setup.token(), "token-2", "the second refusal says nothing new");
}

#[test]
fn without_a_token_no_request_is_made() {
    let setup = setup(config().max_retries(0), |_| broken(true));
    let answer = setup.client.call(|_| -> Result<(), Unauthorized<()>> { panic!("there is nothing to call with") });
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::Network);
}

#[test]
fn without_a_second_token_the_error_says_why() {
    let setup = setup(config().max_retries(0), in_turn(|nth| if nth == 1 { granted("t") } else { broken(true) }));
    let mut calls = 0;
    let answer = setup.client.call(|_| {
        calls += 1;
        Err::<(), _>(Unauthorized(()))
    });
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::Network);
    assert_eq!(calls, 1);
}

#[test]
fn a_request_is_not_repeated_with_the_token_that_was_just_refused() {
    let setup = setup(config(), numbered());
    let mut given = Vec::new();
    for _ in 0..3 {
        let answer = setup.client.call(|authorization| {
            given.push(authorization.to_owned());
            Err(Unauthorized(401))
        });
        assert_eq!(answer.unwrap(), 401);
    }
    // Refusals in a row are spaced, so the second token stays in use for now.
    assert_eq!(given, ["Bearer token-1", "Bearer token-2", "Bearer token-2", "Bearer token-2"]);
    setup.clock.advance(seconds(1));
    assert_eq!(setup.token(), "token-3");
}
