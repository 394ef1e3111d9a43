//! Secrets that change, and secrets that a server repeats.

use std::time::Duration;

use oauth_token::{ClientAuth, Config, ErrorKind};
use serde_json::json;

use crate::support::offline::{knows, with_secret_file};
use crate::support::{TemporaryDirectory, answer};
use crate::{config, setup};

#[test]
fn a_secret_file_is_read_for_every_request_without_its_line_end() {
    for contents in ["right", "right\n", "right\r\n"] {
        let directory = TemporaryDirectory::new();
        let path = directory.write("secret", "wrong\n");
        let setup = setup(with_secret_file(&path), knows("right"));
        setup.client.token().unwrap_err();
        directory.write("secret", contents);
        setup.clock.advance(Duration::from_secs(60));
        assert!(setup.client.token().is_ok(), "{contents:?}");
    }
}

#[test]
fn only_one_line_end_is_cut_and_a_second_is_refused() {
    let directory = TemporaryDirectory::new();
    let path = directory.write("secret", " right \n");
    let setup = setup(with_secret_file(&path), knows(" right "));
    assert!(setup.client.token().is_ok());
    directory.write("secret", " right \n\n");
    setup.client.reset();
    let error = setup.client.token().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Secret);
    assert!(error.message().contains("ends with a line end"), "{error}");
}

#[test]
fn a_secret_file_that_is_missing_or_empty_is_an_error_of_its_own_and_asks_nobody() {
    let directory = TemporaryDirectory::new();
    for path in [directory.path().join("missing"), directory.write("empty", "\n")] {
        let setup = setup(with_secret_file(&path), knows("right"));
        let error = setup.client.token().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Secret);
        assert!(error.message().contains("`client_secret_file`"), "{error}");
        assert!(setup.server.requests().is_empty());
    }
}

#[test]
fn a_secret_that_is_put_right_ends_the_pause_at_once() {
    let setup = setup(config().client_secret("wrong"), knows("right"));
    setup.client.token().unwrap_err();
    assert!(setup.client.token().unwrap_err().is_repeated());
    setup.client.set_secret("right").unwrap();
    assert!(setup.client.token().is_ok());
    assert_eq!(setup.asked(), 2);
}

#[test]
fn a_new_secret_leaves_a_usable_token_in_use() {
    let setup = setup(config().client_secret("right"), knows("right"));
    setup.client.token().unwrap();
    setup.client.set_secret("another").unwrap();
    assert!(setup.client.token().is_ok());
    assert_eq!(setup.asked(), 1);
}

#[test]
fn a_new_secret_that_cannot_be_is_refused() {
    let client = setup(config(), knows("right")).client;
    assert_eq!(client.set_secret("").unwrap_err().kind(), ErrorKind::Config);
    assert_eq!(client.set_secret("a\0b").unwrap_err().kind(), ErrorKind::Config);
    let without = Config::new().token_url("https://login.example.com/token").client_auth(ClientAuth::None);
    let client = setup(without, knows("right")).client;
    assert_eq!(client.set_secret("x").unwrap_err().kind(), ErrorKind::Config);
}

#[test]
fn a_secret_that_the_server_repeats_is_taken_out_in_every_form() {
    let config =
        config().client_secret("hunter2+%").param("password", "correct horse").header("X-Api-Key", "key-of-mine");
    let setup = setup(config, |request| {
        let basic = request.header("Authorization").unwrap_or_default().to_owned();
        let words = format!("hunter2+% hunter2%2B%25 {basic} correct horse correct%20horse key-of-mine \u{7}end");
        answer(400, json!({"error": "invalid_request", "error_description": words}))
    });
    let error = setup.client.token().unwrap_err();
    for text in [error.to_string(), format!("{error:?}"), error.description().unwrap_or_default().to_owned()] {
        for secret in ["hunter2", "correct", "key-of-mine", "bWU6", "\u{7}"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        assert!(text.contains("end"), "{text}");
    }
}

#[test]
fn credentials_that_a_header_encodes_are_hidden_without_their_scheme_too() {
    for header in ["Basic {base64:{client_id}:{client_secret}}", "Basic {base64:{base64:{client_id}}:{client_secret}}"]
    {
        let config = config().client_auth(ClientAuth::None).header("Authorization", header);
        let setup = setup(config, |request| {
            let authorization = request.header("Authorization").unwrap_or_default();
            let (_, encoded) = authorization.split_once(' ').unwrap_or_default();
            answer(400, json!({"error": "invalid_request", "error_description": format!("cannot read {encoded}")}))
        });
        let error = setup.client.token().unwrap_err();
        assert_eq!(error.description(), Some("cannot read [secret]"), "{error}");
    }
}
