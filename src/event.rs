//! What a client tells about its work: events as they happen, and their counts.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Error;

/// Something that happened in a client. Neither it nor its [`Display`](fmt::Display), a line for a log, holds a secret or a
/// token.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Event<'a> {
    /// Which client speaks: its `client_id`, or where there is none the URL that it asks. A client that was derived from
    /// another has a number behind it, counted among all that come from the same, and the options that were set for it:
    /// `my-service #2, scope=write`. Values are shown of `scope`, `audience`, `resource`, `grant_type` and URLs alone.
    pub client: &'a str,
    /// What happened.
    pub kind: EventKind<'a>,
}

/// What may happen in a client.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum EventKind<'a> {
    /// A caller began to ask the server; `is_early` where there is a usable token to go on with.
    Started {
        /// Whether the token in hand is still usable.
        is_early: bool,
    },
    /// The server granted a token.
    Succeeded {
        /// How long the token lives from the moment before it was asked for.
        lifetime: Duration,
        /// How many requests it took.
        attempts: u32,
    },
    /// The lifetime of the token just granted is assumed, because none could be read where the options say; told once of
    /// each client. Who sets `default_expires_in` and neither `expires_path` nor `expires_format` expects that.
    LifetimeAssumed {
        /// The lifetime assumed.
        lifetime: Duration,
        /// What is missing, and what there is instead: names of members, never values.
        reason: &'a str,
    },
    /// The server granted none.
    Failed {
        /// Whether the token in hand was usable when the exchange began.
        is_early: bool,
        /// Why.
        error: &'a Error,
        /// How many requests were made.
        attempts: u32,
        /// How long until the next attempt, if the client will wait at all.
        next_attempt: Option<Duration>,
    },
    /// A caller got the token in hand although it is due, because somebody else is renewing it or renewing paused.
    ServedWhileDue,
    /// A caller waited for another's request.
    Waited {
        /// How long.
        duration: Duration,
    },
    /// A caller got an earlier failure again, without a request.
    Throttled {
        /// How long until the next attempt.
        next_attempt: Duration,
    },
    /// An API refused the token in hand, says the host.
    Invalidated {
        /// Whether it was dropped now; otherwise it stays for a while, because the one before it was refused too.
        is_dropped: bool,
    },
}

/// Receives events, on the thread on which they happen, without any lock held.
pub(crate) type Observer = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

/// Counts since a client was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statistics {
    /// Tokens handed out.
    pub handed_out: u64,
    /// Of these, tokens that were due at the time.
    pub served_while_due: u64,
    /// Exchanges begun.
    pub exchanges: u64,
    /// Requests sent, retries included.
    pub requests: u64,
    /// Exchanges that brought a token.
    pub succeeded: u64,
    /// Exchanges that brought none.
    pub failed: u64,
    /// Callers that waited for another's request.
    pub waited: u64,
    /// Callers that got an earlier failure again.
    pub throttled: u64,
    /// Tokens dropped because an API refused them.
    pub invalidated: u64,
}

impl fmt::Display for Event<'_> {
    /// One line for a log, which begins with the client: `[my-service] requesting a token`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "[{}] {}", self.client, self.kind)
    }
}

impl fmt::Display for EventKind<'_> {
    /// The same without the client.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EventKind::Started { is_early: true } => formatter.write_str("renewing the token"),
            EventKind::Started { is_early: false } => formatter.write_str("requesting a token"),
            EventKind::Succeeded { lifetime, attempts } => {
                write!(formatter, "got a token for {} s by {}", lifetime.as_secs(), requests(*attempts))
            }
            EventKind::Failed { error, attempts, next_attempt, .. } => {
                write!(formatter, "got no token by {}: {error}", requests(*attempts))?;
                match next_attempt {
                    Some(wait) => write!(formatter, "; next attempt in {:.1} s", wait.as_secs_f64()),
                    None => Ok(()),
                }
            }
            EventKind::ServedWhileDue => formatter.write_str("handed out a token that is due"),
            EventKind::Waited { duration } => {
                write!(formatter, "waited {:.3} s for another caller's request", duration.as_secs_f64())
            }
            EventKind::Throttled { next_attempt } => {
                write!(formatter, "repeated an earlier failure; next attempt in {:.1} s", next_attempt.as_secs_f64())
            }
            EventKind::LifetimeAssumed { lifetime, reason } => write!(
                formatter,
                "the token's lifetime is assumed to be {} s (option `default_expires_in`): {reason}",
                lifetime.as_secs()
            ),
            EventKind::Invalidated { is_dropped: true } => {
                formatter.write_str("an API refused the token; the next call fetches another")
            }
            EventKind::Invalidated { is_dropped: false } => formatter.write_str(
                "an API refused the token, as it did the one before; it stays in use for a while to spare the server; the \
                 API seems to refuse every token: check scope and audience",
            ),
        }
    }
}

fn requests(count: u32) -> String {
    if count == 1 { "1 request".into() } else { format!("{count} requests") }
}
