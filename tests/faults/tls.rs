//! Servers that are not who they should be, or hardly speak TLS.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::sync::Arc;

use oauth_token::{Client, ClientAuth, Config, ErrorKind};
use rustls::ServerConnection;

use crate::checks::{CLIENT_ID, Port, TOKEN, assert_is_the_token, config, grant, read_request, wait_for_end};
use crate::routes::drip;
use crate::support::{Server, TemporaryDirectory, TestAuthority};
use crate::{SHORT, told};

fn trusting(server: &Server) -> Config {
    config(server.url("/token")).ca_pem(server.ca_pem())
}

fn authenticated_by_certificate(url: String) -> Config {
    Config::new().token_url(url).client_id(CLIENT_ID).client_auth(ClientAuth::TlsClientAuth)
}

fn at_localhost(port: &Port) -> Config {
    config(format!("https://localhost:{}/token", port.number()))
}

/// Reads the first record of a handshake, and not a byte more.
fn read_client_hello(socket: &mut impl Read) -> io::Result<()> {
    let mut header = [0; 5];
    socket.read_exact(&mut header)?;
    socket.read_exact(&mut vec![0; usize::from(u16::from_be_bytes([header[3], header[4]]))])
}

/// Answers a handshake with these bytes and closes.
pub(crate) fn answering_hello(answer: Vec<u8>) -> Port {
    Port::new(move |mut socket| {
        read_client_hello(&mut socket)?;
        socket.write_all(&answer)?;
        socket.shutdown(Shutdown::Write)?;
        wait_for_end(&mut socket)
    })
}

/// Speaks TLS as `localhost`, but ends the connection below it.
fn bidding_no_farewell(authority: &TestAuthority, answer: &str) -> Port {
    let (tls, answer) = (authority.server_config(&["localhost"]), answer.to_owned());
    Port::new(move |mut socket| {
        let mut session = ServerConnection::new(Arc::clone(&tls)).map_err(io::Error::other)?;
        let mut stream = rustls::Stream::new(&mut session, &mut socket);
        read_request(&mut stream)?;
        stream.write_all(answer.as_bytes())?;
        stream.flush()?;
        socket.shutdown(Shutdown::Write)?;
        wait_for_end(&mut socket)
    })
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
    told(
        &server,
        config(server.url("/token")).ca_pem(other_authority),
        ErrorKind::Tls,
        &[
            "token_url https://localhost",
            "authority",
            "not trusted",
            "`ca_pem` does not hold it",
            "leave the option out",
        ],
    );
    assert!(server.requests().is_empty());
}

#[test]
fn a_certificate_of_an_authority_that_only_has_the_right_name_names_ca_file() {
    let server = Server::https(grant);
    let renewed_authority = TestAuthority::new().certificate_pem();
    told(
        &server,
        config(server.url("/token")).ca_pem(renewed_authority),
        ErrorKind::Tls,
        &["certificate of localhost", "`ca_pem` does not hold it"],
    );
    assert!(server.requests().is_empty());
}

#[test]
fn the_authorities_of_the_public_web_do_not_vouch_for_a_test_server() {
    let server = Server::https(grant);
    told(
        &server,
        config(server.url("/token")).roots(oauth_token::Roots::Bundled),
        ErrorKind::Tls,
        &["not trusted", "`ca_file`"],
    );
    assert!(server.requests().is_empty());
}

#[test]
fn a_certificate_that_signed_itself_says_how_to_issue_one() {
    let authority = TestAuthority::new();
    let server = Server::https_with(authority.server_config_of_itself(), grant);
    let config = config(server.url("/token")).ca_pem(authority.certificate_pem());
    told(&server, config, ErrorKind::Tls, &["certificate of localhost", "an authority's own", "`ca_file`"]);
    assert!(server.requests().is_empty());
}

