//! What went wrong, and what to do about it.

use std::fmt;
use std::time::Duration;

use crate::line::clean;

/// Why no token could be had.
///
/// The text ([`Display`](std::fmt::Display), [`message`](Error::message)) is one line, complete, and holds no secret
/// and no token: it names the option or the thing received and the likely fix. Cloning is cheap enough to share
/// one failure between all who waited for it.
#[derive(Clone, thiserror::Error)]
#[error("{}", .0.message)]
pub struct Error(Box<Details>);

#[derive(Clone)]
struct Details {
    kind: ErrorKind,
    message: String,
    code: Option<String>,
    description: Option<String>,
    http_status: Option<u16>,
    retry_after: Option<Duration>,
    retry_in: Option<Duration>,
    repeated: bool,
    callback_code: Option<i32>,
    is_final: bool,
    is_credentials_refused: bool,
}

/// The kinds of failure, each with its own remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument that no call may pass: NULL, or text that is not UTF-8. Only through C.
    Argument,
    /// An option is missing, misspelt or has a value that cannot be; the text names it.
    Config,
    /// The secret could not be had from its source.
    Secret,
    /// The server could not be reached, or the connection broke.
    Network,
    /// No trusted TLS connection could be made.
    Tls,
    /// The time limit passed.
    Timeout,
    /// The server said no: an OAuth error (RFC 6749 §5.2), a 401 or 403, or an error of its own where the token should be.
    Rejected,
    /// The server failed, is overloaded, or answered with a status of failure and no error of OAuth's.
    Server,
    /// The server's answer cannot be understood, or must not be used.
    Response,
    /// A grant that may be used once has been used, and nothing is left to ask with.
    Spent,
    /// A callback of this client called the same client.
    Reentrant,
    /// The client was told to stop.
    Cancelled,
    /// The host's request callback failed.
    Callback,
    /// A fault in this library or in a callback.
    Internal,
}

/// How a failure bears on the next attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// The server has decided; asking again soon will not change its mind.
    Rejected,
    /// It may work later.
    Transient,
    /// Nothing was asked of the server, so nothing about it has been learnt.
    Local,
}

/// No message is longer, in characters.
const LONGEST_MESSAGE: usize = 2000;

/// What a `main` that returns it prints: the kind and the whole story.
impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}: {}", self.0.kind, self.0.message)
    }
}

impl Error {
    /// Names, paths, URLs and the words of callbacks become a part of messages: none may break out of the line.
    pub(crate) fn new(kind: ErrorKind, message: impl AsRef<str>) -> Self {
        Self(Box::new(Details {
            kind,
            message: clean(message.as_ref(), LONGEST_MESSAGE),
            code: None,
            description: None,
            http_status: None,
            retry_after: None,
            retry_in: None,
            repeated: false,
            callback_code: None,
            is_final: false,
            is_credentials_refused: false,
        }))
    }

    /// The kind of failure.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The whole story in one line.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The error code that the server sent, such as `invalid_client` (RFC 6749 §5.2), or one of its own.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// What the server said in words, cut to a sane length, control characters replaced.
    pub fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// The status of the HTTP answer, if there was one.
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// How long until the client will ask the server again; `None` if it does not say.
    ///
    /// Until then calls return this error again without a request, unless there is a usable token.
    pub fn retry_in(&self) -> Option<Duration> {
        self.0.retry_in
    }

    /// Whether the same call may succeed later without anything being put right.
    ///
    /// That includes a 4xx that names no OAuth error, 401 and 403 aside: a wrong URL is answered so (404, 405, 415), and
    /// so is any request by a gateway whose service restarts. It is not tried again within the call.
    pub fn is_retryable(&self) -> bool {
        let may_pass = !matches!(self.0.kind, ErrorKind::Tls | ErrorKind::Response) && !self.0.is_final;
        self.class() == Class::Transient && may_pass
    }

    /// Whether this is an earlier failure told again, without a request.
    pub fn is_repeated(&self) -> bool {
        self.0.repeated
    }

    /// What a callback of a C host returned when it failed.
    pub fn callback_code(&self) -> Option<i32> {
        self.0.callback_code
    }

    pub(crate) fn class(&self) -> Class {
        match self.0.kind {
            ErrorKind::Rejected | ErrorKind::Spent => Class::Rejected,
            ErrorKind::Network
            | ErrorKind::Tls
            | ErrorKind::Timeout
            | ErrorKind::Server
            | ErrorKind::Response
            | ErrorKind::Internal => Class::Transient,
            ErrorKind::Argument
            | ErrorKind::Config
            | ErrorKind::Secret
            | ErrorKind::Callback
            | ErrorKind::Reentrant
            | ErrorKind::Cancelled => Class::Local,
        }
    }

    /// Whether the server did not accept who the client says it is.
    pub(crate) fn is_credentials_refused(&self) -> bool {
        self.0.is_credentials_refused
    }

    pub(crate) fn with_credentials_refused(mut self, is_refused: bool) -> Self {
        self.0.is_credentials_refused = is_refused;
        self
    }

    /// The wait that the server itself asked for (RFC 9110 §10.2.3).
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    pub(crate) fn with_code(mut self, code: Option<String>) -> Self {
        self.0.code = code;
        self
    }

    pub(crate) fn with_description(mut self, description: Option<String>) -> Self {
        self.0.description = description;
        self
    }

    pub(crate) fn with_http_status(mut self, status: u16) -> Self {
        self.0.http_status = Some(status);
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    pub(crate) fn with_retry_in(mut self, wait: Duration) -> Self {
        self.0.retry_in = Some(wait);
        self
    }

    pub(crate) fn with_callback_code(mut self, code: i32) -> Self {
        self.0.callback_code = Some(code);
        self
    }

    /// Trying again is of no use, and why.
    pub(crate) fn final_because(mut self, reason: &str) -> Self {
        self.0.is_final = true;
        self.0.message.push_str("; ");
        self.0.message.push_str(reason);
        self
    }

    /// The same failure told to a caller who made no request.
    pub(crate) fn repeated(mut self, next_attempt: Duration) -> Self {
        self.0.repeated = true;
        self.0.message.push_str(&format!(
            " (no new request was made; the next attempt is due in {:.1} s)",
            next_attempt.as_secs_f64()
        ));
        self.with_retry_in(next_attempt)
    }
}
