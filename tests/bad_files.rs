//! Files that are missing, empty or hold something else: the option and the path are named.

#![cfg(feature = "http")]

mod checks;
mod support;

use oauth_token::{Client, ClientAuth, Config, ErrorKind};

use checks::{CLIENT_ID, SECRET, assert_error, assert_is_the_token, client_with, config, grant, refusal, token_error};
use support::{Server, TemporaryDirectory, TestAuthority};

const URL: &str = "https://login.example.test/token";

fn text(path: &std::path::Path) -> String {
    path.to_str().expect("a temporary path is text").to_owned()
}

#[test]
fn a_ca_file_that_is_missing_is_named_with_its_path() {
    let error = refusal(config(URL).ca_file("/nowhere/ca.pem"));
    assert_error(&error, ErrorKind::Config, &["`ca_file`", "/nowhere/ca.pem", "cannot be read", "check the path"]);
}

#[test]
fn a_ca_file_that_is_a_directory_is_named_with_its_path() {
    let directory = TemporaryDirectory::new();
    let path = text(directory.path());
    let error = refusal(config(URL).ca_file(&*path));
    assert_error(&error, ErrorKind::Config, &["`ca_file`", &path, "cannot be read"]);
}

#[test]
fn a_ca_file_without_a_certificate_says_what_is_missing() {
    let directory = TemporaryDirectory::new();
    let (_, key) = TestAuthority::new().client_certificate(CLIENT_ID);
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for contents in ["", "garbage", "\u{0}\u{1}\u{2}", broken, &key] {
        let path = text(&directory.write("ca.pem", contents));
        let error = refusal(config(URL).ca_file(&*path));
        assert_error(&error, ErrorKind::Config, &["`ca_file`", &path, "no certificate", "BEGIN CERTIFICATE"]);
        assert!(!format!("{error:?}").contains("garbage"), "{error}");
    }
}

#[test]
fn ca_text_without_a_certificate_is_not_repeated() {
    let error = refusal(config(URL).ca_pem(SECRET));
    assert_error(&error, ErrorKind::Config, &["`ca_pem`", "no certificate"]);
}

fn with_secret_file(server: &Server, path: &str) -> Config {
    Config::new().token_url(server.url("/token")).client_id(CLIENT_ID).client_secret_file(path)
}

