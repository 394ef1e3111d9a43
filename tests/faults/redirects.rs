//! Redirects are told, never followed: the secret would go along.

use oauth_token::{Config, Error, ErrorKind};

use crate::checks::{SECRET, config, grant, percent_encode};
use crate::support::{Reply, Server};
use crate::told;

const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

fn pointing(status: u16, location: String) -> Server {
    Server::http(move |_| Reply::empty(status).header("Location", &location))
}

/// The error of a client whose only request is answered with a redirect.
#[track_caller]
fn told_of(server: &Server, config: Config, words: &[&str]) -> Error {
    let words = [words, &["not followed", "set the URL"]].concat();
    let error = told(server, config, ErrorKind::Rejected, &words);
    assert_eq!(server.connections(), 1);
    error
}

#[track_caller]
fn error_of(status: u16, location: String, words: &[&str]) -> Error {
    let server = pointing(status, location);
    let error = told_of(&server, config(server.url("/token")), words);
    assert_eq!(error.http_status(), Some(status));
    error
}

#[test]
fn a_redirect_to_another_host_is_not_followed_and_names_it() {
    let target = Server::http(grant);
    for status in STATUSES {
        let host = format!("127.0.0.1:{}", target.port());
        error_of(status, target.url("/elsewhere"), &[&format!("HTTP {status}"), &host]);
        error_of(status, "https://elsewhere.example.test/token".into(), &["elsewhere.example.test"]);
        error_of(status, "//elsewhere.example.test/token".into(), &["elsewhere.example.test"]);
    }
    assert_eq!(target.connections(), 0);
}

#[test]
fn a_redirect_from_tls_to_plain_http_is_not_followed_and_names_the_scheme() {
    let target = Server::http(grant);
    for status in STATUSES {
        let location = format!("http://localhost:{}/token", target.port());
        let (expected, host) = (location.clone(), format!("pointing to {location}"));
        let server = Server::https(move |_| Reply::empty(status).header("Location", &expected));
        told_of(&server, config(server.url("/token")).ca_pem(server.ca_pem()), &[&format!("HTTP {status}"), &host]);
    }
    assert_eq!(target.connections(), 0);
}

#[test]
fn a_redirect_of_a_server_to_itself_is_not_followed() {
    for status in STATUSES {
        let server = Server::http(move |request| {
            let host = request.header("host").unwrap_or_default();
            Reply::empty(status).header("Location", &format!("http://{host}/token"))
        });
        let port = format!("127.0.0.1:{}/token", server.port());
        told_of(&server, config(server.url("/token")), &[&format!("HTTP {status}"), &port]);
        error_of(status, "/login?next=token".into(), &["pointing to /login"]);
        error_of(status, String::new(), &[]);
    }
}

#[test]
fn a_redirect_to_nowhere_is_told() {
    let server = Server::http(|_| Reply::empty(302));
    told_of(&server, config(server.url("/token")), &["HTTP 302"]);
}

#[test]
fn a_redirect_with_a_page_is_told() {
    let target = Server::http(grant);
    let location = target.url("/elsewhere");
    let server = Server::http(move |_| Reply::text(302, "text/html", "<h1>Moved</h1>").header("Location", &location));
    told_of(&server, config(server.url("/token")), &["HTTP 302", "Moved", "/elsewhere"]);
    assert_eq!(target.connections(), 0);
}

#[test]
fn a_redirect_with_a_token_is_not_taken_for_a_grant() {
    let server =
        Server::http(|request| grant(request).with_status(302).header("Location", "https://elsewhere.example.test/"));
    told_of(&server, config(server.url("/token")), &["HTTP 302", "elsewhere.example.test"]);
}

#[test]
fn a_secret_anywhere_in_the_target_is_not_shown() {
    let secret = percent_encode(SECRET);
    for location in [
        format!("https://a.example.test/login?s={secret}#fragment"),
        format!("https://a.example.test/{secret}/login"),
        format!("https://a.example.test/login#{secret}"),
        format!("https://{secret}@a.example.test/login"),
    ] {
        error_of(302, location, &["a.example.test"]);
    }
}

#[test]
fn a_hostile_target_stays_one_short_line() {
    let error = error_of(302, format!("https://a.example.test/\t{}", "x".repeat(5_000)), &["a.example.test"]);
    assert!(error.message().len() < 1_000, "{error}");
}
