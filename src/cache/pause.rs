//! How long a server is left alone after a failure.

use std::time::Duration;

use crate::clock::Moment;
use crate::error::{Class, Error};

/// After a failed exchange: until when nobody asks again, and what callers are told meanwhile.
#[derive(Clone)]
pub(super) struct Pause {
    start: Moment,
    length: Duration,
    /// What it comes down to when there is no usable token any more.
    least: Duration,
    /// It holds up only callers that have no more time than whoever gave up.
    longest_limit: Option<Duration>,
    pub(super) error: Error,
}

/// A failure as other clients learn of it that would be told the same.
#[derive(Clone)]
pub(crate) struct Refusal {
    pub(super) pause: Pause,
    /// How many there were in a row.
    pub(super) failures: u32,
}

impl Pause {
    pub(super) fn new(start: Moment, length: Duration, least: Duration, error: Error) -> Self {
        Self { start, length, least, longest_limit: None, error }
    }

    /// The same for callers who have no more time than `limit`: to others, that nothing came in that time says little.
    pub(super) fn for_limits_up_to(self, limit: Duration) -> Self {
        Self { longest_limit: Some(limit), ..self }
    }

    /// Whether it holds up a caller with so much time.
    pub(super) fn holds_for(&self, remaining: Duration) -> bool {
        self.longest_limit.is_none_or(|limit| remaining <= limit)
    }

    /// There is no usable token any more: what was put off because there was one is put off no longer.
    pub(super) fn hasten(&mut self) {
        self.length = self.least;
    }

    /// How much of it is left; `None` when it is over.
    pub(super) fn remaining(&self, now: Moment) -> Option<Duration> {
        let remaining = self.length.saturating_sub(now.since(self.start));
        (!remaining.is_zero()).then_some(remaining)
    }
}

/// The length of the pause after the `failures`-th failure in a row, when no token is usable.
///
/// `jitter` in `[0, 1)` keeps clients that failed together from coming back together.
pub(super) fn without_token(error: &Error, failures: u32, jitter: f64) -> Duration {
    const REJECTED: [u64; 5] = [5, 10, 20, 40, 60];
    let nth = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX);
    if error.class() == Class::Rejected {
        return Duration::from_secs(REJECTED.get(nth).copied().unwrap_or(60));
    }
    let full = Duration::from_secs(1u64.checked_shl(u32::try_from(nth).unwrap_or(u32::MAX)).unwrap_or(60).clamp(1, 60));
    full / 2 + (full / 2).mul_f64(jitter)
}

/// The length of the pause while a token stays usable for `usable_for`: it ends at the latest a second after that.
pub(super) fn with_token(usable_for: Duration) -> Duration {
    (usable_for / 4)
        .clamp(Duration::from_secs(1), Duration::from_secs(30))
        .min(usable_for.saturating_add(Duration::from_secs(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn lengths(kind: ErrorKind, jitter: f64) -> Vec<u64> {
        let error = Error::new(kind, "");
        (1..=8).map(|failures| without_token(&error, failures, jitter).as_millis() as u64).collect()
    }

    #[test]
    fn a_rejection_waits_5_10_20_40_60_seconds() {
        assert_eq!(lengths(ErrorKind::Rejected, 0.7), [5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000, 60_000]);
    }

    #[test]
    fn a_passing_failure_waits_1_to_60_seconds_with_jitter_on_the_upper_half() {
        assert_eq!(lengths(ErrorKind::Network, 0.0), [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        assert_eq!(lengths(ErrorKind::Network, 0.5), [750, 1_500, 3_000, 6_000, 12_000, 24_000, 45_000, 45_000]);
        assert!(without_token(&Error::new(ErrorKind::Network, ""), u32::MAX, 0.999) <= Duration::from_secs(60));
    }

    #[test]
    fn a_usable_token_makes_the_pause_a_quarter_of_what_is_left() {
        let seconds = |left: u64| with_token(Duration::from_secs(left));
        assert_eq!(seconds(40), Duration::from_secs(10));
        assert_eq!(seconds(1000), Duration::from_secs(30));
        assert_eq!(seconds(2), Duration::from_secs(1));
        assert_eq!(seconds(0), Duration::from_secs(1));
    }
}
