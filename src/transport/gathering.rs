//! What is written before an answer is awaited goes out in one piece.

use std::fmt;

use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport};

use crate::secret::SecretBuffer;

/// Wraps connections so that they send when something is awaited from the server, and no sooner. Header and body are written
/// one after the other, and each would be a packet, and a TLS record, that wakes the server.
#[derive(Debug)]
pub(super) struct GatheringConnector {
    /// Where the request goes. A connection to a proxy carries the one to the target, which gathers by itself.
    pub(super) target: ureq::http::Uri,
}

impl<In: Transport> Connector<In> for GatheringConnector {
    type Out = Either<Gathering<In>, In>;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        Ok(chained.map(|inner| match *details.uri == self.target {
            true => Either::A(Gathering { inner, written: SecretBuffer::default() }),
            false => Either::B(inner),
        }))
    }
}

/// As much as a TLS record holds; what is more is sent at once.
const ONE_PIECE: usize = 16 << 10;

/// A connection that sends what was written when it must.
pub(super) struct Gathering<T> {
    inner: T,
    written: SecretBuffer,
}

impl<T: Transport> Gathering<T> {
    fn send_written(&mut self, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let written = std::mem::take(&mut self.written);
        let mut rest = written.as_bytes();
        while !rest.is_empty() {
            let output = self.inner.buffers().output();
            let (piece, later) = rest.split_at(rest.len().min(output.len()));
            output.iter_mut().zip(piece).for_each(|(place, byte)| *place = *byte);
            self.inner.transmit_output(piece.len(), timeout)?;
            rest = later;
        }
        Ok(())
    }
}

impl<T: Transport> Transport for Gathering<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        if amount > ONE_PIECE && self.written.is_empty() {
            return self.inner.transmit_output(amount, timeout);
        }
        let output = self.inner.buffers().output();
        self.written.push(output.get(..amount).unwrap_or_default());
        if self.written.len() > ONE_PIECE {
            self.send_written(timeout)?;
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.send_written(timeout)?;
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

impl<T> fmt::Debug for Gathering<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Gathering")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ureq::unversioned::transport::LazyBuffers;

    /// Notes what is sent, in the pieces that it is sent in, and when something is awaited.
    struct Noting {
        buffers: LazyBuffers,
        notes: Vec<Vec<u8>>,
    }

    impl Transport for Noting {
        fn buffers(&mut self) -> &mut dyn Buffers {
            &mut self.buffers
        }

        fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), ureq::Error> {
            let piece = self.buffers.output().get(..amount).unwrap_or_default().to_vec();
            self.notes.push(piece);
            Ok(())
        }

        fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
            self.notes.push(b"awaited".to_vec());
            Ok(true)
        }

        fn is_open(&mut self) -> bool {
            true
        }
    }

    impl fmt::Debug for Noting {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("Noting")
        }
    }

    fn gathering() -> Gathering<Noting> {
        let buffers = LazyBuffers::new(16, 3 << 10);
        Gathering { inner: Noting { buffers, notes: Vec::new() }, written: SecretBuffer::default() }
    }

    fn write(connection: &mut Gathering<Noting>, bytes: &[u8]) {
        let output = connection.buffers().output();
        output.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
        connection.transmit_output(bytes.len(), NextTimeout::default()).expect("it is noted");
    }

    #[test]
    fn what_is_written_is_sent_in_one_piece_when_an_answer_is_awaited() {
        let mut connection = gathering();
        write(&mut connection, b"header ");
        write(&mut connection, b"body");
        assert!(connection.inner.notes.is_empty());
        connection.await_input(NextTimeout::default()).expect("it is noted");
        connection.await_input(NextTimeout::default()).expect("it is noted");
        assert_eq!(connection.inner.notes, [b"header body".as_slice(), b"awaited", b"awaited"]);
    }

    #[test]
    fn what_is_long_is_sent_in_order_and_not_held_back() {
        let mut connection = gathering();
        let bytes: Vec<u8> = (0..20_000_u32).map(|number| number as u8 ^ (number >> 8) as u8).collect();
        for piece in bytes.chunks(3_000) {
            write(&mut connection, piece);
            assert!(connection.written.len() <= ONE_PIECE);
        }
        connection.await_input(NextTimeout::default()).expect("it is noted");
        assert_eq!(connection.inner.notes.pop().as_deref(), Some(b"awaited".as_slice()));
        assert_eq!(connection.inner.notes.concat(), bytes);
    }
}
