//! One answer from the server: secret, request, transport, answer, and the retries between them.

mod refresh;
mod report;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use self::refresh::RefreshToken;
use crate::cache::Granted;
use crate::clock::{Clock, Moment};
use crate::config::{Limits, Settings, UseRefreshToken};
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind};
use crate::protocol::{
    Answer, AnswerRules, BasicEncoding, BasicVariant, ClientAuth, Failure, Grant, RequestRules, Values, basic_variants,
};
use crate::random::{self, Random};
use crate::secret::Secret;
use crate::token::Token;
use crate::transport::{Transport, TransportError, TransportErrorKind};

/// Obtains tokens for one client.
pub(crate) struct Exchange {
    request: RequestRules,
    answer: AnswerRules,
    basic_encoding: BasicEncoding,
    use_refresh_token: UseRefreshToken,
    limits: Limits,
    credentials: Credentials,
    memory: Mutex<Memory>,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

/// What one exchange leaves for the next.
#[derive(Default)]
struct Memory {
    refresh_token: Option<RefreshToken>,
    /// How `client_secret_basic` was written when it mattered and worked.
    basic: Option<BasicVariant>,
    /// A grant that may be used once has been sent.
    is_spent: bool,
}

/// The time and the retries that one exchange has.
#[derive(Clone, Copy)]
struct Budget {
    start: Moment,
    limit: Duration,
    retries: u32,
}

/// Why an attempt, or all of them, brought no token.
enum Setback {
    /// The server said so.
    Refused(Failure),
    /// There was no answer.
    Unanswered(TransportError),
    /// Anything else, told in full.
    Other(Error),
}

impl Exchange {
    pub(crate) fn new(
        settings: Settings,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self {
            request: settings.request,
            answer: settings.answer,
            basic_encoding: settings.basic_encoding,
            use_refresh_token: settings.use_refresh_token,
            limits: settings.limits,
            credentials: Credentials::new(settings.secret, settings.secret_alternate),
            memory: Mutex::default(),
            transport,
            clock,
            random,
        }
    }

    /// Obtains a token, within `limit`. An early exchange is short and not repeated: there is a token to go on with.
    pub(crate) fn run(&self, is_early: bool, limit: Duration) -> Result<Granted, Error> {
        let budget = Budget {
            start: self.clock.now(),
            limit: if is_early { limit.min(self.limits.refresh_timeout) } else { limit },
            retries: if is_early { 0 } else { self.limits.max_retries },
        };
        let mut refused_refresh = None;
        if let Some(refresh_token) = self.usable_refresh_token(budget.start) {
            let grant = Grant::Refresh(&refresh_token);
            match self.ask(grant, budget) {
                Ok(granted) => return Ok(granted),
                Err(setback) if self.drops_refresh_token(&setback) => {
                    self.memory().refresh_token = None;
                    refused_refresh = Some(self.explain(setback, grant));
                }
                Err(setback) => return Err(self.explain(setback, grant)),
            }
        }
        if self.memory().is_spent {
            return Err(self.spent(refused_refresh));
        }
        self.ask(Grant::Configured, budget).map_err(|setback| self.explain(setback, Grant::Configured))
    }

    /// Replaces the secret.
    pub(crate) fn set_secret(&self, secret: Secret) -> Result<(), Error> {
        self.credentials.replace(secret)
    }

    /// Forgets what the next exchange would go on with, where the configured grant can start afresh.
    pub(crate) fn reset(&self) {
        if !self.is_one_time() {
            self.memory().refresh_token = None;
        }
    }

    /// Asks with the secret at hand and, where that is refused, once with another.
    fn ask(&self, grant: Grant<'_>, budget: Budget) -> Result<Granted, Setback> {
        let first = self.credentials.first().map_err(Setback::Other)?;
        let setback = match self.ask_with(&first, grant, budget) {
            Ok(granted) => {
                self.credentials.worked(&first);
                return Ok(granted);
            }
            Err(setback) => setback,
        };
        let is_refused = matches!(&setback, Setback::Refused(failure) if failure.is_credentials_refused());
        let other = self.credentials.other_than(&first).filter(|_| is_refused && self.may_repeat(grant));
        let Some(other) = other else {
            return Err(setback);
        };
        let granted = self.ask_with(&other, grant, budget)?;
        self.credentials.worked(&other);
        Ok(granted)
    }

    /// Asks with one secret, written in each way that may be meant.
    fn ask_with(&self, secret: &Secret, grant: Grant<'_>, budget: Budget) -> Result<Granted, Setback> {
        let variants = self.basic_variants(secret);
        let matters = variants.len() > 1;
        let mut last = None;
        for variant in variants {
            match self.persist(secret, variant, grant, budget) {
                Ok(granted) => {
                    if matters {
                        self.memory().basic = Some(variant);
                    }
                    return Ok(granted);
                }
                Err(Setback::Refused(failure))
                    if matches!(failure.status, 400 | 401 | 403) && self.may_repeat(grant) =>
                {
                    last = Some(Setback::Refused(failure));
                }
                Err(setback) => return Err(setback),
            }
        }
        Err(last.unwrap_or_else(|| Setback::Other(Error::new(ErrorKind::Internal, "no way to write the secret"))))
    }

