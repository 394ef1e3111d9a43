//! Servers that cannot be reached, do not answer in time, or are not who they should be.

#![cfg(feature = "http")]

mod checks;
mod support;

use std::io::{ErrorKind as IoErrorKind, Read, Write};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use oauth_token::{Client, ClientAuth, Config, Error, ErrorKind};

use checks::{CLIENT_ID, Port, assert_error, assert_is_the_token, config, grant, read_head, token_error, wait_for_end};
use support::{Gate, Reply, Server, TestAuthority};

const SHORT: Duration = Duration::from_millis(300);

fn trusting(server: &Server) -> Config {
    config(server.url("/token")).ca_pem(server.ca_pem())
}

fn authenticated_by_certificate(url: String) -> Config {
    Config::new().token_url(url).client_id(CLIENT_ID).client_auth(ClientAuth::TlsClientAuth)
}

/// The error of a call that must end by itself, long before the default limit of 30 seconds.
#[track_caller]
fn error_in_time(config: Config) -> Error {
    let client = Client::new(config).expect("the options are good");
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(client.token()));
    let outcome = receiver.recv_timeout(Duration::from_secs(20)).expect("the limit must end the call");
    outcome.expect_err("there must be no token")
}

#[test]
fn a_trusted_server_is_asked() {
    let server = Server::https(grant);
    assert_is_the_token(Client::new(trusting(&server)).expect("the options are good").token());
}

#[test]
fn a_certificate_of_an_unknown_authority_names_ca_file() {
    let server = Server::https(grant);
    let (other_authority, _) = TestAuthority::new().client_certificate("Other Authority");
    let error = token_error(config(server.url("/token")).ca_pem(other_authority));
    assert_error(&error, ErrorKind::Tls, &["token_url https://localhost", "authority", "not trusted", "`ca_file`"]);
    assert!(server.requests().is_empty());
}

#[test]
fn a_certificate_of_an_authority_that_only_has_the_right_name_names_ca_file() {
    let server = Server::https(grant);
    let renewed_authority = TestAuthority::new().certificate_pem();
    let error = token_error(config(server.url("/token")).ca_pem(renewed_authority));
    assert_error(&error, ErrorKind::Tls, &["certificate of localhost", "`ca_file`"]);
    assert!(server.requests().is_empty());
}

#[test]
fn the_authorities_of_the_public_web_do_not_vouch_for_a_test_server() {
    let server = Server::https(grant);
    let error = token_error(config(server.url("/token")).roots(oauth_token::Roots::Bundled));
    assert_error(&error, ErrorKind::Tls, &["not trusted", "`ca_file`"]);
    assert!(server.requests().is_empty());
}

#[test]
fn a_certificate_for_another_name_names_the_host_that_was_asked() {
    let authority = TestAuthority::new();
    let server = Server::https_with(authority.server_config(&["other.example.test"]), grant);
    let error = token_error(config(server.url("/token")).ca_pem(authority.certificate_pem()));
    assert_error(&error, ErrorKind::Tls, &["certificate of localhost", "another name", "check the host"]);
    assert!(server.requests().is_empty());
}

#[test]
fn a_certificate_for_a_name_does_not_hold_for_its_address() {
    let authority = TestAuthority::new();
    let server = Server::https_with(authority.server_config(&["localhost"]), grant);
    let url = format!("https://127.0.0.1:{}/token", server.port());
    let error = token_error(config(url).ca_pem(authority.certificate_pem()));
    assert_error(&error, ErrorKind::Tls, &["certificate of 127.0.0.1", "another name"]);
}

#[test]
fn plain_http_spoken_to_a_tls_port_points_to_the_scheme() {
    let server = Server::https(grant);
    let error = token_error(config(format!("http://127.0.0.1:{}/token", server.port())));
    let port = format!("127.0.0.1:{}", server.port());
    assert_error(&error, ErrorKind::Response, &[&port, "not HTTP", "check the port and scheme"]);
    assert!(server.requests().is_empty());
}

#[test]
fn tls_spoken_to_a_plain_http_port_points_to_the_scheme() {
    let server = Port::new(|mut socket| {
        socket.read_exact(&mut [0; 5])?;
        socket.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")?;
        wait_for_end(&mut socket)
    });
    let error = token_error(config(format!("https://localhost:{}/token", server.number())));
    assert_error(&error, ErrorKind::Tls, &["localhost", "does not speak TLS", "check the port", "`https`"]);
}

#[test]
fn a_hang_up_during_the_tls_handshake_points_to_the_port() {
    let server = Port::new(|mut socket| socket.read_exact(&mut [0; 5]));
    let error = token_error(config(format!("https://localhost:{}/token", server.number())));
    assert!(matches!(error.kind(), ErrorKind::Tls | ErrorKind::Network), "{error}");
    assert_error(&error, error.kind(), &["localhost", "check"]);
}

#[test]
fn a_demand_for_a_client_certificate_names_the_options_for_one() {
    let authority = TestAuthority::new();
    let server = Server::https_with(authority.server_config_demanding_client(&["localhost"]), grant);
    let error = token_error(config(server.url("/token")).ca_pem(authority.certificate_pem()));
    assert_error(
        &error,
        ErrorKind::Tls,
        &["localhost", "demands a client certificate", "`tls_cert_file`", "`tls_key_file`"],
    );
    assert!(server.requests().is_empty());
}

