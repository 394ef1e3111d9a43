//! Proxies: asked for a tunnel and shown nothing else.

#![cfg(feature = "http")]

mod checks;
mod support;

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth_token::{Client, Config, Error, ErrorKind, ProxyChoice};

use checks::{Port, SECRET, assert_error, assert_is_the_token, config, grant, read_head, token_error, wait_for_end};
use support::{Reply, Server, TestAuthority};

const TARGET: &str = "token.example.test";
const URL: &str = "https://token.example.test/token";

/// A proxy on loopback that leads every tunnel to one port, whatever it is asked for.
struct Proxy {
    port: Port,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn leading_to(target: u16) -> Self {
        Self::new(move |mut socket| {
            let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, target))?;
            socket.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
            let (mut from_server, mut to_client) = (server.try_clone()?, socket.try_clone()?);
            let back = thread::spawn(move || {
                let _ = io::copy(&mut from_server, &mut to_client);
                let _ = to_client.shutdown(Shutdown::Write);
            });
            let _ = io::copy(&mut socket, &mut server);
            let _ = server.shutdown(Shutdown::Write);
            let _ = back.join();
            Ok(())
        })
    }

    fn answering(answer: &str) -> Self {
        let answer = answer.to_owned();
        Self::new(move |mut socket| {
            socket.write_all(answer.as_bytes())?;
            socket.shutdown(Shutdown::Write)?;
            wait_for_end(&mut socket)
        })
    }

    fn new(mut serve: impl FnMut(TcpStream) -> io::Result<()> + Send + 'static) -> Self {
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&heads);
        let port = Port::new(move |mut socket| {
            let head = read_head(&mut socket)?;
            seen.lock().unwrap().push(head);
            serve(socket)
        });
        Self { port, heads }
    }

    fn url(&self, credentials: &str) -> String {
        format!("http://{credentials}127.0.0.1:{}", self.port.number())
    }

    /// The head of the only request.
    #[track_caller]
    fn head(&self) -> String {
        let heads = self.heads.lock().unwrap().clone();
        let [head] = &heads[..] else { panic!("there must be one request: {heads:?}") };
        head.clone()
    }
}

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

/// The error that a proxy's answer to CONNECT leads to.
#[track_caller]
fn assert_is_the_proxy_s_fault(error: &Error, words: &[&str]) {
    assert_error(error, ErrorKind::Network, &["token_url https://token.example.test/token", "`proxy`"]);
    assert_error(error, ErrorKind::Network, words);
    assert_eq!((error.http_status(), error.code()), (None, None), "{error}");
    assert!(!error.message().contains("`client_secret`"), "{error}");
    assert!(!format!("{error:?}").contains("pa55word"), "{error:?}");
}

#[track_caller]
fn assert_refusal_is_the_proxy_s(answer: &str, status: &str) {
    let proxy = Proxy::answering(answer);
    let error = token_error(through(&proxy.url("porter:pa55word@")));
    assert_is_the_proxy_s_fault(&error, &[status, "token.example.test:443"]);
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
        let proxy = resetting(answer);
        let url = format!("http://porter:pa55word@127.0.0.1:{}", proxy.number());
        assert_is_the_proxy_s_fault(&token_error(through(&url)), &[TARGET]);
    }
}

#[test]
fn a_502_of_a_proxy_is_not_taken_for_the_server_s() {
    assert_refusal_is_the_proxy_s("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "502");
}

#[test]
fn a_proxy_that_hangs_up_is_named() {
    let proxy = Proxy::answering("");
    assert_is_the_proxy_s_fault(&token_error(through(&proxy.url("porter:pa55word@"))), &[TARGET]);
}

#[test]
fn a_proxy_that_does_not_speak_http_is_named() {
    let proxy = Proxy::answering("SSH-2.0-OpenSSH_9.6\r\n");
    assert_is_the_proxy_s_fault(&token_error(through(&proxy.url(""))), &[TARGET]);
}

#[test]
fn a_proxy_that_cannot_be_reached_is_named() {
    let closed = format!("http://127.0.0.1:{}", Port::closed());
    assert_is_the_proxy_s_fault(&token_error(through(&closed)), &[]);
}

#[test]
fn a_proxy_that_never_answers_is_named() {
    let proxy = Proxy::new(|mut socket| wait_for_end(&mut socket));
    let error = token_error(through(&proxy.url("")).timeout(std::time::Duration::from_millis(300)));
    assert_error(&error, ErrorKind::Timeout, &["proxy", "`timeout`"]);
}

#[test]
fn loopback_is_never_reached_through_a_proxy() {
    let server = Server::http(|_| Reply::empty(404));
    let proxy = Proxy::leading_to(server.port());
    for host in ["127.0.0.1", "localhost", "LocalHost", "127.1.2.3", "[::1]"] {
        // Not every one of these is where the server listens; what counts is who was not asked.
        let url = format!("http://{host}:{}/token", server.port());
        token_error(with_proxy(config(url), &proxy.url("")));
        assert_eq!(proxy.port.connections(), 0, "{host}");
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
