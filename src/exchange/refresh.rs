//! Refresh tokens: kept, used, and given up (RFC 6749 §6).

use std::time::Duration;

use crate::cache::kept_back;
use crate::clock::Moment;
use crate::config::UseRefreshToken;
use crate::error::Class;
use crate::protocol::{Answer, Grant};
use crate::secret::Secret;

use super::{Exchange, Memory, Run, Setback};

/// A refresh token and what is known of its life.
#[derive(Clone)]
pub(super) struct RefreshToken {
    pub(super) text: Secret,
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
            // The configured refresh token may have been replaced by a newer one.
            UseRefreshToken::Auto => self.is_one_time() || self.request.is_refresh_grant(),
            UseRefreshToken::Always => !memory.is_refresh_useless,
            UseRefreshToken::Never => false,
        };
        let refresh_token = memory.refresh_token.as_ref().filter(|token| is_wanted && token.is_usable(now))?;
        Some(refresh_token.text.clone())
    }
}

/// What follows from a failed refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AfterRefresh {
    /// The call fails; the refresh token is kept.
    Fail,
    /// The call goes on with the configured grant; the refresh token is kept.
    Skip,
    /// The call goes on with the configured grant; the refresh token is of no more use.
    Drop,
    /// The call goes on, and refresh tokens are of no use at this server.
    NeverAgain,
}

impl Run<'_> {
    /// What a failed refresh means for the refresh token and for the call.
    pub(super) fn after_failed_refresh(&self, setback: &Setback) -> AfterRefresh {
        if self.exchange.is_one_time() {
            return self.after_failed_refresh_without_other_grant(setback);
        }
        let has_own_url = self.endpoints.as_ref().is_some_and(|endpoints| endpoints.refresh_url != endpoints.token_url);
        match setback {
            Setback::Refused(failure) => match failure.status {
                408 | 425 | 429 => AfterRefresh::Fail,
                300..=399 | 404 | 405 | 501 => AfterRefresh::NeverAgain,
                200..=499 if failure.denies_refresh() => AfterRefresh::NeverAgain,
                200..=499 => AfterRefresh::Drop,
                _ if has_own_url => AfterRefresh::Skip,
                _ => AfterRefresh::Fail,
            },
            // A lost answer may have brought a new one in its place.
            Setback::Unanswered(error) if error.sent => AfterRefresh::Drop,
            Setback::Unanswered(_) if has_own_url => AfterRefresh::Skip,
            Setback::Unanswered(_) => AfterRefresh::Fail,
            Setback::Other(error) if error.class() == Class::Local => AfterRefresh::Fail,
            Setback::Other(_) => AfterRefresh::Drop,
        }
    }

    /// Where there is nothing to fall back on, a refresh token is given up only when the server has judged it.
    fn after_failed_refresh_without_other_grant(&self, setback: &Setback) -> AfterRefresh {
        match setback {
            Setback::Refused(failure) if failure.is_credentials_refused() => AfterRefresh::Fail,
            Setback::Refused(failure) => match failure.status {
                408 | 425 | 429 => AfterRefresh::Fail,
                200..=299 | 400..=499 => AfterRefresh::Drop,
                _ => AfterRefresh::Fail,
            },
            Setback::Unanswered(_) | Setback::Other(_) => AfterRefresh::Fail,
        }
    }

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