#[test]
fn a_client_certificate_takes_the_place_of_a_secret() {
    let authority = TestAuthority::new();
    let server = Server::https_with(authority.server_config_demanding_client(&["localhost"]), grant);
    let (certificate, key) = authority.client_certificate(CLIENT_ID);
    let config = authenticated_by_certificate(server.url("/token")).ca_pem(authority.certificate_pem());
    let client = Client::new(config.tls_cert_pem(certificate).tls_key_pem(key)).expect("the options are good");
    assert_is_the_token(client.token());
    let [request] = &server.requests()[..] else { panic!("there must be one request") };
    assert_eq!(request.form_value("client_id").as_deref(), Some(CLIENT_ID));
    assert_eq!(request.form_value("client_secret"), None);
    assert_eq!(request.header("authorization"), None);
}

#[test]
fn a_client_certificate_that_the_server_does_not_trust_is_told() {
    let authority = TestAuthority::new();
    let server = Server::https_with(authority.server_config_demanding_client(&["localhost"]), grant);
    let (certificate, key) = TestAuthority::new().client_certificate(CLIENT_ID);
    let config = authenticated_by_certificate(server.url("/token")).ca_pem(authority.certificate_pem());
    let error = token_error(config.tls_cert_pem(certificate).tls_key_pem(key));
    assert_error(&error, ErrorKind::Tls, &["localhost", "client certificate", "`tls_cert_file`"]);
}

#[test]
fn a_server_that_never_answers_ends_with_the_time_limit() {
    let gate = Gate::new();
    let server = Server::http(move |_| Reply::gated(&gate, Reply::empty(500)));
    let error = error_in_time(config(server.url("/token")).timeout(SHORT));
    assert_error(&error, ErrorKind::Timeout, &["127.0.0.1", "in time", "`timeout`"]);
}

#[test]
fn the_time_limit_holds_with_every_retry() {
    let gate = Gate::new();
    let server = Server::http(move |_| Reply::gated(&gate, Reply::empty(500)));
    let error = error_in_time(config(server.url("/token")).timeout(SHORT).max_retries(1_000));
    assert_error(&error, ErrorKind::Timeout, &["`timeout`"]);
}

#[test]
fn a_tls_server_that_never_shakes_hands_ends_with_the_time_limit() {
    let server = Port::new(|mut socket| wait_for_end(&mut socket));
    let error = error_in_time(config(format!("https://localhost:{}/token", server.number())).timeout(SHORT));
    assert_error(&error, ErrorKind::Timeout, &["localhost", "`timeout`"]);
}

#[test]
fn a_tls_server_that_never_shakes_hands_ends_with_the_limit_for_connecting() {
    let server = Port::new(|mut socket| wait_for_end(&mut socket));
    let error = error_in_time(
        config(format!("https://localhost:{}/token", server.number())).connect_timeout(SHORT).max_retries(0),
    );
    assert_error(&error, ErrorKind::Timeout, &["localhost", "`connect_timeout`"]);
}

/// Writes these bytes and then one of `drip` after another, slower than the limit allows, until the client is gone.
fn dripping(start: &'static str, drip: u8) -> Port {
    Port::new(move |mut socket| {
        read_head(&mut socket)?;
        socket.write_all(start.as_bytes())?;
        socket.set_read_timeout(Some(Duration::from_millis(20)))?;
        for _ in 0..3_000 {
            socket.write_all(&[drip])?;
            // Waits for the client to go as long as for the next byte.
            match socket.read(&mut [0; 1024]) {
                Ok(0) => return Ok(()),
                Err(error) if !matches!(error.kind(), IoErrorKind::WouldBlock | IoErrorKind::TimedOut) => return Ok(()),
                _ => {}
            }
        }
        Ok(())
    })
}

#[test]
fn a_header_that_trickles_in_ends_with_the_time_limit() {
    let server = dripping("HTTP/1.1 200 OK\r\nX-Padding: ", b'x');
    let error = error_in_time(config(server.url("http")).timeout(SHORT));
    assert_error(&error, ErrorKind::Timeout, &["127.0.0.1", "`timeout`"]);
}

#[test]
fn a_body_that_trickles_in_ends_with_the_time_limit() {
    let server = dripping("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b' ');
    let error = error_in_time(config(server.url("http")).timeout(SHORT));
    assert_error(&error, ErrorKind::Timeout, &["127.0.0.1", "`timeout`"]);
}

#[test]
fn a_refused_connection_names_host_and_port() {
    let port = Port::closed();
    let error = token_error(config(format!("http://127.0.0.1:{port}/token")));
    let address = format!("127.0.0.1:{port}");
    assert_error(&error, ErrorKind::Network, &["no connection", &address, "check host and port", "proxy"]);
}

#[test]
fn a_host_name_without_an_address_points_to_the_spelling() {
    let error = token_error(config("https://does-not-exist.invalid/token").timeout(SHORT));
    assert_error(&error, ErrorKind::Network, &["does-not-exist.invalid", "no address", "spelling", "DNS"]);
}
