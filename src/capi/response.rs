use std::ffi::{CStr, c_char};

use crate::error::{Error, ErrorKind};
use crate::line::clean;
use crate::secret::SecretBuffer;
use crate::transport::{Response, TransportError, TransportErrorKind};

use super::guard::{counted_bytes, guard_status, text};
use super::status::OauthStatus;
use super::userdata::failure_of;

/// Where a transport callback puts the server's answer, or why there is none. It can be written and not read, and is valid
/// during the call only, on its thread only.
pub struct OauthResponse {
    status: Option<u16>,
    headers: Vec<(String, String)>,
    headers_length: usize,
    body: SecretBuffer,
    max_body_length: usize,
    /// Why no more of the answer is taken.
    excess: Option<TransportError>,
    failure: Option<TransportError>,
}

/// Where a request failed: one of the constants OAUTH_FAILURE_….
pub type OauthFailure = i32;

/// The host name has no address. Reported as OAUTH_ERROR_NETWORK.
pub const OAUTH_FAILURE_RESOLVE: OauthFailure = 1;
/// No connection could be made. Reported as OAUTH_ERROR_NETWORK.
pub const OAUTH_FAILURE_CONNECT: OauthFailure = 2;
/// The proxy failed or refused. Reported as OAUTH_ERROR_NETWORK.
pub const OAUTH_FAILURE_PROXY: OauthFailure = 3;
/// The TLS handshake failed. Reported as OAUTH_ERROR_TLS.
pub const OAUTH_FAILURE_TLS: OauthFailure = 4;
/// The time limit passed. Reported as OAUTH_ERROR_TIMEOUT.
pub const OAUTH_FAILURE_TIMEOUT: OauthFailure = 5;
/// The connection ended before the answer did. Reported as OAUTH_ERROR_NETWORK.
pub const OAUTH_FAILURE_INTERRUPTED: OauthFailure = 6;
/// The answer is not HTTP. Reported as OAUTH_ERROR_RESPONSE.
pub const OAUTH_FAILURE_PROTOCOL: OauthFailure = 7;
/// Anything else that may pass, such as a lack of memory. Reported as OAUTH_ERROR_NETWORK.
pub const OAUTH_FAILURE_OTHER: OauthFailure = 8;

/// No header of an answer is longer, all fields together.
const MAX_HEADERS_LENGTH: usize = 32 << 10;

impl OauthResponse {
    pub(super) fn new(max_body_length: usize) -> Self {
        Self {
            status: None,
            headers: Vec::new(),
            headers_length: 0,
            body: SecretBuffer::default(),
            max_body_length,
            excess: None,
            failure: None,
        }
    }

    /// What the callback left, once it has returned `code`.
    pub(super) fn finish(self, code: i32) -> Result<Response, TransportError> {
        let failure = self.failure.or(self.excess);
        if code != 0 {
            let failure = failure.unwrap_or_else(|| {
                let text = failure_of("transport", code);
                TransportError::new(TransportErrorKind::Other, text, true)
            });
            return Err(failure.with_callback_code(code));
        }
        if let Some(failure) = failure {
            return Err(failure);
        }
        let Some(status) = self.status else {
            let text = "the transport callback returned 0 without setting a status or a failure";
            return Err(TransportError::new(TransportErrorKind::Other, text, true));
        };
        let mut response = Response::received(status, self.body);
        response.headers = self.headers;
        Ok(response)
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let length = self.body.len().saturating_add(bytes.len());
        if length > self.max_body_length {
            self.excess.get_or_insert_with(|| TransportError::too_large(self.max_body_length));
        }
        if self.excess.is_none() && self.body.try_push(bytes).is_err() {
            self.excess = Some(out_of_memory(length));
        }
        let Some(excess) = &self.excess else { return Ok(()) };
        self.body = SecretBuffer::default();
        match excess.kind {
            TransportErrorKind::TooLarge => Err(too_large()),
            _ => Err(Error::new(ErrorKind::Network, "there is no memory for the answer")),
        }
    }
}

/// Sets the HTTP status of the answer, whatever it is: a number from 200 to 999.
///
/// Returns OAUTH_OK, or OAUTH_ERROR_ARGUMENT where `response` is NULL or the number is none of these.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_response_set_status(response: *mut OauthResponse, status: i32) -> OauthStatus {
    // SAFETY: the host passes NULL or the response of the call that is running.
    unsafe {
        change(response, |response| {
            let known = u16::try_from(status).ok().filter(|status| (200..1000).contains(status));
            let text = || format!("argument `status`: {status} is no status of an answer; 200 to 999 are");
            response.status = Some(known.ok_or_else(|| Error::new(ErrorKind::Argument, text()))?);
            Ok(())
        })
    }
}

/// Adds a header of the answer; both strings are copied, and the value need not be UTF-8. Date, Retry-After, Location,
/// Content-Type and Content-Encoding are read, and others may be left out.
///
/// Returns OAUTH_OK, OAUTH_ERROR_ARGUMENT where an argument is NULL or the name is not UTF-8, or OAUTH_ERROR_RESPONSE
/// where all headers together are longer than 32 KiB: the answer then counts as too large, whatever the callback returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_response_add_header(
    response: *mut OauthResponse,
    name: *const c_char,
    value: *const c_char,
) -> OauthStatus {
    let add = |response: &mut OauthResponse| {
        // SAFETY: the host passes NULL or a terminated string.
        let name = unsafe { text(name, "name") }?;
        if value.is_null() {
            return Err(Error::new(ErrorKind::Argument, "argument `value` is NULL"));
        }
        // Old servers send Latin-1; what is read of a value is ASCII.
        // SAFETY: not NULL, and the host passes a terminated string.
        let value = unsafe { CStr::from_ptr(value) }.to_string_lossy().into_owned();
        response.headers_length = response.headers_length.saturating_add(name.len()).saturating_add(value.len());
        if response.headers_length > MAX_HEADERS_LENGTH {
            response.excess.get_or_insert_with(headers_too_large);
            return Err(too_large());
        }
        response.headers.push((name.to_owned(), value));
        Ok(())
    };
    // SAFETY: the host passes NULL or the response of the call that is running.
    unsafe { change(response, add) }
}

