//! The requests of an exchange, one after another, until one of them decides.

use std::sync::Arc;
use std::time::Duration;

use crate::cache::Granted;
use crate::error::{Error, ErrorKind};
use crate::protocol::{
    Answer, BasicVariant, ClientAuth, Failure, Grant, Json, Values, basic_variants, holds_token, is_decodable,
};
use crate::random;
use crate::secret::Secret;
use crate::token::Token;
use crate::transport::{TransportError, TransportErrorKind};

use super::{Run, Setback, hook};

impl Run<'_> {
    /// Asks with one secret, written in each way that may be meant.
    pub(super) fn ask_with(&mut self, secret: &Secret, grant: Grant<'_>) -> Result<Granted, Setback> {
        let variants = self.basic_variants(secret);
        let matters = variants.len() > 1;
        let mut refused = None;
        self.tried.secrets += 1;
        self.tried.variants.clear();
        for variant in variants {
            self.tried.variants.push(variant);
            match self.persist(secret, variant, grant) {
                Ok(granted) => {
                    if matters {
                        self.memory.basic = Some(variant);
                    }
                    return Ok(granted);
                }
                Err(Setback::Refused(failure)) if failure.may_be_about_encoding() && self.may_repeat(grant) => {
                    refused = Some(match refused {
                        Some(first) => self.more_telling(first, failure, secret),
                        None => failure,
                    });
                }
                Err(setback) => return Err(setback),
            }
        }
        Err(match refused {
            Some(failure) => Setback::Refused(failure),
            None => Setback::Other(Error::new(ErrorKind::Internal, "no way to write the secret")),
        })
    }

    /// Of two answers to one secret, as it is and then escaped, the one that tells more: what is not about credentials.
    fn more_telling(&self, raw: Failure, escaped: Failure, secret: &Secret) -> Failure {
        let was_read = || is_decodable(self.exchange.client_id()) && is_decodable(secret.expose());
        match escaped.is_credentials_refused() {
            // Servers that decode call what they cannot decode a bad request: they had not read the secret yet.
            true if raw.is_bad_request() && !was_read() => escaped.after(BasicVariant::Raw.name(), &raw),
            true => raw,
            false => escaped,
        }
    }

    /// Whether a grant that the server has seen and refused may be sent once more.
    pub(super) fn may_repeat(&self, grant: Grant<'_>) -> bool {
        matches!(grant, Grant::Refresh(_)) || !self.exchange.is_one_time()
    }

    /// Makes the same attempt again while it fails in a way that passes.
    fn persist(&mut self, secret: &Secret, variant: BasicVariant, grant: Grant<'_>) -> Result<Granted, Setback> {
        loop {
            let setback = match self.attempt(secret, variant, grant) {
                Ok(granted) => return Ok(granted),
                Err(setback) => setback,
            };
            let is_to_be_repeated = self.is_passing(&setback, grant) && self.wait_for_retry();
            // Breaking a connection off looks like a broken one, which would be worth another attempt.
            self.check_cancelled()?;
            if !is_to_be_repeated {
                return Err(setback);
            }
        }
    }

    /// Waits a moment before the next attempt, unless the client is told to stop; false where there may be none.
    pub(super) fn wait_for_retry(&mut self) -> bool {
        let jitter = random::fraction(&*self.exchange.random);
        let delay = Duration::from_millis(100) + Duration::from_millis(400).mul_f64(jitter);
        if self.retries == 0 || self.remaining() <= delay || self.cancellation.is_cancelled() {
            return false;
        }
        self.retries -= 1;
        self.exchange.clock.sleep(delay, self.cancellation);
        true
    }

    /// One request and its answer.
    fn attempt(&mut self, secret: &Secret, variant: BasicVariant, grant: Grant<'_>) -> Result<Granted, Setback> {
        let exchange = self.exchange;
        // The lifetime counts from here: the server may have issued the token at any later moment.
        let sent_at = exchange.clock.now();
        self.check_time()?;
        let Some(endpoints) = self.endpoints.clone() else {
            return Err(Setback::Other(Error::new(ErrorKind::Internal, "no endpoint to ask")));
        };
        let sent_ms = u64::try_from(sent_at.wall.as_millis()).unwrap_or(u64::MAX);
        let made = |source| self.assertion(source, secret, &endpoints, sent_ms).map_err(Setback::Other);
        let values = Values {
            client_id: exchange.client_id(),
            client_secret: secret.expose(),
            uuid: random::uuid(&*exchange.random),
            now_ms: sent_ms,
            client_assertion: made(&exchange.assertions.proof)?,
            assertion: made(&exchange.assertions.grant)?,
        };
        let cancellation = Arc::clone(self.cancellation);
        let url = endpoints.url(grant);
        let request = exchange.request.build(grant, url, variant, &values, self.remaining(), cancellation);
        let mut request = request.map_err(Setback::Other)?;
        let computed = match &exchange.request_hook {
            Some(hook) => hook::change(&mut request, &**hook).map_err(Setback::Other)?,
            None => Vec::new(),
        };
        // A hook, a key and a file of the host's may take their time.
        request.timeout = self.check_time()?;
        self.hide_what_is_sent(&values, grant);
        computed.iter().for_each(|value| self.redactor.hide(value.expose()));
        // Noted before it is sent, so that even a panic on the way leaves it noted.
        let is_last_chance = exchange.is_one_time() && matches!(grant, Grant::Configured);
        self.memory.is_spent |= is_last_chance;
        self.requests += 1;
        let answered = exchange.transport.send(&request);
        if is_last_chance && answered.as_ref().is_err_and(|error| !error.sent) {
            self.memory.is_spent = false;
        }
        let response = answered.map_err(|error| {
            // A transport of the host's may repeat what it was given to send.
            Setback::Unanswered(TransportError { message: self.redactor.clean(&error.message, 1000), ..error })
        })?;
        if response.is_longer_than(exchange.request.max_response_bytes) {
            return Err(Setback::Unanswered(TransportError::too_large(exchange.request.max_response_bytes)));
        }
        let rules = &exchange.answer;
        let document = Json::parse(response.body.expose().as_bytes());
        let is_success = (200..300).contains(&response.status);
        let hides_failure = |document| Failure::hides_in(document, holds_token(document, rules));
        if !is_success || document.as_ref().is_ok_and(hides_failure) {
            let now = exchange.clock.now().wall.as_secs();
            let failure = Failure::read(&response, &document, &self.redactor, &rules.token_path, now);
            return Err(Setback::Refused(failure));
        }
        let answer = Answer::read(&response, document, rules, sent_ms, &self.redactor, &self.origin(grant));
        let mut answer = answer.map_err(Setback::Other)?;
        self.remember_refresh_token(&answer, sent_at, grant);
        let assumption = answer.assumption.take().filter(|_| !self.memory.is_assumption_told);
        // It names options as they were written.
        self.assumption = assumption.map(|reason| self.redactor.clean(&reason, 1000));
        self.memory.is_assumption_told |= self.assumption.is_some();
        let refresh_in = answer.refresh_in;
        Ok(Granted { token: Token::new(answer, sent_at, exchange.clock.clone()), refresh_in })
    }

    /// Whether the same attempt may succeed in a moment, and does no harm.
    fn is_passing(&self, setback: &Setback, grant: Grant<'_>) -> bool {
        match setback {
            Setback::Unanswered(error) => {
                // A refresh token whose answer was lost may have been replaced.
                let is_harmless = !error.sent || (matches!(grant, Grant::Configured) && !self.exchange.is_one_time());
                may_pass(error.kind) && is_harmless
            }
            Setback::Refused(failure) => {
                failure.status >= 500
                    && !failure.is_rejected()
                    && failure.retry_after.is_none()
                    && self.may_repeat(grant)
            }
            Setback::Other(_) => false,
        }
    }

    fn basic_variants(&self, secret: &Secret) -> Vec<BasicVariant> {
        let exchange = self.exchange;
        if exchange.request.client_auth != ClientAuth::ClientSecretBasic {
            return vec![BasicVariant::Raw];
        }
        let variants = basic_variants(exchange.basic_encoding, exchange.client_id(), secret.expose());
        match self.memory.basic {
            Some(known) if variants.contains(&known) => vec![known],
            _ => variants,
        }
    }

    /// What is left of the time, if there is any and the client may go on.
    fn check_time(&self) -> Result<Duration, Setback> {
        self.check_cancelled()?;
        let remaining = self.remaining();
        if remaining.is_zero() {
            return Err(Setback::Unanswered(TransportError::new(
                TransportErrorKind::Timeout,
                format!("no token within {:?} (options `timeout`, `refresh_timeout`)", self.limit),
                false,
            )));
        }
        Ok(remaining)
    }

    fn check_cancelled(&self) -> Result<(), Setback> {
        if self.cancellation.is_cancelled() {
            return Err(Setback::Other(cancelled()));
        }
        Ok(())
    }

    /// What is left of the time; a call is measured by the clock that nobody sets.
    pub(super) fn remaining(&self) -> Duration {
        let elapsed = self.exchange.clock.now().monotonic.saturating_sub(self.start.monotonic);
        self.limit.saturating_sub(elapsed)
    }
}

pub(super) fn cancelled() -> Error {
    Error::new(ErrorKind::Cancelled, "the client was told to stop; make a new one to go on")
}

/// Whether the same request may get through in a moment.
pub(super) fn may_pass(kind: TransportErrorKind) -> bool {
    !matches!(
        kind,
        TransportErrorKind::Request
            | TransportErrorKind::Proxy
            | TransportErrorKind::Tls
            | TransportErrorKind::TooLarge
    )
}
