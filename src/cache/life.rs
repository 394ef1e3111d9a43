//! How long a token may be used, and when it should be renewed.

use std::time::Duration;

use crate::clock::Moment;
use crate::token::Token;

/// A token with the points of its life, each counted from the moment before it was asked for.
#[derive(Clone)]
pub(super) struct Life {
    pub(super) token: Token,
    start: Moment,
    /// From here on it should be renewed.
    due: Duration,
    /// The same by both clocks, so that a look at a fresh token is two comparisons.
    fresh_until: Moment,
    /// From here on it must not be handed out.
    hard: Duration,
    /// What the provider granted, or less.
    end: Duration,
    /// What is kept back before the end; a quarter of it, or a second, is the least that a renewal needs.
    margin: Duration,
    /// An API refused it; it goes as soon as the spacing of refusals allows.
    pub(super) is_refused: bool,
}

/// Where in its life a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nothing to do.
    Fresh,
    /// Usable, and a renewal should be tried.
    Due,
    /// Usable, but too near its end for a renewal to be of use.
    Ending,
    /// Never handed out.
    Expired,
}

impl Life {
    /// The life of a new token. `jitter` in `[0, 1)` spreads the renewals of many clients.
    pub(super) fn new(token: Token, refresh_in: Option<Duration>, refresh_margin: Duration, jitter: f64) -> Self {
        let end = token.lifetime();
        let margin = refresh_margin.min(end / 5);
        let latest = end.saturating_sub(margin);
        let due = match refresh_in {
            Some(wanted) => wanted.clamp((end / 10).min(latest), latest),
            None => latest.saturating_sub((margin / 5).mul_f64(jitter)),
        };
        let start = token.obtained();
        Self {
            start,
            due,
            fresh_until: start.after(due),
            hard: end.saturating_sub(kept_back(end)),
            end,
            margin,
            token,
            is_refused: false,
        }
    }

    /// The life of a token that a renewal brought once more: its own, or the shorter one, and no renewal before half
    /// of the rest. A server that hands out one token until it dies would otherwise be asked again and again.
    pub(super) fn again(&self, renewed: &Life, now: Moment) -> Life {
        let offset = renewed.start.since(self.start);
        let renewed_end = offset.saturating_add(renewed.end);
        let end = self.end.min(renewed_end);
        let age = self.age(now);
        let due = age.saturating_add(end.saturating_sub(age) / 2);
        Life {
            token: if renewed_end < self.end { renewed.token.clone() } else { self.token.clone() },
            start: self.start,
            due,
            fresh_until: self.start.after(due),
            hard: end.saturating_sub(self.end.saturating_sub(self.hard)),
            end,
            margin: self.margin,
            is_refused: self.is_refused,
        }
    }

    pub(super) fn stage(&self, now: Moment) -> Stage {
        let age = self.age(now);
        if age >= self.hard {
            return Stage::Expired;
        }
        if age < self.due {
            return Stage::Fresh;
        }
        let least = Duration::from_secs(1).min(self.margin / 4);
        if self.hard.saturating_sub(age) < least { Stage::Ending } else { Stage::Due }
    }

    /// Whether the stage is `Fresh`.
    pub(super) fn is_fresh(&self, now: Moment) -> bool {
        now.is_before(self.fresh_until)
    }

    pub(super) fn is_usable(&self, now: Moment) -> bool {
        self.stage(now) != Stage::Expired
    }

    /// How long ago it was asked for.
    pub(super) fn age(&self, now: Moment) -> Duration {
        now.since(self.start)
    }

    /// How long until it is due; zero from then on.
    pub(super) fn due_in(&self, now: Moment) -> Duration {
        self.due.saturating_sub(self.age(now))
    }

    /// How long it stays usable.
    pub(super) fn usable_for(&self, now: Moment) -> Duration {
        self.hard.saturating_sub(self.age(now))
    }
}

/// What is never used of a life, so that a token does not die on its way to the API.
pub(crate) fn kept_back(lifetime: Duration) -> Duration {
    Duration::from_secs(10).min(lifetime / 10)
}
