//! An address that swallows everything sent to it.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::examination::Peer;

/// A loopback port that answers no new connection, neither with yes nor with no: its queue is full, and nobody takes
/// anything out of it.
pub(crate) struct BlackHole {
    listener: TcpListener,
    queue: Vec<TcpStream>,
}

impl BlackHole {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("no loopback port");
        let address = listener.local_addr().expect("no local address");
        let connect = || TcpStream::connect_timeout(&address, Duration::from_millis(200)).ok();
        // Queues hold 128 connections on most systems, and 4096 on the most generous.
        let queue: Vec<TcpStream> = std::iter::from_fn(connect).take(5_000).collect();
        assert!(queue.len() < 5_000, "the queue has no end");
        Self { listener, queue }
    }
}

impl Peer for BlackHole {
    fn port(&self) -> u16 {
        self.listener.local_addr().as_ref().map_or(0, SocketAddr::port)
    }

    fn other_connections(&self) -> usize {
        self.queue.len()
    }
}