    /// Makes the same attempt again while it fails in a way that passes.
    fn persist(
        &self,
        secret: &Secret,
        variant: BasicVariant,
        grant: Grant<'_>,
        budget: Budget,
    ) -> Result<Granted, Setback> {
        let mut retries = budget.retries;
        loop {
            let setback = match self.attempt(secret, variant, grant, budget) {
                Ok(granted) => return Ok(granted),
                Err(setback) => setback,
            };
            let delay =
                Duration::from_millis(100) + Duration::from_millis(400).mul_f64(random::fraction(&*self.random));
            if retries == 0 || !self.is_passing(&setback, grant) || self.remaining(budget) <= delay {
                return Err(setback);
            }
            retries -= 1;
            self.clock.sleep(delay);
        }
    }

    /// One request and its answer.
    fn attempt(
        &self,
        secret: &Secret,
        variant: BasicVariant,
        grant: Grant<'_>,
        budget: Budget,
    ) -> Result<Granted, Setback> {
        // The lifetime counts from here: the server may have issued the token at any later moment.
        let sent_at = self.clock.now();
        let timeout = self.remaining(budget);
        if timeout.is_zero() {
            return Err(Setback::Unanswered(TransportError::new(
                TransportErrorKind::Timeout,
                format!("no token within {:?} (options `timeout`, `refresh_timeout`)", budget.limit),
                false,
            )));
        }
        let values = Values {
            client_id: self.client_id(),
            client_secret: secret.expose(),
            uuid: random::uuid(&*self.random),
            now_ms: u64::try_from(sent_at.wall.as_millis()).unwrap_or(u64::MAX),
        };
        let request = self.request.build(grant, variant, &values, timeout);
        let answered = self.transport.send(&request);
        if self.is_one_time() && matches!(grant, Grant::Configured) {
            let is_sent = answered.as_ref().map_or_else(|error| error.sent, |_| true);
            self.memory().is_spent |= is_sent;
        }
        let response = answered.map_err(Setback::Unanswered)?;
        if !(200..300).contains(&response.status) || Failure::hides_in(&response) {
            let redactor = self.redactor(&values, variant, grant);
            return Err(Setback::Refused(Failure::read(&response, &redactor, self.clock.now().wall.as_secs())));
        }
        let answer = Answer::read(&response, &self.answer, &self.origin(grant)).map_err(Setback::Other)?;
        self.remember_refresh_token(&answer, sent_at, grant);
        let refresh_in = answer.refresh_in;
        Ok(Granted { token: Token::new(answer, sent_at, Arc::clone(&self.clock)), refresh_in })
    }

    /// Whether the same attempt may succeed in a moment, and does no harm.
    fn is_passing(&self, setback: &Setback, grant: Grant<'_>) -> bool {
        match setback {
            Setback::Unanswered(error) => {
                let is_transport = !matches!(
                    error.kind,
                    TransportErrorKind::Request | TransportErrorKind::Tls | TransportErrorKind::TooLarge
                );
                // A refresh token whose answer was lost may have been replaced.
                let is_harmless = !error.sent || (matches!(grant, Grant::Configured) && !self.is_one_time());
                is_transport && is_harmless
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

    /// Whether a grant that the server has seen and refused may be sent once more.
    fn may_repeat(&self, grant: Grant<'_>) -> bool {
        matches!(grant, Grant::Refresh(_)) || !self.is_one_time()
    }

    /// Whether the configured grant is used up by being sent (RFC 6749 §4.1.2, RFC 8628 §3.5).
    fn is_one_time(&self) -> bool {
        const ONE_TIME: [&str; 2] = ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"];
        self.request.grant_type(Grant::Configured).is_some_and(|grant_type| ONE_TIME.contains(&grant_type))
    }

    fn basic_variants(&self, secret: &Secret) -> Vec<BasicVariant> {
        if self.request.client_auth != ClientAuth::ClientSecretBasic {
            return vec![BasicVariant::Raw];
        }
        let variants = basic_variants(self.basic_encoding, self.client_id(), secret.expose());
        match self.memory().basic {
            Some(known) if variants.contains(&known) => vec![known],
            _ => variants,
        }
    }

    fn client_id(&self) -> &str {
        self.request.client_id.as_deref().unwrap_or_default()
    }

    /// What is left of the time; a call is measured by the clock that nobody sets.
    fn remaining(&self, budget: Budget) -> Duration {
        let elapsed = self.clock.now().monotonic.saturating_sub(budget.start.monotonic);
        budget.limit.saturating_sub(elapsed)
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