/// Sets the body of the answer to `len` bytes, which are copied and need neither a terminator nor to be UTF-8, in the
/// place of what was there.
///
/// Returns OAUTH_OK, OAUTH_ERROR_ARGUMENT where an argument is NULL, OAUTH_ERROR_RESPONSE where the body is longer
/// than oauth_request_max_response_bytes(): the answer then counts as too large, whatever the callback returns; or
/// OAUTH_ERROR_NETWORK where there is no memory for it: the request then counts as failed in the same way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_response_set_body(
    response: *mut OauthResponse,
    body: *const c_char,
    len: usize,
) -> OauthStatus {
    let set = |response: &mut OauthResponse| {
        // SAFETY: the host passes NULL or `len` readable bytes.
        let bytes = unsafe { counted_bytes(body, len, "body") }?;
        response.body = SecretBuffer::default();
        response.append(bytes)
    };
    // SAFETY: the host passes NULL or the response of the call that is running.
    unsafe { change(response, set) }
}

/// Adds `len` bytes, which are copied and need no terminator, to the body of the answer, for transports that get it in
/// pieces.
///
/// Returns what oauth_response_set_body() does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_response_append_body(
    response: *mut OauthResponse,
    body: *const c_char,
    len: usize,
) -> OauthStatus {
    // SAFETY: the host passes NULL or `len` readable bytes.
    let append = |response: &mut OauthResponse| response.append(unsafe { counted_bytes(body, len, "body") }?);
    // SAFETY: the host passes NULL or the response of the call that is running.
    unsafe { change(response, append) }
}

/// Says why there is no answer: where it failed (OAUTH_FAILURE_…), and in words, which must hold no secret. `message` is
/// copied and may be NULL; it need not be UTF-8. It stands, whatever else is set.
///
/// Returns OAUTH_OK, or OAUTH_ERROR_ARGUMENT where `response` is NULL or `failure` is not a constant.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_response_set_failure(
    response: *mut OauthResponse,
    failure: OauthFailure,
    message: *const c_char,
) -> OauthStatus {
    let set = |response: &mut OauthResponse| {
        let text = || format!("argument `failure`: {failure} is none of the constants OAUTH_FAILURE_…");
        let (kind, usual) = kind_of(failure).ok_or_else(|| Error::new(ErrorKind::Argument, text()))?;
        let message = if message.is_null() {
            usual.to_owned()
        } else {
            // SAFETY: not NULL, and the host passes a terminated string.
            clean(&unsafe { CStr::from_ptr(message) }.to_string_lossy(), 400)
        };
        response.failure = Some(TransportError::new(kind, message, may_be_sent(kind)));
        Ok(())
    };
    // SAFETY: the host passes NULL or the response of the call that is running.
    unsafe { change(response, set) }
}

/// # Safety
///
/// `response` is NULL or the response of the call that is running.
unsafe fn change(
    response: *mut OauthResponse,
    change: impl FnOnce(&mut OauthResponse) -> Result<(), Error>,
) -> OauthStatus {
    guard_status(|| {
        // SAFETY: as for this function.
        let response = unsafe { response.as_mut() };
        change(response.ok_or_else(|| Error::new(ErrorKind::Argument, "argument `response` is NULL"))?)
    })
}

fn headers_too_large() -> TransportError {
    let text = "the headers of the answer are longer than 32 KiB; check that the URL is the token endpoint";
    TransportError::new(TransportErrorKind::TooLarge, text, true)
}

fn out_of_memory(length: usize) -> TransportError {
    let text =
        format!("there is no memory for {length} bytes of the answer; free some, or set `max_response_bytes` lower");
    TransportError::new(TransportErrorKind::Other, text, true)
}

fn too_large() -> Error {
    Error::new(ErrorKind::Response, "the answer is longer than allowed")
}

fn kind_of(failure: OauthFailure) -> Option<(TransportErrorKind, &'static str)> {
    Some(match failure {
        OAUTH_FAILURE_RESOLVE => (TransportErrorKind::Resolve, "the host name has no address"),
        OAUTH_FAILURE_CONNECT => (TransportErrorKind::Connect, "no connection could be made"),
        OAUTH_FAILURE_PROXY => (TransportErrorKind::Proxy, "the proxy failed or refused"),
        OAUTH_FAILURE_TLS => (TransportErrorKind::Tls, "the TLS handshake failed"),
        OAUTH_FAILURE_TIMEOUT => (TransportErrorKind::Timeout, "the time limit passed"),
        OAUTH_FAILURE_INTERRUPTED => (TransportErrorKind::Interrupted, "the connection ended before the answer did"),
        OAUTH_FAILURE_PROTOCOL => (TransportErrorKind::Protocol, "the answer is not HTTP"),
        OAUTH_FAILURE_OTHER => (TransportErrorKind::Other, "the host's transport failed"),
        _ => return None,
    })
}

/// Whether the server may have seen a request that failed there.
fn may_be_sent(kind: TransportErrorKind) -> bool {
    !matches!(
        kind,
        TransportErrorKind::Resolve | TransportErrorKind::Connect | TransportErrorKind::Proxy | TransportErrorKind::Tls
    )
}