#[test]
fn a_certificate_that_signed_itself_and_is_no_authoritys_is_trusted_where_an_option_names_it() {
    let (served, pem) = TestAuthority::server_config_self_signed();
    let server = Server::https_with(served, grant);
    let config = || config(server.url("/token"));
    let other = TestAuthority::new().certificate_pem();
    told(&server, config().ca_pem(other), ErrorKind::Tls, &["of a certificate that signed itself, that one"]);
    assert_is_the_token(Client::new(config().ca_pem(pem)).expect("the options are good").token());
}

#[test]
fn the_file_that_does_not_hold_the_authority_is_named() {
    let server = Server::https(grant);
    let directory = TemporaryDirectory::new();
    let file = directory.write("other.pem", TestAuthority::new().certificate_pem());
    let option = format!("`ca_file` {} does not hold it", file.display());
    let config = config(server.url("/token")).ca_file(&file);
    told(
        &server,
        config,
        ErrorKind::Tls,
        &["certificate of localhost", &option, "put the certificate of the authority"],
    );
}

#[test]
fn a_certificate_that_has_expired_says_so_and_suspects_the_clock() {
    let authority = TestAuthority::new();
    let server = Server::https_with(authority.server_config_in(2000..2001, &["localhost"]), grant);
    let config = config(server.url("/token")).ca_pem(authority.certificate_pem());
    told(&server, config, ErrorKind::Tls, &["certificate of localhost", "has expired", "clock"]);
    assert!(server.requests().is_empty());
}

#[test]
fn a_certificate_that_is_not_valid_yet_says_so_and_suspects_the_clock() {
    let authority = TestAuthority::new();
    let server = Server::https_with(authority.server_config_in(4000..4001, &["localhost"]), grant);
    let config = config(server.url("/token")).ca_pem(authority.certificate_pem());
    told(&server, config, ErrorKind::Tls, &["certificate of localhost", "not valid yet", "clock"]);
    assert!(server.requests().is_empty());
}

#[test]
fn a_certificate_for_another_name_names_the_host_that_was_asked() {
    let authority = TestAuthority::new();
    let server = Server::https_with(authority.server_config(&["other.example.test"]), grant);
    told(
        &server,
        config(server.url("/token")).ca_pem(authority.certificate_pem()),
        ErrorKind::Tls,
        &["certificate of localhost", "another name (other.example.test);", "check the host"],
    );
    assert!(server.requests().is_empty());
}

#[test]
fn a_certificate_for_a_name_does_not_hold_for_its_address() {
    let authority = TestAuthority::new();
    let server = Server::https_with(authority.server_config(&["localhost"]), grant);
    let url = format!("https://127.0.0.1:{}/token", server.port());
    told(
        &server,
        config(url).ca_pem(authority.certificate_pem()),
        ErrorKind::Tls,
        &["certificate of 127.0.0.1", "another name (localhost);"],
    );
}

#[test]
fn plain_http_spoken_to_a_tls_port_points_to_the_scheme() {
    let server = Server::https(grant);
    let port = format!("127.0.0.1:{}", server.port());
    let config = config(format!("http://{port}/token"));
    told(&server, config, ErrorKind::Response, &[&port, "not HTTP", "check the port and scheme"]);
    assert!(server.requests().is_empty());
}

