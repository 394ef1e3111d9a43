//! How bytes move: one request out, one answer back.
//!
//! [`Client`](crate::Client) uses the built-in transport (feature `http`) unless it is given another with
//! [`Config::transport`](crate::Config::transport).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use crate::cancellation::Cancellation;
use crate::error::Error;
use crate::protocol::Url;
use crate::secret::Secret;
#[cfg(any(feature = "http", feature = "capi"))]
use crate::secret::SecretBuffer;

#[cfg(feature = "http")]
mod bounds;
#[cfg(feature = "http")]
mod buffers;
#[cfg(feature = "http")]
mod connector;
#[cfg(feature = "http")]
mod descriptors;
#[cfg(feature = "http")]
mod gathering;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "http")]
mod proxy;
#[cfg(feature = "http")]
mod resolver;
#[cfg(feature = "http")]
mod resumption;
#[cfg(all(test, feature = "http"))]
mod several_addresses;
#[cfg(feature = "http")]
mod system_roots;
#[cfg(feature = "http")]
mod tls;
#[cfg(feature = "http")]
mod tls_failure;

#[cfg(feature = "http")]
pub(crate) use http::HttpTransport;

/// Carries one HTTP request to the server and its answer back.
///
/// An implementation must not follow redirects, must not send the request twice, must honour
/// [`Request::timeout`] and [`Request::max_response_bytes`], and must leave nothing open and nothing running when
/// it returns. It is called from whichever thread asked for a token. TLS, trust roots, client certificates and proxies are
/// its own affair; it must send nothing unencrypted where [`Request::url`] says `https`.
pub trait Transport: Send + Sync {
    /// Sends the request. Any HTTP status is an answer; an error means that there was none.
    fn send(&self, request: &Request) -> Result<Response, TransportError>;
}

/// A request that is ready to be sent.
pub struct Request {
    pub(crate) method: &'static str,
    pub(crate) url: Url,
    pub(crate) headers: Vec<(String, Secret)>,
    pub(crate) body: Option<Secret>,
    pub(crate) timeout: Duration,
    pub(crate) cancellation: Arc<Cancellation>,
    pub(crate) max_response_bytes: usize,
}

impl Request {
    /// The method, such as `POST`.
    pub fn method(&self) -> &str {
        self.method
    }

    /// Where to send it.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Names and values, `Content-Type` included; `Host`, `Content-Length` and `Connection` are the transport's.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.expose()))
    }

    /// Sets a header, in the place of one of that name.
    ///
    /// # Errors
    ///
    /// Says what is wrong with a name or value that no header can have.
    pub fn set_header(&mut self, name: &str, value: impl Into<Secret>) -> Result<(), String> {
        let value = value.into();
        crate::config::check_header(name, value.expose())?;
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value));
        Ok(())
    }

    /// Sets the URL, for a path or a query that must be computed, such as a signature over the parameters in it. Scheme,
    /// host and port stay as the options have them: secrets leave for the configured host only.
    ///
    /// # Errors
    ///
    /// Says what is wrong with a URL that leads elsewhere, or that is none.
    pub fn set_url(&mut self, url: &str) -> Result<(), String> {
        self.url = self.url.with_path_and_query_of(url)?;
        Ok(())
    }

    /// Sets the body.
    pub fn set_body(&mut self, body: impl Into<Secret>) {
        self.body = Some(body.into());
    }

    /// The value of a header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.find_header(name).map(Secret::expose)
    }

    pub(crate) fn find_header(&self, name: &str) -> Option<&Secret> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The body; it must be sent with `Content-Length`, never chunked.
    pub fn body(&self) -> Option<&str> {
        self.body.as_ref().map(Secret::expose)
    }

    /// How long all of it may take, from now to the last byte of the answer.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Says when the client is told to stop; a transport that cannot be interrupted may ignore it.
    pub fn cancellation(&self) -> &Cancellation {
        &self.cancellation
    }

    /// How long a body may be; a longer one is [`TransportErrorKind::TooLarge`].
    pub fn max_response_bytes(&self) -> usize {
        self.max_response_bytes
    }
}

/// Changes requests before they are sent.
pub(crate) type RequestHook = Arc<dyn Fn(&mut Request) -> Result<(), Error> + Send + Sync>;

impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Request({} {})", self.method, self.url)
    }
}

/// An HTTP answer, whatever its status.
pub struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Secret,
    /// In bytes, as the body arrived.
    length: usize,
}

impl Response {
    /// An answer with a body. A body that is not UTF-8 cannot hold a token; pass it with replacement characters.
    pub fn new(status: u16, body: impl Into<Secret>) -> Self {
        let body = body.into();
        Self { status, headers: Vec::new(), length: body.expose().len(), body }
    }

    /// An answer as it arrived, with replacement characters for what is not UTF-8.
    #[cfg(any(feature = "http", feature = "capi"))]
    pub(crate) fn received(status: u16, body: SecretBuffer) -> Self {
        Self { length: body.len(), ..Self::new(status, body.into_lossy_secret()) }
    }

    /// Whether it is longer than a limit, in bytes.
    pub(crate) fn is_longer_than(&self, limit: usize) -> bool {
        self.length > limit
    }

    /// Adds a header. `Retry-After`, `Location`, `Content-Type` and `Content-Encoding` are read.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The first header of that name, in any case.
    pub(crate) fn find_header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Response({})", self.status)
    }
}

/// Why there was no answer.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct TransportError {
    pub(crate) kind: TransportErrorKind,
    pub(crate) message: String,
    pub(crate) sent: bool,
    /// What a callback of a C host returned.
    pub(crate) callback_code: Option<i32>,
}

impl TransportError {
    /// `message` says what failed and the likely fix, without repeating any part of the request but its host.
    /// `sent` says whether the server may have seen the request.
    pub fn new(kind: TransportErrorKind, message: impl Into<String>, sent: bool) -> Self {
        Self { kind, message: message.into(), sent, callback_code: None }
    }

    #[cfg(feature = "capi")]
    pub(crate) fn with_callback_code(mut self, code: i32) -> Self {
        self.callback_code = Some(code);
        self
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        Self::new(
            TransportErrorKind::TooLarge,
            format!(
                "the answer is longer than {limit} bytes (option `max_response_bytes`); check that the URL is the token \
                 endpoint"
            ),
            true,
        )
    }

    /// The same failure, told as one on the way through a proxy.
    #[cfg(feature = "http")]
    pub(crate) fn through(mut self, proxy: &str) -> Self {
        self.message = format!("through {proxy}: {}", self.message);
        if matches!(self.kind, TransportErrorKind::Protocol | TransportErrorKind::TooLarge) {
            self.kind = TransportErrorKind::Proxy;
        }
        self
    }
}

/// Where it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request itself cannot be sent, whatever the server.
    Request,
    /// The host name has no address.
    Resolve,
    /// No connection could be made.
    Connect,
    /// The proxy failed or refused.
    Proxy,
    /// The TLS handshake failed.
    Tls,
    /// The time limit passed.
    Timeout,
    /// The connection ended before the answer did.
    Interrupted,
    /// The answer is not HTTP.
    Protocol,
    /// The answer is longer than allowed.
    TooLarge,
    /// Anything else that may pass.
    Other,
}
