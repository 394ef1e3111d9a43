//! The way to the server and back, on which time passes.

use std::time::Duration;

use crate::transport::TransportErrorKind;

use super::agenda::Turn;
use super::server::{Asked, Reply};
use super::trouble::TroubleKind;
use super::world::World;

/// Why a request brought no answer.
pub(super) struct NoAnswer {
    pub(super) kind: TransportErrorKind,
    pub(super) sent: bool,
}

impl World {
    /// Sends a request and lets time pass until its answer is there, or `timeout` is over.
    pub(super) fn send(&self, asked: Asked, timeout: Duration) -> Result<Reply, NoAnswer> {
        let outcome = self.exchange_bytes(asked, timeout);
        self.server.with(|server| {
            server.setbacks += u64::from(!matches!(outcome, Ok(Reply::Granted { .. })));
        });
        self.say(|| match &outcome {
            Ok(reply) => format!("answered: {reply:?}"),
            Err(NoAnswer { kind, .. }) => format!("no answer: {kind:?}"),
        });
        outcome
    }

    fn exchange_bytes(&self, asked: Asked, timeout: Duration) -> Result<Reply, NoAnswer> {
        let sent_at = self.now().monotonic;
        let trouble = self.scenario.trouble_at(sent_at);
        self.say(|| format!("request: {asked:?}, at most {timeout:?}, trouble: {trouble:?}"));
        let latency = self.server.with(|server| {
            server.requests += 1;
            server.latency(&self.scenario, trouble)
        });
        let late = || NoAnswer { kind: TransportErrorKind::Timeout, sent: true };
        match trouble {
            Some(TroubleKind::Silent) => {
                self.pass(timeout);
                return Err(late());
            }
            Some(TroubleKind::Unreachable) => {
                self.pass(latency.min(timeout));
                let kind = if latency < timeout { TransportErrorKind::Connect } else { TransportErrorKind::Timeout };
                return Err(NoAnswer { kind, sent: false });
            }
            _ => {}
        }
        self.pass((latency / 2).min(timeout));
        if self.scenario.suspends_one_in.is_some_and(|odds| self.chance(|dice| dice.one_in(odds))) {
            let longest = (self.scenario.lifetime * 2).max(Duration::from_secs(60));
            self.turn(Turn::Suspend(self.chance(|dice| dice.stretch(Duration::from_secs(1), longest))));
        }
        let reply = self.server.with(|server| server.answer(&self.scenario, asked, self.now().monotonic));
        if latency >= timeout {
            self.pass_until(sent_at + timeout);
            return Err(late());
        }
        self.pass_until(sent_at + latency);
        if matches!(trouble, Some(TroubleKind::Deaf)) {
            return Err(NoAnswer { kind: TransportErrorKind::Interrupted, sent: true });
        }
        // After a suspend, an answer that had already arrived may be read or given up.
        if self.now().monotonic >= sent_at + timeout && self.chance(|dice| dice.one_in(2)) {
            return Err(late());
        }
        Ok(reply)
    }
}
