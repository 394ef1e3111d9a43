//! How somebody fared, seen from outside.

use std::time::Duration;

/// Counts over one or many seeds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) calls: u64,
    /// Tokens handed out past their end by the server's record.
    pub(super) expired: u64,
    /// Of these, those in scenarios whose wall clock is never set back.
    pub(super) expired_by_steady_clock: u64,
    /// Calls that failed although a token in hand was good by the server's record.
    pub(super) failed_with_token: u64,
    /// Calls that failed while the server was granting tokens, without one in hand.
    pub(super) failed_while_well: u64,
    /// Calls that took over a second although a token in hand was good all that time.
    pub(super) waited_with_token: u64,
    pub(super) requests: u64,
    pub(super) longest_wait: Duration,
}

impl Tally {
    pub(super) fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.expired += other.expired;
        self.expired_by_steady_clock += other.expired_by_steady_clock;
        self.failed_with_token += other.failed_with_token;
        self.failed_while_well += other.failed_while_well;
        self.waited_with_token += other.waited_with_token;
        self.requests += other.requests;
        self.longest_wait = self.longest_wait.max(other.longest_wait);
    }
}
