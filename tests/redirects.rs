//! Redirects are told, never followed: the secret would go along.

#![cfg(feature = "http")]

mod checks;
mod support;

use oauth_token::{Error, ErrorKind};

use checks::{SECRET, assert_error, config, grant, percent_encode, token_error};
use support::{Reply, Server};

fn error_of(status: u16, location: String) -> Error {
    let server = Server::http(move |_| Reply::empty(status).header("Location", &location));
    let error = token_error(config(server.url("/token")));
    assert_eq!(server.connections(), 1);
    error
}

fn assert_is_not_followed(status: u16) {
    let target = Server::http(grant);
    let error = error_of(status, target.url("/elsewhere"));
    let host = format!("127.0.0.1:{}", target.port());
    assert_error(&error, ErrorKind::Rejected, &[&format!("HTTP {status}"), &host, "not followed", "set the URL"]);
    assert_eq!(error.http_status(), Some(status));
    assert_eq!(target.connections(), 0);
}

#[test]
fn a_301_is_not_followed() {
    assert_is_not_followed(301);
}

#[test]
fn a_302_is_not_followed() {
    assert_is_not_followed(302);
}

#[test]
fn a_303_is_not_followed() {
    assert_is_not_followed(303);
}

#[test]
fn a_307_is_not_followed() {
    assert_is_not_followed(307);
}

#[test]
fn a_308_is_not_followed() {
    assert_is_not_followed(308);
}

#[test]
fn a_redirect_to_the_same_server_is_not_followed() {
    let error = error_of(307, "/login?next=token".into());
    assert_error(&error, ErrorKind::Rejected, &["HTTP 307", "/login", "not followed"]);
}

#[test]
fn a_redirect_to_nowhere_is_told() {
    let server = Server::http(|_| Reply::empty(302));
    let error = token_error(config(server.url("/token")));
    assert_error(&error, ErrorKind::Rejected, &["HTTP 302", "not followed"]);
}

#[test]
fn a_redirect_with_a_page_is_told() {
    let target = Server::http(grant);
    let location = target.url("/elsewhere");
    let server = Server::http(move |_| Reply::text(302, "text/html", "<h1>Moved</h1>").header("Location", &location));
    let error = token_error(config(server.url("/token")));
    assert_error(&error, ErrorKind::Rejected, &["HTTP 302", "Moved", "/elsewhere", "not followed"]);
    assert_eq!(target.connections(), 0);
}

#[test]
fn a_secret_in_the_query_of_the_target_is_not_shown() {
    let error = error_of(302, format!("https://a.example.test/login?s={}#{}", percent_encode(SECRET), "fragment"));
    assert_error(&error, ErrorKind::Rejected, &["a.example.test/login"]);
}

#[test]
fn a_secret_in_the_path_of_the_target_is_not_shown() {
    let error = error_of(302, format!("https://a.example.test/{}/login", percent_encode(SECRET)));
    assert_error(&error, ErrorKind::Rejected, &["a.example.test"]);
}

#[test]
fn a_hostile_target_stays_one_short_line() {
    let error = error_of(302, format!("https://a.example.test/\t{}", "x".repeat(5_000)));
    assert_error(&error, ErrorKind::Rejected, &["a.example.test"]);
    assert!(error.message().len() < 1_000, "{error}");
}
