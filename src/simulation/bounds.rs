//! How long a server must be left alone, and how long at most.

use std::time::Duration;

use crate::cache::Flight;
use crate::clock::Moment;
use crate::error::{Class, Error};

const SECOND: Duration = Duration::from_secs(1);

/// The longest pause that no server asked for.
const LONGEST: Duration = Duration::from_secs(60);

/// After a failed exchange.
pub(super) struct Silence {
    pub(super) after: Flight,
    start: Moment,
    /// The client's own pause, at its shortest.
    least: Duration,
    /// What the server asked for.
    asked_for: Duration,
    /// It holds up only those who have no more time than this.
    pub(super) longest_limit: Option<Duration>,
}

impl Silence {
    /// After the `failures`-th failure in a row, with a token that stays usable for `usable_for`. `is_doubtful` where
    /// an API refused that token, so that the client may have dropped it.
    pub(super) fn new(
        after: Flight,
        start: Moment,
        error: &Error,
        failures: u32,
        usable_for: Duration,
        is_doubtful: bool,
    ) -> Self {
        let nth = failures.clamp(1, 7) - 1;
        let least = if is_doubtful {
            SECOND / 2
        } else if !usable_for.is_zero() {
            (usable_for / 4).clamp(SECOND, 30 * SECOND).min(usable_for + SECOND)
        } else if error.class() == Class::Rejected {
            (5 * SECOND * 2u32.pow(nth)).min(LONGEST)
        } else {
            // Half of it is chance.
            (SECOND * 2u32.pow(nth)).min(LONGEST) / 2
        };
        let asked_for = error.retry_after().unwrap_or_default().min(300 * SECOND);
        Self { after, start, least, asked_for, longest_limit: None }
    }

    /// Whether a request may be made. Where a refused token was dropped meanwhile, only what the server asked for
    /// still counts.
    pub(super) fn is_kept(&self, now: Moment, is_epoch_same: bool) -> bool {
        let least = if is_epoch_same { self.least.max(self.asked_for) } else { self.asked_for };
        now.since(self.start) >= least
    }

    /// Whether callers may still be told of the failure, by the clock that always goes on.
    pub(super) fn may_last(&self, now: Moment) -> bool {
        now.monotonic.saturating_sub(self.start.monotonic) <= LONGEST.max(self.asked_for)
    }
}

/// The least age at which the next refused token may be dropped, after `drops` in a row.
pub(super) fn least_age_to_drop(drops: u32) -> Duration {
    match drops {
        0 => Duration::ZERO,
        _ => (SECOND * 2u32.pow(drops.min(7) - 1)).min(LONGEST),
    }
}

/// The requests that one exchange may make: one for each grant and secret that it has, and retries where there is no
/// token to go on with.
pub(super) fn most_requests(is_early: bool, has_refresh_token: bool, has_alternate: bool) -> u32 {
    let retries = if is_early { 0 } else { 2 };
    (1 + u32::from(has_refresh_token)) * (1 + u32::from(has_alternate)) + retries
}
