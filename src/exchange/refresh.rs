//! Refresh tokens: kept, used, and given up (RFC 6749 §6).

use std::time::Duration;

use crate::cache::kept_back;
use crate::clock::Moment;
use crate::config::UseRefreshToken;
use crate::protocol::{Answer, Grant};
use crate::secret::Secret;

use super::{Exchange, Memory, Run, Setback};

/// A refresh token and what is known of its life.
#[derive(Clone)]
pub(super) struct RefreshToken {
    text: Secret,
    obtained: Moment,
    expires_in: Option<Duration>,
}

impl RefreshToken {
    fn is_usable(&self, now: Moment) -> bool {
        self.expires_in.is_none_or(|life| now.since(self.obtained) < life.saturating_sub(kept_back(life)))
    }
}

impl Exchange {
    /// The refresh token to ask with, if the configuration wants one used and there is one alive.
    pub(super) fn usable_refresh_token(&self, memory: &Memory, now: Moment) -> Option<Secret> {
        let is_wanted = match self.use_refresh_token {
            UseRefreshToken::Auto => self.is_one_time(),
            UseRefreshToken::Always => true,
            UseRefreshToken::Never => false,
        };
        let refresh_token = memory.refresh_token.as_ref().filter(|token| is_wanted && token.is_usable(now))?;
        Some(refresh_token.text.clone())
    }

    /// Whether a failed refresh means that the refresh token is of no more use.
    pub(super) fn drops_refresh_token(&self, setback: &Setback) -> bool {
        match setback {
            Setback::Refused(failure) if self.is_one_time() && failure.is_credentials_refused() => false,
            Setback::Refused(failure) => match failure.status {
                408 | 425 | 429 => false,
                200..300 | 400..500 => true,
                _ => false,
            },
            // A lost answer may have brought a new one in its place. Where there is no other grant to fall back on,
            // trying the old one again is all that is left.
            Setback::Unanswered(error) => error.sent && !self.is_one_time(),
            Setback::Other(_) => !self.is_one_time(),
        }
    }
}

impl Run<'_> {
    /// Keeps what an answer brought. An answer to a refresh that brings none leaves the old one in force.
    pub(super) fn remember_refresh_token(&mut self, answer: &Answer, obtained: Moment, grant: Grant<'_>) {
        match &answer.refresh_token {
            Some(text) => {
                self.memory.refresh_token =
                    Some(RefreshToken { text: text.clone(), obtained, expires_in: answer.refresh_expires_in });
            }
            None if matches!(grant, Grant::Configured) => self.memory.refresh_token = None,
            None => {}
        }
    }
}
