//! Ways to a server that lead nowhere, or break off.

use std::io::{self, ErrorKind as IoErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use oauth_token::{Client, ErrorKind};

use crate::black_hole::BlackHole;
use crate::checks::{Port, TOKEN, assert_error, assert_is_the_token, config, read_head, wait_for_end};
use crate::examination::{Peer, in_time};
use crate::support::{Gate, Reply, Server};
use crate::{SHORT, told};

#[test]
fn a_server_that_never_answers_ends_with_the_time_limit() {
    let gate = Gate::new();
    let server = Server::http(move |_| Reply::gated(&gate, Reply::empty(500)));
    let config = config(server.url("/token")).timeout(SHORT);
    told(&server, config, ErrorKind::Timeout, &["127.0.0.1", "in time", "`timeout`"]);
}

#[test]
fn the_time_limit_holds_with_every_retry() {
    let gate = Gate::new();
    let server = Server::http(move |_| Reply::gated(&gate, Reply::empty(500)));
    let config = config(server.url("/token")).timeout(SHORT).max_retries(1_000);
    let client = Client::new(config).expect("the options are good");
    let error = in_time(SHORT, move || client.token()).expect_err("there must be no token");
    assert_error(&error, ErrorKind::Timeout, &["`timeout`"]);
}

#[test]
fn a_tls_server_that_never_shakes_hands_ends_with_the_time_limit() {
    let server = Port::new(|mut socket| wait_for_end(&mut socket));
    let config = config(format!("https://localhost:{}/token", server.number())).timeout(SHORT);
    told(&server, config, ErrorKind::Timeout, &["localhost", "`timeout`"]);
}

#[test]
fn a_tls_server_that_never_shakes_hands_ends_with_the_limit_for_connecting() {
    let server = Port::new(|mut socket| wait_for_end(&mut socket));
    let config = config(format!("https://localhost:{}/token", server.number())).connect_timeout(SHORT);
    told(&server, config, ErrorKind::Timeout, &["localhost", "`connect_timeout`"]);
}

/// Writes these bytes and then one of `byte` after another, slower than the limit allows, until the client is gone.
fn dripping(start: &'static str, byte: u8) -> Port {
    Port::new(move |mut socket| {
        read_head(&mut socket)?;
        socket.write_all(start.as_bytes())?;
        drip(&mut socket, byte)
    })
}

pub(crate) fn drip(socket: &mut TcpStream, byte: u8) -> io::Result<()> {
    socket.set_read_timeout(Some(Duration::from_millis(20)))?;
    for _ in 0..3_000 {
        socket.write_all(&[byte])?;
        // Waits for the client to go as long as for the next byte.
        match socket.read(&mut [0; 1024]) {
            Ok(0) => return Ok(()),
            Err(error) if !matches!(error.kind(), IoErrorKind::WouldBlock | IoErrorKind::TimedOut) => return Ok(()),
            _ => {}
        }
    }
    Ok(())
}

#[test]
fn a_header_that_trickles_in_ends_with_the_time_limit() {
    let server = dripping("HTTP/1.1 200 OK\r\nX-Padding: ", b'x');
    told(&server, config(server.url("http")).timeout(SHORT), ErrorKind::Timeout, &["127.0.0.1", "`timeout`"]);
}

#[test]
fn a_body_that_trickles_in_ends_with_the_time_limit() {
    let server = dripping("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b' ');
    told(&server, config(server.url("http")).timeout(SHORT), ErrorKind::Timeout, &["127.0.0.1", "`timeout`"]);
}

#[test]
fn a_port_that_refuses_is_named_with_its_host() {
    let port = Port::closed();
    let address = format!("127.0.0.1:{port}");
    let config = config(format!("http://{address}/token"));
    told(
        &port,
        config,
        ErrorKind::Network,
        &["no connection", &address, "check host and port: is the server running there?"],
    );
}

#[test]
fn a_port_that_refuses_over_ipv6_is_named_with_its_host() {
    let port = Port::closed();
    let config = config(format!("http://[::1]:{port}/token"));
    told(&port, config, ErrorKind::Network, &["no connection", &format!("::1:{port}"), "check host and port"]);
}

#[test]
fn a_host_name_without_an_address_points_to_the_spelling() {
    // No label may be longer than 63 letters, so that no name server is asked.
    let host = format!("{}.invalid", "x".repeat(64));
    told(&443, config(format!("https://{host}/token")), ErrorKind::Network, &[&host, "no address", "spelling", "DNS"]);
}

#[test]
fn an_address_that_swallows_everything_ends_with_the_limit_for_connecting() {
    let hole = BlackHole::new();
    let config = config(format!("http://127.0.0.1:{}/token", hole.port())).connect_timeout(SHORT);
    told(
        &hole,
        config,
        ErrorKind::Timeout,
        &["no connection to 127.0.0.1", "`connect_timeout`", "is the server running"],
    );
}

#[test]
fn a_reset_before_the_answer_says_that_it_ended() {
    let server = resetting_after("");
    told(&server, config(server.url("http")), ErrorKind::Network, &["127.0.0.1", "ended before the answer did"]);
}

#[test]
fn a_reset_within_the_header_says_that_it_ended() {
    let server = resetting_after("HTTP/1.1 200 OK\r\nContent-Le");
    told(&server, config(server.url("http")), ErrorKind::Network, &["127.0.0.1", "ended before the answer did"]);
}

#[test]
fn a_reset_within_the_body_says_that_it_ended() {
    let server = resetting_after("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"access_token\":");
    told(&server, config(server.url("http")), ErrorKind::Network, &["127.0.0.1", "ended before the answer did"]);
}

#[test]
fn a_reset_is_not_the_end_of_an_answer_without_a_length() {
    let server = resetting_after(&format!("HTTP/1.1 200 OK\r\n\r\n{{\"access_token\":\"{TOKEN}\"}}"));
    told(&server, config(server.url("http")), ErrorKind::Network, &["127.0.0.1", "ended before the answer did"]);
}

#[test]
fn a_reset_after_the_answer_takes_nothing_from_it() {
    let body = format!("{{\"access_token\":\"{TOKEN}\"}}");
    let server = resetting_after(&format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
    let client = Client::new(config(server.url("http")).max_retries(0)).expect("the options are good");
    assert_is_the_token(client.token());
}

#[test]
fn a_hang_up_without_an_answer_names_host_and_port() {
    let server = Server::http(|_| Reply::hang_up());
    let port = format!("127.0.0.1:{}", server.port());
    told(&server, config(server.url("/token")), ErrorKind::Network, &[&port, "ended before the answer did"]);
}

/// Answers with these bytes and resets the connection: closing over unread bytes does that.
fn resetting_after(answer: &str) -> Port {
    let answer = answer.to_owned();
    Port::new(move |mut socket| {
        read_head(&mut socket)?;
        // The body has come, and stays where it is.
        socket.peek(&mut [0])?;
        socket.write_all(answer.as_bytes())
    })
}
