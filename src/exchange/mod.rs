//! One answer from the server: secret, request, transport, answer, and the retries between them.

mod assertion;
mod attempts;
mod discovery;
mod hook;
mod ingredients;
mod refresh;
mod report;

use std::sync::Arc;
use std::time::Duration;

use crate::cache::Granted;
use crate::cancellation::Cancellation;
use crate::clock::{ClientClock, Moment};
use crate::config::{Assertions, EndpointSource, Limits, Settings, UseRefreshToken};
use crate::credentials::{Credentials, CredentialsState};
use crate::error::Error;
use crate::protocol::{AnswerRules, BasicEncoding, BasicVariant, Endpoints, Failure, Grant, Redactor, RequestRules};
use crate::random::Random;
use crate::transport::{RequestHook, Transport, TransportError};

use refresh::{AfterRefresh, RefreshToken};
use report::USED_UP;

/// Obtains tokens for one client. It never changes; what does is [`Memory`].
pub(crate) struct Exchange {
    endpoints: EndpointSource,
    assertions: Assertions,
    request: RequestRules,
    answer: AnswerRules,
    basic_encoding: BasicEncoding,
    use_refresh_token: UseRefreshToken,
    limits: Limits,
    pub(crate) credentials: Arc<Credentials>,
    request_hook: Option<RequestHook>,
    transport: Arc<dyn Transport>,
    clock: ClientClock,
    random: Arc<dyn Random>,
}

/// What one exchange leaves for the next.
#[derive(Clone, Default)]
pub(crate) struct Memory {
    refresh_token: Option<RefreshToken>,
    /// The server has no use for refresh tokens.
    is_refresh_useless: bool,
    /// How `client_secret_basic` was written when it mattered and worked.
    basic: Option<BasicVariant>,
    /// A grant that may be used once has been sent.
    is_spent: bool,
    /// The host has been told why a lifetime is assumed.
    is_assumption_told: bool,
    /// What the issuer's metadata named.
    discovered: Option<Endpoints>,
}

impl Memory {
    /// What a client knows that presents the same credentials to the same server for another token.
    pub(crate) fn for_relative(&self, has_same_endpoints: bool) -> Self {
        let discovered = self.discovered.clone().filter(|_| has_same_endpoints);
        Self { basic: self.basic, discovered, ..Self::default() }
    }
}

/// How an exchange ended.
pub(crate) struct Finished {
    pub(crate) outcome: Result<Granted, Error>,
    /// Why the lifetime of the token is assumed, where that has not been told before.
    pub(crate) assumption: Option<String>,
    pub(crate) requests: u32,
}

/// One exchange under way.
struct Run<'a> {
    exchange: &'a Exchange,
    memory: &'a mut Memory,
    credentials: &'a mut CredentialsState,
    cancellation: &'a Arc<Cancellation>,
    start: Moment,
    limit: Duration,
    retries: u32,
    requests: u32,
    tried: Tried,
    assumption: Option<String>,
    /// Where requests go; known once the issuer's metadata has been read.
    endpoints: Option<Endpoints>,
    /// What no error may repeat: all that is known before the first request, and what each of them sends.
    redactor: Redactor,
}

