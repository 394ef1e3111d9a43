//! The token that the client should be holding, reckoned a second time.

use std::time::Duration;

use crate::clock::Moment;
use crate::token::Token;

use super::outside;

/// What a client may know of a token, and what DESIGN says follows from it.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) number: usize,
    start: Moment,
    end: Duration,
    /// What is never used.
    kept_back: Duration,
    /// The earliest age at which it may be renewed.
    pub(super) due: Duration,
    /// An API refused it, so the client is free to drop it.
    pub(super) is_refused: bool,
}

impl Held {
    pub(super) fn new(token: &Token, refresh_in: Option<Duration>) -> Self {
        let end = token.lifetime();
        let margin = Duration::from_secs(300).min(end / 5);
        let due = match refresh_in {
            Some(wanted) => wanted.max(end / 10).min(end - margin),
            None => end - margin - margin / 5,
        };
        Self {
            number: outside::number(token.access_token()),
            start: token.obtained(),
            end,
            kept_back: Duration::from_secs(10).min(end / 10),
            due,
            is_refused: false,
        }
    }

    /// After a renewal that brought the same text: the first life, or the shorter one, and no renewal before half of
    /// the rest.
    pub(super) fn again(&self, renewed: &Held, now: Moment) -> Self {
        let age = self.age(now);
        let end = self.end.min(renewed.start.since(self.start) + renewed.end);
        Self { end, due: age + end.saturating_sub(age) / 2, ..self.clone() }
    }

    pub(super) fn age(&self, now: Moment) -> Duration {
        now.since(self.start)
    }

    /// How long it may still be handed out.
    pub(super) fn usable_for(&self, now: Moment) -> Duration {
        self.end.saturating_sub(self.kept_back).saturating_sub(self.age(now))
    }

    pub(super) fn is_usable(&self, now: Moment) -> bool {
        !self.usable_for(now).is_zero()
    }
}
