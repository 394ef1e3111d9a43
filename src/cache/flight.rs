//! Exchanges under way, and how they end.

use std::time::Duration;

use crate::error::Error;
use crate::sync::ThreadMark;
use crate::token::Token;

/// An exchange in progress; who holds it must settle it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Flight {
    pub(crate) id: FlightId,
    /// A usable token is there; this one only comes early.
    pub(crate) is_early: bool,
    pub(super) thread: ThreadMark,
    /// How much time its leader had.
    pub(crate) limit: Duration,
    /// Its leader took over from one that gave up.
    pub(super) is_taken_over: bool,
    pub(super) epoch: u64,
    pub(super) generation: u64,
}

#[cfg(test)]
impl Flight {
    pub(crate) fn is_taken_over(&self) -> bool {
        self.is_taken_over
    }
}

/// Names a flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FlightId(pub(super) u64);

/// A flight whose leader gave up for a reason of its own, until somebody takes over.
#[derive(Clone)]
pub(super) struct Handover {
    pub(super) of: Flight,
    pub(super) error: Error,
}

/// What an exchange brought.
pub(crate) enum Outcome {
    Granted(Granted),
    Failed(Error),
    /// The leader stopped for a reason of its own; nothing has been learnt about the server.
    Abandoned(Error),
}

/// A token, and when the server wants it renewed.
pub(crate) struct Granted {
    pub(crate) token: Token,
    pub(crate) refresh_in: Option<Duration>,
}
