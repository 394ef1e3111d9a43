//! Bounds for everything that happens on a connection.

use std::fmt;
use std::io;
use std::time::{Duration, Instant};

use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport, time};

use super::{Request, TransportError};

/// Wraps connections so that nothing on them lasts longer than the request may, and that they bring no more than an answer
/// can be. A proxy that answers a byte at a time is given the whole limit anew for each of them otherwise, and interim
/// answers and trailers without end are read without end.
#[derive(Debug)]
pub(super) struct BoundsConnector {
    deadline: Instant,
    max_response_bytes: usize,
}

impl BoundsConnector {
    pub(super) fn of(request: &Request) -> Self {
        let now = Instant::now();
        let deadline = now.checked_add(request.timeout).unwrap_or(now);
        Self { deadline, max_response_bytes: request.max_response_bytes }
    }
}

impl<In: Transport> Connector<In> for BoundsConnector {
    type Out = Bounded<In>;

    fn connect(&self, _: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        Ok(chained.map(|inner| Bounded {
            inner,
            deadline: self.deadline,
            max_response_bytes: self.max_response_bytes,
            left: self.max_response_bytes.saturating_mul(OVERHEAD).saturating_add(BESIDE_BODY),
        }))
    }
}

/// How many bytes a server may spend on one byte of the body, by small chunks in small records.
const OVERHEAD: usize = 8;
/// Handshake and header; a small body may be spread even thinner.
const BESIDE_BODY: usize = 256 << 10;

/// A connection with an end.
pub(super) struct Bounded<T> {
    inner: T,
    deadline: Instant,
    max_response_bytes: usize,
    /// How many bytes it may still bring.
    left: usize,
}

impl<T> Bounded<T> {
    fn capped(&self, mut timeout: NextTimeout) -> Result<NextTimeout, ureq::Error> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ureq::Error::Timeout(timeout.reason));
        }
        timeout.after = rounded(timeout.after.min(time::Duration::Exact(left)));
        Ok(timeout)
    }
}

/// Rounded up where it is long, so that the socket need not be told another limit each time it is used, which is a system
/// call.
fn rounded(limit: time::Duration) -> time::Duration {
    const LONG: Duration = Duration::from_secs(1);
    const STEP: Duration = Duration::from_millis(20);
    match limit {
        time::Duration::Exact(exact) if exact > LONG => {
            let steps = exact.as_nanos().div_ceil(STEP.as_nanos());
            time::Duration::Exact(STEP.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX)))
        }
        _ => limit,
    }
}

/// How long one read may wait. Windows does not wake who reads from a connection that is shut down meanwhile, as it is by a
/// cancellation: the next read sees it. Microsoft does not vouch for what arrives in the very moment in which a read gives
/// up, so they are few.
const LONGEST_READ: Duration = if cfg!(windows) { Duration::from_millis(250) } else { Duration::MAX };

impl<T: Transport> Bounded<T> {
    /// Waits for input by one read after another.
    fn await_in_turns(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        if *timeout.after <= LONGEST_READ {
            return self.inner.await_input(timeout);
        }
        let start = Instant::now();
        loop {
            let left = timeout.after.saturating_sub(start.elapsed());
            let turn = left.min(LONGEST_READ);
            let turn_begun = Instant::now();
            let outcome = self.inner.await_input(NextTimeout { after: time::Duration::Exact(turn), ..timeout });
            // What comes at once is no turn that is over, but the connection's own end.
            let is_over = turn == left || turn_begun.elapsed() < turn / 2;
            if is_over || !matches!(outcome, Err(ureq::Error::Timeout(_))) {
                return outcome;
            }
        }
    }
}

impl<T: Transport> Transport for Bounded<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let timeout = self.capped(timeout)?;
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let timeout = self.capped(timeout)?;
        let before = self.inner.buffers().input().len();
        let outcome = self.await_in_turns(timeout).map_err(|error| match error {
            ureq::Error::Io(error) => ureq::Error::Io(as_cut_off(error)),
            other => other,
        });
        let brought = self.inner.buffers().input().len().saturating_sub(before);
        match self.left.checked_sub(brought) {
            Some(left) => self.left = left,
            None => return Err(ureq::Error::Other(Box::new(TransportError::too_large(self.max_response_bytes)))),
        }
        outcome
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

impl<T> fmt::Debug for Bounded<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Bounded")
    }
}

/// The same error, of a kind that ureq does not take for the end of an answer without a length: anybody on the way can
/// reset a connection, or end it below TLS, and so cut an answer off (RFC 9112 §8, §9.8).
pub(super) fn as_cut_off(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset => {
            io::Error::other(error)
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_limit_is_rounded_up_by_less_than_a_step_and_a_short_one_is_not() {
        let rounded = |milliseconds: u64| rounded(time::Duration::from_millis(milliseconds));
        for short in [0, 1, 999, 1_000] {
            assert_eq!(rounded(short), time::Duration::from_millis(short));
        }
        assert_eq!(rounded(29_981), rounded(30_000));
        assert_eq!(rounded(30_000), time::Duration::from_millis(30_000));
        assert_eq!(super::rounded(time::Duration::NotHappening), time::Duration::NotHappening);
        let ages = time::Duration::Exact(Duration::MAX);
        assert!(super::rounded(ages) > time::Duration::Exact(Duration::from_secs(60 * 60 * 24 * 365)));
    }
}
