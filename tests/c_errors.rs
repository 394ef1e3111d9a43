//! What a C program can read from an error.
#![cfg(all(feature = "capi", feature = "http", target_os = "linux"))]

mod c_support;
mod support;

use std::collections::HashMap;
use std::net::TcpListener;

use serde_json::json;

use c_support::Program;
use c_support::program::{CLIENT_ID, CLIENT_SECRET};
use support::{Gate, Reply, Server, TestAuthority};

/// What `tell_error` printed, by name; none of it holds the secret.
struct Told(HashMap<String, String>);

impl Told {
    fn by(program: Program) -> Self {
        let printed = program.succeed(&[]);
        assert!(!printed.contains(CLIENT_SECRET), "{printed}");
        let lines = printed.lines().filter_map(|line| line.split_once('='));
        Self(lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    fn get(&self, name: &str) -> &str {
        self.0.get(name).unwrap_or_else(|| panic!("{name} was not told: {:?}", self.0))
    }

    fn number(&self, name: &str) -> i64 {
        self.get(name).parse().expect("not a number")
    }

    #[track_caller]
    fn assert_message(&self, when: &str, parts: &[&str]) {
        let message = self.get(&format!("{when}.message"));
        for part in parts {
            assert!(message.contains(part), "no {part:?} in {message:?}");
        }
    }
}

fn told_of(server: &Server) -> Told {
    Told::by(Program::build("tell_error").client_of(server))
}

#[test]
fn refused_credentials_are_told_in_full_and_again_without_a_request() {
    let server = Server::http(|_| {
        let description = format!("the secret {CLIENT_SECRET} is\nunknown");
        Reply::json(401, json!({"error": "invalid_client", "error_description": description}))
    });
    let told = told_of(&server);

    assert_eq!(told.get("first.status"), "OAUTH_ERROR_REJECTED");
    assert_eq!(told.get("first.code"), "invalid_client");
    assert!(told.get("first.description").ends_with("is unknown"));
    assert_eq!(told.get("first.http_status"), "401");
    assert_eq!(told.get("first.is_retryable"), "0");
    assert_eq!(told.get("first.is_repeated"), "0");
    assert!((1..=5_000).contains(&told.number("first.retry_in_ms")));
    told.assert_message("first", &[&server.url("/token"), "401", "invalid_client", "is unknown", CLIENT_ID]);

    assert!(told.get("second.message").starts_with(told.get("first.message")));
    for same in ["status", "code", "description", "http_status", "is_retryable"] {
        assert_eq!(told.get(&format!("second.{same}")), told.get(&format!("first.{same}")));
    }
    assert_eq!(told.get("second.is_repeated"), "1");
    assert!((0..=told.number("first.retry_in_ms")).contains(&told.number("second.retry_in_ms")));

    assert_eq!(told.get("after_reset.is_repeated"), "0");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_failing_server_is_told_apart_from_one_that_refuses() {
    let server = Server::http(|_| Reply::text(503, "text/plain", "down").header("Retry-After", "120"));
    let told = told_of(&server);
    assert_eq!(told.get("first.status"), "OAUTH_ERROR_SERVER");
    assert_eq!(told.get("first.http_status"), "503");
    assert_eq!(told.get("first.code"), "NULL");
    assert_eq!(told.get("first.description"), "down");
    assert_eq!(told.get("first.is_retryable"), "1");
    assert!((5_001..=120_000).contains(&told.number("first.retry_in_ms")));
}

#[test]
fn an_answer_that_is_none_is_told_without_repeating_it() {
    let server = Server::http(|_| Reply::json(200, json!({"token": CLIENT_SECRET})));
    let told = told_of(&server);
    assert_eq!(told.get("first.status"), "OAUTH_ERROR_RESPONSE");
    assert_eq!(told.get("first.http_status"), "200");
    told.assert_message("first", &["`access_token`", "`token`"]);
}

#[test]
fn a_refused_connection_is_a_network_error_that_may_pass() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("https://{unused}/token");
    let told = Told::by(Program::build("tell_error").client_at(&url).set("OAUTH_MAX_RETRIES", "0"));
    assert_eq!(told.get("first.status"), "OAUTH_ERROR_NETWORK");
    assert_eq!(told.get("first.code"), "NULL");
    assert_eq!(told.get("first.description"), "NULL");
    assert_eq!(told.get("first.http_status"), "0");
    assert_eq!(told.get("first.is_retryable"), "1");
    assert!(told.number("first.retry_in_ms") >= 0);
    told.assert_message("first", &[&url, "refused"]);
}

#[test]
fn an_answer_that_does_not_come_in_time_is_a_time_out_that_may_pass() {
    let gate = Gate::new();
    let server = Server::http(move |_| Reply::gated(&gate, Reply::empty(500)));
    let program = Program::build("tell_error").client_of(&server);
    let told = Told::by(program.set("OAUTH_TIMEOUT", "200ms").set("OAUTH_MAX_RETRIES", "0"));
    assert_eq!(told.get("first.status"), "OAUTH_ERROR_TIMEOUT");
    assert_eq!(told.get("first.is_retryable"), "1");
    told.assert_message("first", &["`timeout`"]);
}

#[test]
fn an_unknown_authority_is_a_tls_error_that_does_not_pass() {
    let server = Server::https(|_| Reply::empty(200));
    let program = Program::build("tell_error").client_at(&server.url("/token"));
    let told = Told::by(program.set("OAUTH_ROOTS", "bundled"));
    assert_eq!(told.get("first.status"), "OAUTH_ERROR_TLS");
    assert_eq!(told.get("first.http_status"), "0");
    assert_eq!(told.get("first.is_retryable"), "0");
    told.assert_message("first", &["localhost", "`ca_file`"]);
    assert!(server.requests().is_empty());
}

/// As when an authority was set up anew and the client still has its old certificate.
#[test]
fn an_authority_of_the_right_name_with_another_key_is_told_with_the_option_to_set() {
    let server = Server::https(|_| Reply::empty(200));
    let program = Program::build("tell_error").client_at(&server.url("/token"));
    let told = Told::by(program.set_file("OAUTH_CA_FILE", &TestAuthority::new().certificate_pem()));
    assert_eq!(told.get("first.status"), "OAUTH_ERROR_TLS");
    told.assert_message("first", &["localhost", "`ca_file`"]);
}

#[test]
fn a_wrong_setting_is_told_before_any_request() {
    let server = Server::http(|_| Reply::empty(500));
    for (variable, value, parts) in [
        ("OAUTH_TIMEOUT", "soon", ["OAUTH_TIMEOUT", "soon"]),
        ("OAUTH_CONFIG", r#"{"scop": "a"}"#, ["OAUTH_CONFIG", "`scope`"]),
        ("OAUTH_CLIENT_SECRET_FILE", "/run/secret", ["`client_secret`", "`client_secret_file`"]),
        ("OAUTH_TOKEN_URL", "http://example.com/", ["`token_url`", "`dangerous_allow_http`"]),
    ] {
        let told = Told::by(Program::build("tell_error").client_of(&server).set(variable, value));
        assert_eq!(told.get("new.status"), "OAUTH_ERROR_CONFIG", "{variable}");
        assert_eq!(told.get("new.code"), "NULL");
        assert_eq!(told.get("new.http_status"), "0");
        assert_eq!(told.get("new.retry_in_ms"), "-1");
        assert_eq!(told.get("new.is_retryable"), "0");
        assert_eq!(told.get("new.is_repeated"), "0");
        told.assert_message("new", &parts);
    }
    assert_eq!(server.connections(), 0);
}
