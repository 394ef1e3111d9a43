//! The built-in transport: HTTP/1.1 by ureq, one connection a request.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ureq::http;
use ureq::unversioned::transport::{ConnectProxyConnector, Connector, TcpConnector};

use crate::config::HttpSettings;
use crate::error::Error;
use crate::line::clean;
use crate::protocol::Url;
use crate::secret::SecretBuffer;

use super::bounds::BoundsConnector;
use super::connector::{TlsConnector, rustls_error};
use super::descriptors::{RAISE_DESCRIPTORS, is_lack_of_descriptors};
use super::gathering::GatheringConnector;
use super::proxy::{ChosenProxy, ProxyRules};
use super::resolver::BlockingResolver;
use super::tls::Tls;
use super::{Request, Response, Transport, TransportError, TransportErrorKind};

/// The header of an answer that is longer is refused.
const LONGEST_HEADER: usize = 32 << 10;
/// What is read ahead at most: a header, and a bit to see that it is longer.
pub(super) const LONGEST_INPUT: usize = LONGEST_HEADER + (4 << 10);
/// What is read ahead of TLS, within which there is another buffer, for the header; see `connector.rs`.
const ENCRYPTED_INPUT: usize = 8 << 10;

/// A body that is longer goes out in several pieces.
const LONGEST_BODY_PIECE: usize = 8 << 10;

/// Opens a connection for each request and closes it before it returns.
pub(crate) struct HttpTransport {
    /// What all requests have in common. Made once: ureq reads the environment when it makes a configuration.
    config: ureq::config::Config,
    user_agent_length: usize,
    connect_timeout: Duration,
    proxies: ProxyRules,
    tls: Arc<Tls>,
    pub(super) resolver: BlockingResolver,
}

impl HttpTransport {
    /// Reads everything that the options and, for the proxy, the environment name; certificates are those of `relative`, if
    /// it is given. Requests will go to `urls`.
    pub(crate) fn new(settings: &HttpSettings, urls: &[&Url], relative: Option<&Self>) -> Result<Self, Error> {
        let config = ureq::Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            .user_agent(&settings.user_agent)
            .accept_encoding(ureq::config::AutoHeaderValue::None)
            .max_idle_connections(0)
            .max_idle_connections_per_host(0)
            .max_response_header_size(LONGEST_HEADER)
            .build();
        Ok(Self {
            config,
            user_agent_length: settings.user_agent.len(),
            connect_timeout: settings.connect_timeout,
            proxies: ProxyRules::new(&settings.proxy, urls, &|name| std::env::var_os(name))?,
            tls: match relative {
                Some(relative) => Arc::clone(&relative.tls),
                None => Arc::new(Tls::new(settings)?),
            },
            resolver: BlockingResolver::of_the_system(),
        })
    }

    fn run(
        &self,
        agent: &ureq::Agent,
        head: http::Request<()>,
        request: &Request,
        proxy: Option<&ChosenProxy>,
    ) -> Result<http::Response<ureq::Body>, ureq::Error> {
        let is_header_encrypted = request.url().is_https() && proxy.is_none();
        let limited = agent
            .configure_request(head)
            .proxy(proxy.map(|chosen| chosen.proxy.clone()))
            .timeout_global(Some(request.timeout))
            .timeout_connect(Some(self.connect_timeout.min(request.timeout)))
            .input_buffer_size(if is_header_encrypted { ENCRYPTED_INPUT } else { LONGEST_INPUT })
            .output_buffer_size(self.longest_output(request))
            .build();
        // A GET without a body announces none; a POST without one announces a length of 0.
        if request.body().is_none() && request.method() == "GET" {
            return agent.run(limited);
        }
        let (parts, ()) = limited.into_parts();
        agent.run(http::Request::from_parts(parts, request.body().unwrap_or_default().as_bytes()))
    }

