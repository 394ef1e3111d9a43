//! The few verbs that a program uses.

mod answering;
mod builder;
mod channel;
#[cfg(all(test, not(loom)))]
mod children;
mod coordinator;
mod landing;
mod lineage;
#[cfg(all(test, loom))]
mod model;
mod source;
mod telling;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::config::Config;
use crate::error::Error;
use crate::event::Statistics;
use crate::secret::Secret;
use crate::token::Token;

pub use builder::ClientBuilder;
use coordinator::Coordinator;

/// Obtains, keeps and renews the access token of one set of options.
///
/// Cloning gives another handle to the same state. A client may be used from any number of threads at once: however
/// many ask, one token request is made, and its outcome, token or error, is everybody's. Between calls it owns
/// memory and nothing else.
#[derive(Clone)]
pub struct Client {
    coordinator: Arc<Coordinator>,
}

impl Client {
    /// A client that sends its requests through the built-in transport (feature `http`), or the one of
    /// [`Config::transport`]. No request is made before the first [`token`](Client::token).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) where an option is missing, was refused when it was set,
    /// contradicts another, or names a file that cannot be read (`client_secret_file` is read later, for each
    /// token); where there is no transport at all, or an option of the built-in one stands beside another.
    pub fn new(config: Config) -> Result<Self, Error> {
        Self::builder(config).build()
    }

    /// A client whose clock or randomness are given.
    pub fn builder(config: Config) -> ClientBuilder {
        ClientBuilder::new(config)
    }

    /// A token that is good now: the one in hand, or a new one, within the option `timeout`.
    ///
    /// While the token in hand is fresh, this costs a lock and a reference count. When it is due, one caller renews
    /// it within `refresh_timeout` and all others get the one in hand at once; so does that caller if renewing
    /// fails. Without a usable token, one caller fetches and the others wait for the outcome.
    ///
    /// # Errors
    ///
    /// Every [`ErrorKind`](crate::ErrorKind) but `Argument` and `Config`. After a failure, calls return it again
    /// without a request until [`Error::retry_in`] has passed.
    pub fn token(&self) -> Result<Token, Error> {
        self.coordinator.token(self.coordinator.timeout())
    }

    /// As [`token`](Client::token), within `limit` instead of the option `timeout`. With a limit of zero the call
    /// neither asks the server nor waits for others.
    ///
    /// # Errors
    ///
    /// As [`token`](Client::token); [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) where the limit passed. Who
    /// else waits for the same token is not let down by a short limit: one of them takes over.
    pub fn token_within(&self, limit: Duration) -> Result<Token, Error> {
        self.coordinator.token(limit)
    }

    /// Renews the token if that is due, or fetches the first one; for hosts that have a timer and do not want
    /// [`token`](Client::token) to make requests. Nothing happens where nothing is due, where another caller is at it,
    /// or during the pause after a failure.
    ///
    /// # Errors
    ///
    /// What the exchange met, if one was made.
    pub fn refresh_if_due(&self, limit: Duration) -> Result<(), Error> {
        self.coordinator.refresh_if_due(limit)
    }

    /// How long until [`refresh_if_due`](Client::refresh_if_due) is worth calling; `None` means at once, because no
    /// token is usable and nothing stands in the way. Once the client is cancelled, a year.
    pub fn next_refresh(&self) -> Option<Duration> {
        self.coordinator.next_refresh()
    }

    /// Calls `attempt` with an `Authorization` value; where its answer is [`Unauthorized`], invalidates the token and
    /// calls once more with the next one. While the refused token stays in use because refusals in a row are spaced
    /// (see [`invalidate`](Client::invalidate)), the first answer is the last.
    ///
    /// ```no_run
    /// # let client = oauth_token::Client::new(oauth_token::Config::new())?;
    /// use oauth_token::Unauthorized;
    ///
    /// let body = client.call(|authorization| {
    ///     // Send the request with this header here.
    ///     let status = 200;
    ///     if status == 401 { Err(Unauthorized(status)) } else { Ok(status) }
    /// })?;
    /// # Ok::<(), oauth_token::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`token`](Client::token). The last answer is returned as it is, refused or not.
    pub fn call<T>(&self, mut attempt: impl FnMut(&str) -> Result<T, Unauthorized<T>>) -> Result<T, Error> {
        let token = self.token()?;
        let refusal = match attempt(token.authorization()) {
            Ok(answer) => return Ok(answer),
            Err(Unauthorized(answer)) => answer,
        };
        self.invalidate(&token);
        let next = self.token()?;
        if next.is_same(&token) {
            return Ok(refusal);
        }
        match attempt(next.authorization()) {
            Ok(answer) | Err(Unauthorized(answer)) => Ok(answer),
        }
    }

    /// Says that an API answered 401 to this token (RFC 6750 §3.1), so that the next call fetches another.
    ///
    /// Only the token that is still handed out is dropped: a late 401 for an older one changes nothing. The first
    /// refusal drops it at once; where its replacement is refused too, a token stays until it is a second old, then
    /// two, up to a minute, so that an API that refuses everything causes no storm. A 403 is no reason to call this
    /// unless the API says so.
    pub fn invalidate(&self, refused: &Token) {
        self.coordinator.invalidate(refused);
    }

    /// A client for another scope, audience, tenant …, with a token of its own: it has the options of this one, and over
    /// them those that `overrides` sets. It may outlive this one.
    ///
    /// The two share the transport, the trust roots and connections' TLS state, and the source of the secret, unless
    /// `overrides` names another: a secret that is replaced or rotated in one is so in both, and credentials that the
    /// server refuses to one are not tried again by the other before the pause is over. An option that excludes others
    /// (`client_secret_file`, `issuer` …) takes their place. Files that options name are read again, certificates
    /// excepted. Cancelling one does not cancel the other. An authorization code or a device code is not shared: the
    /// derived client needs one of its own. A configured refresh token is: where the server replaces it with each use,
    /// give each client its own.
    ///
    /// ```
    /// use oauth_token::{Client, Config};
    ///
    /// let client = Client::new(
    ///     Config::new().token_url("https://login.example.com/token").client_id("a").client_secret("b").scope("read"),
    /// )?;
    /// let writing = client.derive(Config::new().scope("write"))?;
    /// # Ok::<(), oauth_token::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Client::new`].
    pub fn derive(&self, overrides: Config) -> Result<Self, Error> {
        builder::derive(&self.coordinator, overrides)
    }

    /// Replaces the secret of this client and of those that share its source. A usable token stays in use; a pause after a
    /// failure ends.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) where the secret is empty, holds a NUL or ends with a line
    /// end, or where nothing that is sent would hold it.
    pub fn set_secret(&self, secret: impl Into<Secret>) -> Result<(), Error> {
        self.coordinator.set_secret(secret.into())
    }

    /// Forgets the token and the pause after a failure, so that the next call makes a request.
    pub fn reset(&self) {
        self.coordinator.reset();
    }

    /// Stops the client for good: callers that wait, for another's request or for the next attempt of their own, a
    /// request under way, and all later calls return [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled). A name
    /// look-up and a TCP connection being opened are not broken off; they end by themselves, and so do the host's own
    /// functions; a transport is told ([`Request::cancellation`](crate::transport::Request::cancellation)).
    pub fn cancel(&self) {
        self.coordinator.cancel();
    }

    /// What the client has done so far.
    pub fn statistics(&self) -> Statistics {
        self.coordinator.statistics()
    }
}

/// What [`Client::call`] is told where an API answered 401, with that answer.
#[derive(Debug)]
pub struct Unauthorized<T>(pub T);

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").finish_non_exhaustive()
    }
}