#[test]
fn a_secret_file_that_is_missing_is_named_and_nothing_is_sent() {
    let server = Server::http(grant);
    let error = token_error(with_secret_file(&server, "/nowhere/secret"));
    assert_error(
        &error,
        ErrorKind::Secret,
        &["`client_secret_file`", "/nowhere/secret", "cannot be read", "permissions"],
    );
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_secret_file_without_a_secret_is_named_and_nothing_is_sent() {
    let server = Server::http(grant);
    let directory = TemporaryDirectory::new();
    for contents in ["", "\n", "\r\n"] {
        let path = text(&directory.write("secret", contents));
        let error = token_error(with_secret_file(&server, &path));
        assert_error(&error, ErrorKind::Secret, &["`client_secret_file`", &path, "is empty"]);
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_secret_file_that_is_no_text_is_refused_and_not_repeated() {
    let server = Server::http(grant);
    let directory = TemporaryDirectory::new();
    for contents in [[SECRET.as_bytes(), &[0xFF]].concat(), [SECRET.as_bytes(), &[0]].concat()] {
        let path = text(&directory.write("secret", contents));
        let error = token_error(with_secret_file(&server, &path));
        assert_error(&error, ErrorKind::Secret, &["`client_secret_file`", &path]);
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_secret_file_that_is_put_right_serves_the_next_exchange() {
    let server = Server::http(grant);
    let directory = TemporaryDirectory::new();
    let path = text(&directory.write("secret", ""));
    let clock = support::TestClock::new();
    let client = client_with(with_secret_file(&server, &path), &clock);
    client.token().expect_err("the file is empty");
    directory.write("secret", format!("{SECRET}\n"));
    clock.advance(std::time::Duration::from_secs(60));
    assert_is_the_token(client.token());
    assert_eq!(server.requests()[0].basic_raw(), Some((CLIENT_ID.to_owned(), SECRET.to_owned())));
}

/// Trust in the system's roots and in a given one are set up at different times, so both are tried.
fn with_and_without_ca(authority: &TestAuthority) -> [Config; 2] {
    [config(URL), config(URL).ca_pem(authority.certificate_pem())]
}

#[test]
fn a_certificate_without_its_key_names_the_options_for_one() {
    let (certificate, _) = TestAuthority::new().client_certificate(CLIENT_ID);
    let error = refusal(config(URL).tls_cert_pem(certificate));
    assert_error(&error, ErrorKind::Config, &["`tls_cert_pem`", "without its key", "`tls_key_file`", "`tls_key_pem`"]);
}

#[test]
fn a_key_without_its_certificate_names_the_options_for_one() {
    let error = refusal(config(URL).tls_key_file("/etc/key.pem"));
    assert_error(&error, ErrorKind::Config, &["`tls_key_file`", "without its certificate", "`tls_cert_file`"]);
}

#[test]
fn a_key_that_belongs_to_another_certificate_is_refused_when_the_client_is_made() {
    let authority = TestAuthority::new();
    let (certificate, _) = authority.client_certificate(CLIENT_ID);
    let (_, foreign_key) = authority.client_certificate(CLIENT_ID);
    for config in with_and_without_ca(&authority) {
        let error = refusal(config.tls_cert_pem(&*certificate).tls_key_pem(&*foreign_key));
        assert_error(&error, ErrorKind::Config, &["`tls_cert_pem`", "`tls_key_pem`", "does not belong"]);
        assert!(!format!("{error:?}").contains("PRIVATE KEY"), "{error}");
    }
}

#[test]
fn a_key_that_belongs_to_its_certificate_is_accepted() {
    let authority = TestAuthority::new();
    let (certificate, key) = authority.client_certificate(CLIENT_ID);
    for config in with_and_without_ca(&authority) {
        Client::new(config.tls_cert_pem(&*certificate).tls_key_pem(&*key)).expect("they fit");
    }
}

#[test]
fn a_key_that_is_none_is_refused_and_not_repeated() {
    let authority = TestAuthority::new();
    let (certificate, key) = authority.client_certificate(CLIENT_ID);
    let encrypted = key.replace("BEGIN PRIVATE KEY", "BEGIN ENCRYPTED PRIVATE KEY");
    let encrypted = encrypted.replace("END PRIVATE KEY", "END ENCRYPTED PRIVATE KEY");
    let broken = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for key in [SECRET, &encrypted, broken, &certificate] {
        let error = refusal(config(URL).tls_cert_pem(&*certificate).tls_key_pem(key));
        assert_error(&error, ErrorKind::Config, &["`tls_key_pem`", "key"]);
    }
}

#[test]
fn a_client_certificate_that_is_none_names_the_option_and_the_path() {
    let directory = TemporaryDirectory::new();
    let (_, key) = TestAuthority::new().client_certificate(CLIENT_ID);
    let path = text(&directory.write("client.pem", "garbage"));
    let error = refusal(config(URL).tls_cert_file(&*path).tls_key_pem(key));
    assert_error(&error, ErrorKind::Config, &["`tls_cert_file`", &path, "no certificate"]);
}

#[test]
fn authentication_by_certificate_without_one_names_the_options() {
    let without_secret = Config::new().token_url(URL).client_id(CLIENT_ID);
    let error = refusal(without_secret.client_auth(ClientAuth::TlsClientAuth));
    assert_error(&error, ErrorKind::Config, &["client certificate", "`tls_cert_file`", "`tls_key_file`"]);
}
