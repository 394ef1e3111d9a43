//! A host name with several addresses: those that are dead are passed over.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::cancellation::Cancellation;
use crate::config::{HttpSettings, ProxyChoice};

use super::resolver::BlockingResolver;
use super::{HttpTransport, Request, Response, Transport, TransportError, TransportErrorKind};

/// What comes of a request to a host that has these addresses.
fn send_to(addresses: Vec<SocketAddr>) -> Result<Response, TransportError> {
    let mut settings = HttpSettings::default();
    settings.connect_timeout = Duration::from_millis(600);
    settings.proxy = ProxyChoice::None;
    let mut transport = HttpTransport::new(&settings, &[], None).unwrap();
    transport.resolver = BlockingResolver::asking(move |_, _| Ok(addresses.clone()));
    transport.send(&Request {
        method: "POST",
        url: "http://localhost/token".parse().unwrap(),
        headers: Vec::new(),
        body: None,
        timeout: Duration::from_secs(30),
        cancellation: Arc::new(Cancellation::default()),
        max_response_bytes: 1_000,
    })
}

fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// An address where one request is answered.
fn living() -> SocketAddr {
    let (listener, address) = listener();
    thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            socket.read_exact(&mut byte).unwrap();
            request.extend(byte);
        }
        socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").unwrap();
    });
    address
}

/// An address that refuses every connection.
fn refusing() -> SocketAddr {
    listener().1
}

/// An address that answers no connection as long as these are held: its queue is full.
fn silent() -> (SocketAddr, TcpListener, Vec<TcpStream>) {
    let (listener, address) = listener();
    let connect = || TcpStream::connect_timeout(&address, Duration::from_millis(200)).ok();
    let queue: Vec<TcpStream> = std::iter::from_fn(connect).take(5_000).collect();
    assert!(queue.len() < 5_000, "the queue has no end");
    (address, listener, queue)
}

#[test]
fn an_address_that_refuses_is_passed_over() {
    assert_eq!(send_to(vec![refusing(), refusing(), living()]).unwrap().status, 200);
}

#[test]
fn an_address_that_says_nothing_is_passed_over_in_time() {
    let (address, _listener, _queue) = silent();
    assert_eq!(send_to(vec![address, living()]).unwrap().status, 200);
}

#[test]
fn a_host_whose_addresses_are_all_dead_is_named() {
    let error = send_to(vec![refusing(), refusing()]).unwrap_err();
    assert_eq!((error.kind, error.sent), (TransportErrorKind::Connect, false));
    assert!(error.message.contains("localhost:80"), "{error}");
    let (address, _listener, _queue) = silent();
    let error = send_to(vec![address]).unwrap_err();
    assert_eq!((error.kind, error.sent), (TransportErrorKind::Timeout, false));
    assert!(error.message.contains("`connect_timeout`"), "{error}");
}

#[test]
fn an_address_beyond_this_machine_is_never_what_localhost_means() {
    // RFC 5737 §3 sets these aside for documentation.
    let elsewhere = SocketAddr::from(([192, 0, 2, 1], 80));
    let error = send_to(vec![elsewhere]).unwrap_err();
    assert_eq!(error.kind, TransportErrorKind::Resolve);
    assert_eq!(send_to(vec![elsewhere, living()]).unwrap().status, 200);
}
