//! Proxies that open no way to the server. Whatever they say, it is not the server's word.

use std::io::{Read, Write};

use oauth_token::{Config, ErrorKind, ProxyChoice};

use crate::checks::{PROXY_PASSWORD, Port, Proxy, config, wait_for_end};
use crate::examination::Peer;
use crate::{SHORT, told};

/// A server that only the proxy knows the way to.
const URL: &str = "https://token.example.test/token";

fn through(proxy: &impl Peer) -> Config {
    let url = format!("http://porter:{PROXY_PASSWORD}@127.0.0.1:{}", proxy.port());
    config(URL).proxy(ProxyChoice::Url(url.into()))
}

/// The error is about the proxy, and leaves the client's credentials alone.
#[track_caller]
fn assert_is_the_proxy_s_fault(proxy: &impl Peer, words: &[&str]) {
    let about = format!("the proxy 127.0.0.1:{} (option `proxy`)", proxy.port());
    let words = [&["token_url https://token.example.test/token", &about], words].concat();
    let error = told(proxy, through(proxy), ErrorKind::Network, &words);
    assert_eq!((error.http_status(), error.code()), (None, None), "{error}");
    assert!(!error.message().contains("`client_secret`"), "{error}");
}

#[track_caller]
fn assert_refusal_is_the_proxy_s(answer: &str, status: &str) {
    assert_is_the_proxy_s_fault(&Proxy::answering(answer), &[status, "token.example.test:443"]);
}

#[test]
fn a_proxy_that_demands_credentials_is_not_taken_for_the_server() {
    let answer = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\
                  Content-Length: 6\r\n\r\ndenied";
    assert_refusal_is_the_proxy_s(answer, "407");
}

#[test]
fn a_401_of_a_proxy_is_not_taken_for_the_server_s() {
    let head = "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 26\r\n\r\n";
    assert_refusal_is_the_proxy_s(&format!("{head}{}", r#"{"error":"invalid_client"}"#), "401");
}

#[test]
fn a_502_of_a_proxy_is_not_taken_for_the_server_s() {
    assert_refusal_is_the_proxy_s("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "502");
}

/// A proxy that answers before it has read the request, and so resets the connection when it closes it.
fn resetting(answer: &'static str) -> Port {
    Port::new(move |mut socket| {
        socket.read_exact(&mut [0])?;
        socket.write_all(answer.as_bytes())
    })
}

#[test]
fn a_refusal_of_a_proxy_that_is_reset_while_it_is_read_is_not_taken_for_the_server_s() {
    for answer in [
        "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 1000\r\n\r\nden",
        "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenti",
        "HTTP/1.1 401 Unauthorized\r\nContent-Length: 1000\r\n\r\nden",
    ] {
        assert_is_the_proxy_s_fault(&resetting(answer), &["token.example.test"]);
    }
}

#[test]
fn a_proxy_that_hangs_up_is_named() {
    assert_is_the_proxy_s_fault(&Proxy::answering(""), &["token.example.test"]);
}

#[test]
fn a_proxy_that_does_not_speak_http_is_named() {
    assert_is_the_proxy_s_fault(&Proxy::answering("SSH-2.0-OpenSSH_9.6\r\n"), &["token.example.test"]);
}

#[test]
fn a_proxy_that_cannot_be_reached_is_named() {
    let fix = "(option `proxy`) refuses connections; check that setting, and that the proxy runs";
    assert_is_the_proxy_s_fault(&Port::closed(), &[fix]);
}

#[test]
fn a_proxy_that_never_answers_is_named() {
    let proxy = Proxy::new(|mut socket| wait_for_end(&mut socket));
    told(&proxy, through(&proxy).timeout(SHORT), ErrorKind::Timeout, &["the proxy 127.0.0.1", "`timeout`"]);
}