    /// The header must fit into one piece, and most bodies beside it do.
    fn longest_output(&self, request: &Request) -> usize {
        let headers = request.headers().map(|(name, value)| name.len() + value.len() + 4).sum::<usize>();
        let path = request.url().uri().path_and_query().map_or(0, |path| path.as_str().len());
        let body = request.body().unwrap_or_default().len().min(LONGEST_BODY_PIECE);
        (1 << 10) + self.user_agent_length + path + headers + body
    }

    /// An agent of its own for each request: what it holds open ends with it.
    fn agent(&self, request: &Request, is_connected: &Arc<AtomicBool>) -> ureq::Agent {
        let connector = TlsConnector {
            tls: Arc::clone(&self.tls),
            target: request.url().uri().clone(),
            is_connected: Arc::clone(is_connected),
        };
        let chain =
            ().chain(ConnectProxyConnector::default())
                .chain(TcpConnector::default())
                .chain(BoundsConnector::of(request))
                .chain(connector)
                .chain(GatheringConnector { target: request.url().uri().clone() });
        ureq::Agent::with_parts(self.config.clone(), chain, self.resolver.clone())
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        // Where the client was made nobody knew this URL, unless it was configured.
        let proxy = self.proxies.proxy_for(request.url());
        let proxy = proxy
            .map_err(|error| TransportError::new(TransportErrorKind::Request, error.message().to_owned(), false))?;
        let is_connected = Arc::new(AtomicBool::new(false));
        let agent = self.agent(request, &is_connected);
        let failed = |error: ureq::Error| {
            let is_sent = is_connected.load(Ordering::Relaxed);
            match proxy.filter(|_| !is_sent) {
                Some(chosen) if is_refused(&error) => {
                    TransportError::new(TransportErrorKind::Connect, chosen.refusal(), false)
                }
                Some(chosen) => {
                    let fix = "check host and port, and whether the proxy may lead there";
                    describe(error, request, false, &self.tls, fix).through(&chosen.described())
                }
                None => describe(error, request, is_sent, &self.tls, fix_of_no_connection(request)),
            }
        };
        let head = to_http(request)?;
        let interrupted = agent.clone();
        let exchanged = request.cancellation.interruptible(
            move || interrupted.shutdown(),
            || {
                let (head, body) = self.run(&agent, head, request, proxy).map_err(failed)?.into_parts();
                let body = read_body(body, request.max_response_bytes).map_err(|error| match error {
                    BodyError::TooLarge => TransportError::too_large(request.max_response_bytes),
                    BodyError::Io(error) => failed(ureq::Error::from(error)),
                })?;
                Ok((head, body))
            },
        );
        let (head, body) = exchanged?;
        let mut response = Response::received(head.status.as_u16(), body);
        for (name, value) in &head.headers {
            response.headers.push((name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        }
        Ok(response)
    }
}

fn to_http(request: &Request) -> Result<http::Request<()>, TransportError> {
    let mut builder = http::Request::builder().method(request.method()).uri(request.url().uri().clone());
    for (name, value) in request.headers() {
        let mut value = http::HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
            TransportError::new(
                TransportErrorKind::Request,
                format!("the header {name} would hold control characters; check what its placeholders stand for"),
                false,
            )
        })?;
        value.set_sensitive(true);
        builder = builder.header(name, value);
    }
    builder
        .header("Connection", "close")
        .body(())
        .map_err(|error| TransportError::new(TransportErrorKind::Request, error.to_string(), false))
}

enum BodyError {
    TooLarge,
    Io(std::io::Error),
}

/// What is set aside on a server's word; a longer body grows as it arrives.
const LARGEST_RESERVATION: usize = 64 << 10;

fn read_body(body: ureq::Body, limit: usize) -> Result<SecretBuffer, BodyError> {
    let announced = body.content_length().unwrap_or(0);
    if announced > limit as u64 {
        return Err(BodyError::TooLarge);
    }
    let reserved = usize::try_from(announced).unwrap_or(0).min(LARGEST_RESERVATION);
    // The read that finds the end wants room too.
    let mut bytes = SecretBuffer::with_capacity(reserved + SecretBuffer::ROOM);
    let mut reader = body.into_reader();
    while bytes.read_from(&mut reader).map_err(BodyError::Io)? > 0 {
        if bytes.len() > limit {
            return Err(BodyError::TooLarge);
        }
    }
    Ok(bytes)
}