#[test]
fn a_server_that_answers_a_handshake_with_something_else_points_to_port_and_scheme() {
    let garbage: [&[u8]; 4] =
        [b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", b"SSH-2.0-OpenSSH_9.6\r\n", &[0; 64], &[0xFF; 64]];
    for answer in garbage {
        let server = answering_hello(answer.to_vec());
        told(
            &server,
            at_localhost(&server),
            ErrorKind::Tls,
            &["localhost", "does not speak TLS", "check the port", "`https`"],
        );
    }
}

#[test]
fn a_hang_up_during_the_handshake_points_to_port_and_scheme() {
    let server = answering_hello(Vec::new());
    told(&server, at_localhost(&server), ErrorKind::Tls, &["localhost", "closed", "handshake", "check the port"]);
}

#[test]
fn a_reset_during_the_handshake_names_host_and_port() {
    // Closing over unread bytes resets the connection.
    let server = Port::new(|socket| socket.peek(&mut [0]).map(drop));
    let port = format!("localhost:{}", server.number());
    told(&server, at_localhost(&server), ErrorKind::Network, &["no connection", &port, "check host and port"]);
}

#[test]
fn a_handshake_that_stalls_ends_with_the_limit_for_connecting() {
    let half_a_server_hello = [0x16, 3, 3, 0, 90, 2, 0, 0, 86, 3, 3];
    for answer in [Vec::new(), half_a_server_hello.to_vec()] {
        let server = Port::new(move |mut socket| {
            read_client_hello(&mut socket)?;
            socket.write_all(&answer)?;
            wait_for_end(&mut socket)
        });
        let config = at_localhost(&server).connect_timeout(SHORT);
        told(&server, config, ErrorKind::Timeout, &["localhost", "`connect_timeout`"]);
    }
}

#[test]
fn a_handshake_that_trickles_in_ends_with_the_limit() {
    let trickling = || {
        Port::new(|mut socket| {
            read_client_hello(&mut socket)?;
            // A record of 16 KiB, which would take hours.
            socket.write_all(&[0x16, 3, 3, 0x40, 0])?;
            drip(&mut socket, 2)
        })
    };
    let server = trickling();
    told(&server, at_localhost(&server).timeout(SHORT), ErrorKind::Timeout, &["localhost", "in time", "`timeout`"]);
    let server = trickling();
    let config = at_localhost(&server).connect_timeout(SHORT);
    told(&server, config, ErrorKind::Timeout, &["localhost", "in time", "`connect_timeout`"]);
}

#[test]
fn a_record_that_was_changed_on_the_way_is_told_as_such() {
    let garbage: [&[u8]; 2] = [
        b"HTTP/1.1 200 OK\r\n\r\n",
        &[
            0x17, 3, 3, 0, 32, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
            24, 25, 26, 27, 28, 29, 30, 31,
        ],
    ];
    for garbage in garbage {
        let authority = TestAuthority::new();
        let tls = authority.server_config(&["localhost"]);
        let server = Port::new(move |mut socket| {
            let mut session = ServerConnection::new(Arc::clone(&tls)).map_err(io::Error::other)?;
            read_request(&mut rustls::Stream::new(&mut session, &mut socket))?;
            socket.write_all(garbage)?;
            wait_for_end(&mut socket)
        });
        let port = format!("localhost:{}", server.number());
        let config = at_localhost(&server).ca_pem(authority.certificate_pem());
        told(&server, config, ErrorKind::Tls, &[&port, "broke after the handshake", "on the way"]);
    }
}

#[test]
fn an_answer_over_tls_that_ends_without_a_farewell_is_not_taken() {
    // Without a length, only the farewell (close_notify) tells the end from an attacker's cut.
    let authority = TestAuthority::new();
    let server = bidding_no_farewell(&authority, "HTTP/1.1 200 OK\r\n\r\n{\"access_token\":\"cut\"}");
    let config = at_localhost(&server).ca_pem(authority.certificate_pem());
    told(&server, config, ErrorKind::Network, &["ended before the answer did", "localhost"]);
}

#[test]
fn an_answer_of_known_length_needs_no_farewell() {
    let authority = TestAuthority::new();
    let body = format!("{{\"access_token\":\"{TOKEN}\"}}");
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let server = bidding_no_farewell(&authority, &answer);
    let config = at_localhost(&server).ca_pem(authority.certificate_pem());
    assert_is_the_token(Client::new(config).expect("the options are good").token());
}

#[test]
fn a_demand_for_a_client_certificate_names_the_options_for_one() {
    let authority = TestAuthority::new();
    let server = Server::https_with(authority.server_config_demanding_client(&["localhost"]), grant);
    told(
        &server,
        config(server.url("/token")).ca_pem(authority.certificate_pem()),
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
    told(
        &server,
        config.tls_cert_pem(certificate).tls_key_pem(key),
        ErrorKind::Tls,
        &["localhost", "client certificate", "`tls_cert_file`"],
    );
}
