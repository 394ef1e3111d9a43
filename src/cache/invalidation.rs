//! What an API's refusals do to a token, and how often they may.

use std::time::Duration;

/// What became of a token that an API refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Invalidation {
    /// Nothing: another is handed out, or none.
    NotInHand,
    /// It stays until the spacing allows it to go.
    Kept,
    /// It is gone.
    Dropped,
}

impl Invalidation {
    /// Whether the next call finds it gone.
    pub(crate) fn is_dropped(self) -> bool {
        self == Self::Dropped
    }
}

/// The least age at which a refused token is dropped: none for the first, then 1 s, doubling to 60 s.
///
/// An API that refuses everything would otherwise turn every call into a token request.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spacing {
    least_age: Duration,
}

impl Spacing {
    /// Whether a refused token of that age may go.
    pub(super) fn allows(self, age: Duration) -> bool {
        age >= self.least_age
    }

    /// How long until a refused token of that age may go.
    pub(super) fn remaining(self, age: Duration) -> Duration {
        self.least_age.saturating_sub(age)
    }

    /// One more has gone.
    pub(super) fn grow(&mut self) {
        self.least_age = (self.least_age * 2).clamp(Duration::from_secs(1), Duration::from_secs(60));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_goes_at_once_and_the_next_ones_at_1_2_4_to_60_seconds() {
        let mut spacing = Spacing::default();
        let mut ages = Vec::new();
        for _ in 0..9 {
            ages.push((0..).find(|age| spacing.allows(Duration::from_secs(*age))).unwrap());
            spacing.grow();
        }
        assert_eq!(ages, [0, 1, 2, 4, 8, 16, 32, 60, 60]);
    }
}
