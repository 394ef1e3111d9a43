//! The token server, which keeps the record of what is good and until when.

use std::time::Duration;

use super::dice::Dice;
use super::scenario::{RefreshTokens, Scenario};
use super::trouble::TroubleKind;

/// The server. Its time is the one that always goes on: the monotonic clock that counts suspend.
pub(super) struct Server {
    dice: Dice,
    tokens: Vec<Issued>,
    /// Whether each refresh token that was ever given is still accepted.
    refresh_tokens: Vec<bool>,
    /// Requests that were sent to it, whether they arrived or not.
    pub(super) requests: u64,
    /// Of these, those that brought no token.
    pub(super) setbacks: u64,
}

struct Issued {
    expires: Duration,
    is_revoked: bool,
}

/// A token request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    /// It carries the secret that the old one is replaced by.
    pub(super) is_secret_new: bool,
    pub(super) refresh_token: Option<usize>,
}

/// An answer of the server's, or of something that stands before it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reply {
    Granted { token: usize, expires_in: u64, refresh_token: Option<usize> },
    Refused { status: u16, code: &'static str },
    Busy { status: u16, wait: u64, is_date: bool },
    Page(u16),
}

impl Server {
    pub(super) fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed, 2), tokens: Vec::new(), refresh_tokens: Vec::new(), requests: 0, setbacks: 0 }
    }

    /// How long the next answer takes, there and back.
    pub(super) fn latency(&mut self, scenario: &Scenario, trouble: Option<TroubleKind>) -> Duration {
        match trouble {
            Some(TroubleKind::Unreachable) => self.dice.stretch(Duration::from_millis(1), Duration::from_secs(4)),
            Some(TroubleKind::Slow(longest)) => self.dice.stretch(scenario.latency, longest),
            _ => scenario.latency.mul_f64(0.5 + 1.5 * self.dice.fraction()),
        }
    }

    /// The answer to a request that arrives now.
    pub(super) fn answer(&mut self, scenario: &Scenario, asked: Asked, now: Duration) -> Reply {
        match scenario.trouble_at(now) {
            Some(TroubleKind::Broken(status) | TroubleKind::Gateway(status)) => return Reply::Page(status),
            Some(TroubleKind::Busy { status, wait, is_date }) => return Reply::Busy { status, wait, is_date },
            Some(TroubleKind::Refusing(status, code)) => return Reply::Refused { status, code },
            _ => {}
        }
        if !scenario.accepts(asked.is_secret_new, now) {
            return Reply::Refused { status: 401, code: "invalid_client" };
        }
        if let Some(refresh_token) = asked.refresh_token {
            if !self.accepts_refresh_token(refresh_token, scenario.refresh_tokens) {
                return Reply::Refused { status: 400, code: "invalid_grant" };
            }
        }
        self.grant(scenario, asked, now)
    }

    /// When a token ends by the server's record.
    pub(super) fn end_of(&self, token: usize) -> Duration {
        self.tokens[token].expires
    }

    /// Whether an API accepts a token.
    pub(super) fn is_good(&self, token: usize, now: Duration) -> bool {
        now < self.tokens[token].expires && !self.tokens[token].is_revoked
    }

    /// Whether an API that is asked now refuses a token which has not expired.
    pub(super) fn api_refuses(&mut self, scenario: &Scenario, token: usize, now: Duration) -> bool {
        let is_revoked_now = scenario.revokes_one_in.is_some_and(|odds| self.dice.one_in(odds));
        self.tokens[token].is_revoked |= is_revoked_now;
        self.tokens[token].is_revoked || scenario.api_refuses.is_some_and(|(start, end)| (start..end).contains(&now))
    }

    fn accepts_refresh_token(&mut self, refresh_token: usize, manner: RefreshTokens) -> bool {
        let was_good = self.refresh_tokens[refresh_token];
        self.refresh_tokens[refresh_token] = was_good && manner != RefreshTokens::Rotating;
        was_good && !(manner == RefreshTokens::Unreliable && self.dice.one_in(3))
    }

    fn grant(&mut self, scenario: &Scenario, asked: Asked, now: Duration) -> Reply {
        let left = |issued: &Issued| issued.expires.saturating_sub(now).as_secs();
        let again =
            self.tokens.last().filter(|issued| scenario.repeats_tokens && !issued.is_revoked && left(issued) > 0);
        let expires_in = match again {
            Some(issued) => left(issued),
            None => {
                self.tokens.push(Issued { expires: now + scenario.lifetime, is_revoked: false });
                scenario.lifetime.as_secs()
            }
        };
        let gives_refresh_token = match scenario.refresh_tokens {
            RefreshTokens::None => false,
            RefreshTokens::Lasting => asked.refresh_token.is_none(),
            RefreshTokens::Rotating | RefreshTokens::Unreliable => true,
        };
        let refresh_token = gives_refresh_token.then(|| {
            self.refresh_tokens.push(true);
            self.refresh_tokens.len() - 1
        });
        Reply::Granted { token: self.tokens.len() - 1, expires_in, refresh_token }
    }
}
