//! The last link of a connection: TLS where the URL wants it, and a note that the request may now be sent.

use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::pki_types::ServerName;
use rustls::{ClientConnection, StreamOwned};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport, TransportAdapter,
};

use super::bounds::as_cut_off;
use super::buffers::GrowingBuffers;
use super::http::LONGEST_INPUT;
use super::tls::Tls;
use super::{TransportError, TransportErrorKind};

/// Wraps connections in TLS with a configuration that all requests of a client share.
pub(super) struct TlsConnector {
    pub(super) tls: Arc<Tls>,
    /// Where the request goes, to tell its connection from the one to a proxy.
    pub(super) target: ureq::http::Uri,
    /// Set once the server may see the request.
    pub(super) is_connected: Arc<AtomicBool>,
}

impl<In: Transport> Connector<In> for TlsConnector {
    type Out = Either<In, TlsTransport>;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        let Some(transport) = chained else {
            return Ok(None);
        };
        let connected = if details.needs_tls() && !transport.is_tls() {
            Either::B(self.shake_hands(details, transport)?)
        } else {
            Either::A(transport)
        };
        if *details.uri == self.target {
            self.is_connected.store(true, Ordering::Relaxed);
        }
        Ok(Some(connected))
    }
}

impl TlsConnector {
    fn shake_hands(&self, details: &ConnectionDetails, transport: impl Transport) -> Result<TlsTransport, ureq::Error> {
        let host = details.uri.host().unwrap_or_default();
        let failed =
            |reason: String| ureq::Error::Other(Box::new(TransportError::new(TransportErrorKind::Tls, reason, false)));
        let config = self.tls.config().map_err(failed)?;
        let name = ServerName::try_from(host.trim_start_matches('[').trim_end_matches(']').to_owned())
            .map_err(|_| failed(format!("{host} is not a name that a certificate can hold")))?;
        let mut connection =
            ClientConnection::new(config, name).map_err(|error| failed(self.tls.explain(host, &error)))?;
        let boxed: Box<dyn Transport> = Box::new(transport);
        let mut socket = TransportAdapter::new(boxed, Arc::clone(&details.current_time));
        socket.set_timeout(details.timeout);
        connection.complete_io(&mut socket).map_err(|error| match rustls_error(&error) {
            Some(reason) => failed(self.tls.explain(host, reason)),
            None if error.kind() == io::ErrorKind::UnexpectedEof => failed(format!(
                "{host} closed the connection during the TLS handshake; check the port, and that the URL should be \
                 `https`"
            )),
            None => ureq::Error::from(error),
        })?;
        let buffers = GrowingBuffers::new(LONGEST_INPUT, details.config.output_buffer_size());
        Ok(TlsTransport { buffers, stream: StreamOwned::new(connection, socket) })
    }
}

/// The TLS error inside an I/O error.
pub(super) fn rustls_error(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

impl fmt::Debug for TlsConnector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TlsConnector")
    }
}

/// A connection inside TLS.
pub(super) struct TlsTransport {
    buffers: GrowingBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl Transport for TlsTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.stream.sock.set_timeout(timeout);
        let output = self.buffers.output();
        let output = output.get(..amount).unwrap_or_default();
        self.stream.write_all(output)?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.stream.sock.set_timeout(timeout);
        let amount = self.stream.read(self.buffers.input_append_buf()).map_err(as_cut_off)?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        // Only a pool asks, and there is none.
        false
    }

    fn is_tls(&self) -> bool {
        true
    }
}

impl fmt::Debug for TlsTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TlsTransport")
    }
}
