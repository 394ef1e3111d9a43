//! A bound for everything that happens on a connection.

use std::fmt;
use std::time::Instant;

use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport, time};

/// Wraps connections so that nothing on them lasts longer than the request may: a proxy that answers a byte at a time is
/// given the whole limit anew for each of them otherwise.
#[derive(Debug)]
pub(super) struct DeadlineConnector {
    deadline: Instant,
}

impl DeadlineConnector {
    pub(super) fn in_time(limit: std::time::Duration) -> Self {
        let now = Instant::now();
        Self { deadline: now.checked_add(limit).unwrap_or(now) }
    }
}

impl<In: Transport> Connector<In> for DeadlineConnector {
    type Out = Deadlined<In>;

    fn connect(&self, _: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        Ok(chained.map(|inner| Deadlined { inner, deadline: self.deadline }))
    }
}

/// A connection with an end.
pub(super) struct Deadlined<T> {
    inner: T,
    deadline: Instant,
}

impl<T> Deadlined<T> {
    fn capped(&self, mut timeout: NextTimeout) -> Result<NextTimeout, ureq::Error> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ureq::Error::Timeout(timeout.reason));
        }
        timeout.after = timeout.after.min(time::Duration::Exact(left));
        Ok(timeout)
    }
}

impl<T: Transport> Transport for Deadlined<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let timeout = self.capped(timeout)?;
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let timeout = self.capped(timeout)?;
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

impl<T> fmt::Debug for Deadlined<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Deadlined")
    }
}