fn is_refused(error: &ureq::Error) -> bool {
    matches!(error, ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused)
}

/// What to do where nothing answers, without a proxy.
fn fix_of_no_connection(request: &Request) -> &'static str {
    match request.url().is_loopback() {
        true => "check host and port: is the server running there?",
        false => "check host and port, and whether a proxy is needed",
    }
}

/// Says what a failure of ureq means to somebody who does not know ureq; `fix` is what to do where there is no connection.
fn describe(error: ureq::Error, request: &Request, sent: bool, tls: &Tls, fix: &str) -> TransportError {
    let (host, port) = (request.url().host(), request.url().port());
    let not_http = |reason: &str| {
        format!("what {host}:{port} answered is not HTTP that can be read ({reason}); check the port and scheme")
    };
    let (kind, message) = match error {
        ureq::Error::Other(other) => match other.downcast::<TransportError>() {
            Ok(own) => return *own,
            Err(other) => (TransportErrorKind::Interrupted, format!("the request failed: {other}")),
        },
        ureq::Error::Timeout(phase) => (TransportErrorKind::Timeout, explain_timeout(phase, request, sent, fix)),
        ureq::Error::Io(error) => return describe_io(&error, request, sent, tls, fix),
        ureq::Error::ConnectProxyFailed(reason) => (
            TransportErrorKind::Proxy,
            format!("it did not open a way to {host}:{port} ({reason}); check its credentials"),
        ),
        ureq::Error::LargeResponseHeader(..) => (
            TransportErrorKind::TooLarge,
            "the header of the answer is longer than 32 KiB; check that the URL is the token endpoint".into(),
        ),
        ureq::Error::Protocol(reason) => (TransportErrorKind::Protocol, not_http(&reason.to_string())),
        ureq::Error::BodyStalled => (TransportErrorKind::Protocol, not_http("a chunk has no beginning")),
        other => (TransportErrorKind::Interrupted, format!("the request to {host}:{port} failed: {other}")),
    };
    TransportError::new(kind, message, sent)
}

fn describe_io(error: &std::io::Error, request: &Request, sent: bool, tls: &Tls, fix: &str) -> TransportError {
    let (host, port) = (request.url().host(), request.url().port());
    let (kind, message) = if let Some(reason) = rustls_error(error) {
        let message = match reason {
            // A server may take a look at the client's certificate only afterwards.
            rustls::Error::AlertReceived(_) => tls.explain(host, reason),
            _ if sent => format!(
                "the TLS connection to {host}:{port} broke after the handshake ({}); something on the way may have \
                 changed what it carries",
                clean(&reason.to_string(), 120)
            ),
            _ => tls.explain(host, reason),
        };
        (TransportErrorKind::Tls, message)
    } else if sent {
        (
            TransportErrorKind::Interrupted,
            format!(
                "the connection to {host}:{port} ended before the answer did ({error}); check port and scheme, if it \
                 happens again"
            ),
        )
    } else {
        let fix = if is_lack_of_descriptors(error) { RAISE_DESCRIPTORS } else { fix };
        (TransportErrorKind::Connect, format!("no connection ({error}) on the way to {host}:{port}; {fix}"))
    };
    TransportError::new(kind, message, sent)
}

fn explain_timeout(phase: ureq::Timeout, request: &Request, sent: bool, fix: &str) -> String {
    let (host, port) = (request.url().host(), request.url().port());
    match phase {
        ureq::Timeout::Connect if !sent => {
            format!("no connection to {host}:{port} in time (option `connect_timeout`); {fix}")
        }
        _ => {
            let what = if sent { "did not answer in time" } else { "could not be reached in time" };
            let left = request.timeout.as_secs_f64();
            format!("{host}:{port} {what}: {left:.1} s were left (option `timeout`); it may be overloaded")
        }
    }
}
