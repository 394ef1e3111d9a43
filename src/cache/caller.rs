//! Who asks for a token, and what is decided.

use std::time::Duration;

use crate::error::Error;
use crate::sync::ThreadMark;
use crate::token::Token;

use super::flight::{Flight, FlightId};

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller {
    pub(crate) purpose: Purpose,
    /// The flight that this caller has led or waited for.
    pub(crate) witnessed: Option<FlightId>,
    /// How much time it has; with none it neither leads nor waits.
    pub(crate) remaining: Duration,
    pub(crate) thread: ThreadMark,
}

/// What for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To use a token now.
    Token,
    /// To renew it if that is due.
    Renewal,
}

/// What a caller is to do.
pub(crate) enum Decision {
    /// Return this token.
    HandOut { token: Token, is_due: bool },
    /// Run the exchange, settle, and ask again.
    Lead(Flight),
    /// Wait until this flight is settled, say so, and ask again.
    Wait(FlightId),
    /// Return this error.
    Refuse(Error),
    /// There is nothing to renew now.
    Idle,
}
