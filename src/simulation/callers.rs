//! Those who ask for tokens: how often, with how much patience, and when they come back.

use std::time::Duration;

use crate::cache::{FlightId, Purpose};
use crate::clock::Moment;

use super::dice::Dice;
use super::scenario::Scenario;

/// The limit of a call that sets none; the default of the option `timeout`.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// One call of one caller.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    pub(super) caller: usize,
    pub(super) purpose: Purpose,
    pub(super) start: Moment,
    pub(super) limit: Duration,
    /// The flight that it has led or waited for.
    pub(super) witnessed: Option<FlightId>,
    /// The token that was in hand when it began.
    pub(super) in_hand: Option<usize>,
}

impl Call {
    /// Whether it waits as long as a call does by default; others fail by their own choice.
    pub(super) fn is_patient(&self) -> bool {
        self.limit >= PATIENCE && self.purpose == Purpose::Token
    }

    /// What is left of its time.
    pub(super) fn remaining(&self, now: Moment) -> Duration {
        self.limit.saturating_sub(now.monotonic.saturating_sub(self.start.monotonic))
    }
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Token(usize),
    /// With the time after which it is worth asking again, where that is known.
    Failed(Option<Duration>),
    /// There was nothing to renew.
    Nothing,
}

/// A caller, with habits of its own.
pub(super) struct Person {
    dice: Dice,
    limit: Option<Duration>,
    purpose: Purpose,
    /// How many calls it still makes.
    pub(super) calls: u32,
}

impl Person {
    pub(super) fn new(scenario: &Scenario, number: usize) -> Self {
        let mut dice = Dice::new(scenario.seed, 1000 + number as u64);
        let limit = match dice.below(8) {
            0 => Some(Duration::ZERO),
            1 => Some(dice.stretch(Duration::from_millis(20), Duration::from_secs(5))),
            _ => None,
        };
        // One seed costs about as much with one caller as with many.
        let calls = u32::try_from(1000 / scenario.callers).unwrap_or(1000);
        let is_timer = scenario.has_timer && number == 0;
        let purpose = if is_timer { Purpose::Renewal } else { Purpose::Token };
        Self { dice, limit, purpose, calls }
    }

    pub(super) fn call(&self, caller: usize, now: Moment, in_hand: Option<usize>) -> Call {
        let limit = self.limit.unwrap_or(PATIENCE);
        Call { caller, purpose: self.purpose, start: now, limit, witnessed: None, in_hand }
    }

    /// When it comes first.
    pub(super) fn first_call(&mut self, scenario: &Scenario) -> Duration {
        if scenario.is_herd { Duration::from_secs(1) } else { self.dice.even(Duration::ZERO, scenario.absence) }
    }

    /// When it comes back after a failure.
    pub(super) fn after_failure(&mut self, scenario: &Scenario, retry_in: Option<Duration>) -> Duration {
        match retry_in {
            Some(wait) if self.dice.one_in(3) => wait,
            _ => self.dice.stretch(Duration::from_millis(10), Duration::from_secs(60).min(scenario.absence * 2)),
        }
    }

    /// When it comes back after a success; `left` is what is left of the token's life by the server's record.
    pub(super) fn after_success(&mut self, scenario: &Scenario, now: Duration, left: Duration) -> Duration {
        match self.dice.below(8) {
            0 | 1 => self.dice.even(Duration::ZERO, Duration::from_millis(100)),
            2 => self.about_the_end(scenario, left),
            3 if scenario.is_herd => {
                let step = scenario.absence.max(Duration::from_millis(1)).as_nanos();
                let next = (now.as_nanos() / step + 1) * step;
                Duration::from_nanos(u64::try_from(next).unwrap_or(u64::MAX)).saturating_sub(now)
            }
            _ => self.dice.even(Duration::ZERO, scenario.absence * 2),
        }
    }

    /// Just before or after one of the points at which somebody may think that a token should be renewed.
    fn about_the_end(&mut self, scenario: &Scenario, left: Duration) -> Duration {
        let seconds = Duration::from_secs;
        let tenth = scenario.lifetime / 10;
        let before =
            self.dice.pick(&[seconds(0), seconds(10).min(tenth), seconds(10), seconds(60), seconds(300), tenth * 2]);
        let width = self.dice.pick(&[Duration::from_millis(2), seconds(1).min(tenth), seconds(5).min(tenth)]);
        let aim = left.saturating_sub(before);
        if self.dice.one_in(2) {
            aim + self.dice.even(Duration::ZERO, width)
        } else {
            aim.saturating_sub(self.dice.even(Duration::ZERO, width))
        }
    }
}
