//! Proxies: asked for a tunnel and shown nothing else.

#![cfg(feature = "http")]

mod checks;
mod support;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth_token::{Client, Config, ErrorKind, ProxyChoice};

use checks::{Proxy, SECRET, assert_error, assert_is_the_token, config, grant, token_error};
use support::{Reply, Server, TestAuthority};

const TARGET: &str = "token.example.test";
const URL: &str = "https://token.example.test/token";

/// The lines of a head that set this header.
fn lines<'a>(head: &'a str, name: &str) -> Vec<&'a str> {
    let sets = |line: &&str| line.split_once(':').is_some_and(|(each, _)| each.eq_ignore_ascii_case(name));
    head.lines().filter(sets).collect()
}

fn with_proxy(config: Config, url: &str) -> Config {
    config.proxy(ProxyChoice::Url(url.into()))
}

/// Options for a server that only the proxy knows the way to.
fn through(proxy_url: &str) -> Config {
    with_proxy(config(URL), proxy_url)
}

/// A proxy, the server that it leads to, and a client that was given the proxy by this URL, credentials and all.
fn tunnel(token_url: &str, credentials: &str) -> (Proxy, Server, Client) {
    let authority = TestAuthority::new();
    let server = Server::https_with(authority.server_config(&[TARGET]), grant);
    let proxy = Proxy::leading_to(server.port());
    let config = with_proxy(config(token_url), &proxy.url(credentials)).ca_pem(authority.certificate_pem());
    (proxy, server, Client::new(config).expect("the options are good"))
}

#[test]
fn a_token_is_obtained_through_a_tunnel() {
    let (_proxy, server, client) = tunnel(URL, "");
    assert_is_the_token(client.token());
    assert_eq!(server.requests().len(), 1);
    assert_eq!(server.requests()[0].target, "/token");
    assert_eq!(server.requests()[0].header("host"), Some(TARGET));
}

#[test]
fn a_proxy_is_told_the_target_and_nothing_of_the_request() {
    let (proxy, _server, client) = tunnel(URL, "");
    assert_is_the_token(client.token());
    let head = proxy.head();
    assert!(head.starts_with("CONNECT token.example.test:443 HTTP/1.1\r\n"), "{head}");
    assert_eq!(lines(&head, "host"), ["Host: token.example.test:443"]);
    assert_eq!(lines(&head, "authorization"), [] as [&str; 0]);
    assert_eq!(lines(&head, "proxy-authorization"), [] as [&str; 0]);
    assert!(!head.contains("/token") && !head.contains(SECRET), "{head}");
}

#[test]
fn a_port_of_the_target_is_passed_on() {
    let (proxy, _server, client) = tunnel(&format!("https://{TARGET}:8443/token"), "");
    assert_is_the_token(client.token());
    assert!(proxy.head().starts_with("CONNECT token.example.test:8443 HTTP/1.1\r\n"));
}

#[test]
fn credentials_in_the_url_of_the_proxy_go_to_the_proxy_alone() {
    let (proxy, server, client) = tunnel(URL, "porter:pa55word@");
    assert_is_the_token(client.token());
    let expected = format!("Proxy-Authorization: Basic {}", STANDARD.encode("porter:pa55word"));
    assert_eq!(lines(&proxy.head(), "proxy-authorization"), [expected]);
    let request = &server.requests()[0];
    assert_eq!(request.header("proxy-authorization"), None);
}

#[test]
fn credentials_of_a_proxy_may_be_percent_encoded() {
    let (proxy, _server, client) = tunnel(URL, "porter:p%40ss%3Aword@");
    assert_is_the_token(client.token());
    let expected = format!("Proxy-Authorization: Basic {}", STANDARD.encode("porter:p@ss:word"));
    assert_eq!(lines(&proxy.head(), "proxy-authorization"), [expected]);
}

#[test]
fn a_certificate_behind_a_proxy_is_checked_against_the_target() {
    let authority = TestAuthority::new();
    let server = Server::https_with(authority.server_config(&["127.0.0.1", "localhost"]), grant);
    let proxy = Proxy::leading_to(server.port());
    let error = token_error(through(&proxy.url("")).ca_pem(authority.certificate_pem()));
    assert_error(&error, ErrorKind::Tls, &["certificate of token.example.test", "another name"]);
    assert!(server.requests().is_empty());
}

#[test]
fn loopback_is_never_reached_through_a_proxy() {
    let server = Server::http(|_| Reply::empty(404));
    let proxy = Proxy::leading_to(server.port());
    for host in ["127.0.0.1", "localhost", "LocalHost", "127.1.2.3", "[::1]"] {
        // Not every one of these is where the server listens; what counts is who was not asked.
        let url = format!("http://{host}:{}/token", server.port());
        token_error(with_proxy(config(url), &proxy.url("")));
        assert_eq!(proxy.connections(), 0, "{host}");
    }
    assert!(server.requests().len() >= 3);
}

#[test]
fn plain_http_that_was_allowed_goes_through_the_proxy_too() {
    let server = Server::http(grant);
    let proxy = Proxy::leading_to(server.port());
    let config = with_proxy(config(format!("http://{TARGET}/token")), &proxy.url("")).dangerous_allow_http(true);
    assert_is_the_token(Client::new(config).expect("the options are good").token());
    assert!(proxy.head().starts_with("CONNECT token.example.test:80 HTTP/1.1\r\n"));
}