/// What has been tried so far, for messages.
#[derive(Default)]
struct Tried {
    secrets: u32,
    variants: Vec<BasicVariant>,
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
        credentials: Arc<Credentials>,
        transport: Arc<dyn Transport>,
        clock: ClientClock,
        random: Arc<dyn Random>,
    ) -> Self {
        Self {
            endpoints: settings.endpoints,
            assertions: settings.assertions,
            request: settings.request,
            answer: settings.answer,
            basic_encoding: settings.basic_encoding,
            use_refresh_token: settings.use_refresh_token,
            limits: settings.limits,
            request_hook: settings.request_hook,
            credentials,
            transport,
            clock,
            random,
        }
    }

    /// Obtains a token, within `limit`. An early exchange is short and not repeated: there is a token to go on with.
    pub(crate) fn run(
        &self,
        memory: &mut Memory,
        credentials: &mut CredentialsState,
        is_early: bool,
        limit: Duration,
        cancellation: &Arc<Cancellation>,
    ) -> Finished {
        let mut run = Run {
            exchange: self,
            memory,
            credentials,
            cancellation,
            start: self.clock.now(),
            limit: if is_early { limit.min(self.limits.refresh_timeout) } else { limit },
            retries: if is_early { 0 } else { self.limits.max_retries },
            requests: 0,
            tried: Tried::default(),
            assumption: None,
            endpoints: None,
            redactor: Redactor::default(),
        };
        let outcome = run.obtain();
        Finished { outcome, assumption: run.assumption, requests: run.requests }
    }

    /// Whether requests go to the same places, by the same rules.
    pub(crate) fn has_endpoints(&self, endpoints: &EndpointSource) -> bool {
        self.endpoints == *endpoints
    }

    /// Takes over what an exchange left behind. What has been reset meanwhile stays so.
    pub(crate) fn merge(&self, memory: &mut Memory, left: Memory, is_same_generation: bool) {
        memory.is_spent = left.is_spent;
        memory.basic = left.basic;
        memory.discovered = left.discovered;
        memory.is_assumption_told |= left.is_assumption_told;
        memory.is_refresh_useless = left.is_refresh_useless;
        if is_same_generation || self.is_one_time() {
            memory.refresh_token = left.refresh_token;
        }
    }

    /// Forgets what the next exchange would go on with, where the configured grant can start afresh.
    pub(crate) fn reset(&self, memory: &mut Memory) {
        if !self.is_one_time() {
            memory.refresh_token = None;
        }
    }

    fn is_one_time(&self) -> bool {
        self.request.is_one_time()
    }

    fn client_id(&self) -> &str {
        self.request.client_id.as_deref().unwrap_or_default()
    }
}

impl Run<'_> {
    fn obtain(&mut self) -> Result<Granted, Error> {
        let exchange = self.exchange;
        self.hide_what_is_known();
        self.endpoints = Some(self.find_endpoints()?);
        let mut refused_refresh = None;
        if let Some(refresh_token) = exchange.usable_refresh_token(self.memory, self.start) {
            let grant = Grant::Refresh(&refresh_token);
            match self.ask(grant) {
                Ok(granted) => return Ok(granted),
                Err(setback) => {
                    let after = self.after_failed_refresh(&setback);
                    let error = self.explain(setback, grant);
                    if after == AfterRefresh::Fail {
                        return Err(error);
                    }
                    if after != AfterRefresh::Skip {
                        self.memory.refresh_token = None;
                    }
                    self.memory.is_refresh_useless |= after == AfterRefresh::NeverAgain;
                    self.tried = Tried::default();
                    refused_refresh = Some(error);
                }
            }
        }
        if self.memory.is_spent {
            return Err(self.spent(refused_refresh));
        }
        match self.ask(Grant::Configured) {
            Ok(granted) => Ok(granted),
            Err(setback) => {
                let error = self.explain(setback, Grant::Configured);
                Err(if self.memory.is_spent { error.final_because(USED_UP) } else { error })
            }
        }
    }

    /// Asks with the secret at hand and, where that is refused, once with another.
    fn ask(&mut self, grant: Grant<'_>) -> Result<Granted, Setback> {
        let credentials = &self.exchange.credentials;
        let first = credentials.first(self.credentials).map_err(Setback::Other)?;
        let setback = match self.ask_with(&first, grant) {
            Ok(granted) => {
                credentials.worked(&first, self.credentials);
                return Ok(granted);
            }
            Err(setback) => setback,
        };
        let is_refused = matches!(&setback, Setback::Refused(failure) if failure.is_credentials_refused());
        if !is_refused || !self.may_repeat(grant) {
            return Err(setback);
        }
        let Some(other) = credentials.other_than(&first, self.credentials) else {
            return Err(setback);
        };
        let granted = self.ask_with(&other, grant)?;
        credentials.worked(&other, self.credentials);
        Ok(granted)
    }
}
