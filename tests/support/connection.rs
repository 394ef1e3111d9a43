use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection};

use super::gate::Gates;
use super::journal::Journal;
use super::{Reply, Request};

/// What every connection of a server shares.
pub struct Service {
    pub journal: Journal,
    pub gates: Gates,
    handler: Box<dyn Fn(&Request) -> Reply + Send + Sync>,
}

impl Service {
    pub fn new(handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self { journal: Journal::default(), gates: Gates::default(), handler: Box::new(handler) }
    }
}

/// Takes one request from a new connection, answers it and closes.
pub fn serve(mut socket: TcpStream, tls: Option<Arc<ServerConfig>>, service: &Service) -> io::Result<()> {
    socket.set_read_timeout(Some(Duration::from_secs(30)))?;
    socket.set_write_timeout(Some(Duration::from_secs(30)))?;
    let served = match tls {
        None => converse(&mut socket, service),
        Some(tls) => converse_over_tls(&mut socket, tls, service),
    };
    close(&mut socket)?;
    served
}

fn converse_over_tls(socket: &mut TcpStream, tls: Arc<ServerConfig>, service: &Service) -> io::Result<()> {
    let mut session = ServerConnection::new(tls).map_err(io::Error::other)?;
    let mut stream = rustls::Stream::new(&mut session, socket);
    converse(&mut stream, service)?;
    stream.conn.send_close_notify();
    stream.flush()
}

fn converse(stream: &mut (impl Read + Write), service: &Service) -> io::Result<()> {
    let request = Request::read(stream)?;
    service.journal.record(request.clone());
    let reply = (service.handler)(&request);
    reply.send(stream, &service.gates)
}

/// Closes so that the client can read to the end: closing over unread bytes resets the connection,
/// and a reset may overtake the answer, or the TLS alert that says what was wrong.
fn close(socket: &mut TcpStream) -> io::Result<()> {
    socket.shutdown(Shutdown::Write)?;
    socket.set_read_timeout(Some(Duration::from_secs(1)))?;
    io::copy(&mut socket.take(1 << 20), &mut io::sink())?;
    Ok(())
}
