//! Assertions that somebody else signs and keeps fresh in a file.

use std::path::Path;

use oauth_token::{Client, ClientAuth, Config, ErrorKind};

use crate::support::TemporaryDirectory;
use crate::{TOKEN_URL, config, granted, request_of, setup};

fn reading(path: &Path) -> Config {
    config().client_assertion_file(path)
}

#[test]
fn an_assertion_file_is_read_for_every_request() {
    let directory = TemporaryDirectory::new();
    let path = directory.write("token", "first.of.them");
    let setup = setup(reading(&path), granted);
    setup.client.token().unwrap();
    directory.write("token", "second.of.them");
    setup.client.reset();
    setup.client.token().unwrap();
    let sent: Vec<_> = setup.server.requests().iter().map(|request| request.form_value("client_assertion")).collect();
    assert_eq!(sent, [Some("first.of.them".into()), Some("second.of.them".into())]);
}

#[test]
fn an_assertion_from_a_file_is_sent_like_one_of_our_own() {
    let directory = TemporaryDirectory::new();
    let request = request_of(reading(&directory.write("token", "a.b.c")));
    assert_eq!(
        request.form_value("client_assertion_type").as_deref(),
        Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
    );
    assert_eq!(request.form_value("grant_type").as_deref(), Some("client_credentials"));
}

#[test]
fn a_line_end_behind_the_assertion_is_cut_off() {
    let directory = TemporaryDirectory::new();
    for written in ["a.b.c\n", "a.b.c\r\n", "a.b.c"] {
        let request = request_of(reading(&directory.write("token", written)));
        assert_eq!(request.form_value("client_assertion").as_deref(), Some("a.b.c"), "{written:?}");
    }
}

#[test]
fn a_file_that_is_missing_empty_or_no_assertion_is_told_and_nothing_is_sent() {
    let directory = TemporaryDirectory::new();
    let mut paths = vec![directory.path().join("missing"), directory.path().to_owned()];
    for (number, content) in [&b""[..], b"\n", b"hunter2 x", b"hunter2\nhunter2", b"\xffhunter2"].iter().enumerate() {
        paths.push(directory.write(&format!("{number}"), content));
    }
    for path in paths {
        let setup = setup(reading(&path), granted);
        let error = setup.client.token().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Secret, "{error}");
        assert!(error.message().contains("`client_assertion_file`"), "{error}");
        assert!(error.message().contains(&path.display().to_string()), "{error}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        assert_eq!(setup.server.requests().len(), 0);
    }
}

#[test]
fn a_file_that_is_put_right_serves_the_next_exchange() {
    let directory = TemporaryDirectory::new();
    let path = directory.path().join("token");
    let setup = setup(reading(&path), granted);
    setup.client.token().unwrap_err();
    directory.write("token", "a.b.c");
    setup.clock.advance(std::time::Duration::from_secs(60));
    setup.client.token().unwrap();
}

#[test]
fn an_assertion_from_a_file_is_placed_where_the_user_says() {
    let directory = TemporaryDirectory::new();
    let config = Config::new()
        .token_url(TOKEN_URL)
        .client_auth(ClientAuth::None)
        .grant_type("urn:ietf:params:oauth:grant-type:token-exchange")
        .client_assertion_file(directory.write("token", "a.b.c\n"))
        .param("subject_token", "{assertion}")
        .param("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
    let request = request_of(config);
    assert_eq!(request.form_value("subject_token").as_deref(), Some("a.b.c"));
    assert_eq!(request.form_value("client_assertion"), None);
}

#[test]
fn a_file_that_nothing_would_send_is_refused() {
    let error = Client::new(config().client_auth(ClientAuth::None).client_assertion_file("/run/token")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.message().contains("`client_assertion_file`"), "{error}");
    assert!(error.message().contains("`private_key_jwt`"), "{error}");
}

#[test]
fn a_file_beside_a_key_is_refused() {
    let config = crate::with_key("p256_pkcs8.pem").client_assertion_file("/run/token");
    let error = Client::new(config).unwrap_err();
    for option in ["`client_assertion_file`", "`private_key_file`"] {
        assert!(error.message().contains(option), "{error}");
    }
}
