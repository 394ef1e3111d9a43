use std::ffi::{CString, c_char, c_int, c_void};
use std::time::Duration;

use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use crate::transport::Request;

use super::config::OauthConfig;
use super::guard::{counted_text, guard_status, guard_value, text};
use super::status::OauthStatus;
use super::userdata::{OauthFreeFn, Userdata, failure_of, set_callback};

/// A request to the server, for a request callback, which may change it, or a transport callback, which sends it. Valid
/// during the call only, on its thread only.
pub struct OauthRequest<'a> {
    request: Access<'a>,
    method: CString,
    url: Secret,
    /// Of the headers, in their order.
    names: Vec<CString>,
    clock: SystemClock,
    /// When the time that is left was measured.
    start: Duration,
    /// Why the last change was refused.
    refusal: Option<String>,
}

/// What a callback may do to the request.
enum Access<'a> {
    Change(&'a mut Request),
    Read(&'a Request),
}

impl<'a> OauthRequest<'a> {
    /// For a callback that changes it.
    fn changeable(request: &'a mut Request) -> Self {
        Self::new(Access::Change(request))
    }

    /// For a callback that sends it.
    pub(super) fn readable(request: &'a Request) -> Self {
        Self::new(Access::Read(request))
    }

    fn new(request: Access<'a>) -> Self {
        let clock = SystemClock::new();
        let mut handle = Self {
            method: CString::default(),
            url: Secret::default(),
            names: Vec::new(),
            start: clock.now().monotonic,
            clock,
            refusal: None,
            request,
        };
        handle.method = terminated(handle.request().method());
        handle.read_url();
        handle.read_names();
        handle
    }

    fn request(&self) -> &Request {
        match &self.request {
            Access::Change(request) => request,
            Access::Read(request) => request,
        }
    }

    fn change(&mut self, change: impl FnOnce(&mut Request) -> Result<(), String>) -> Result<(), Error> {
        let outcome = match &mut self.request {
            Access::Change(request) => change(request),
            Access::Read(_) => Err("argument `request` is being sent and cannot be changed".into()),
        };
        outcome.map_err(|reason| {
            self.refusal = Some(reason.clone());
            Error::new(ErrorKind::Argument, reason)
        })
    }

    fn read_url(&mut self) {
        self.url = Secret::from(self.request().url().as_text());
    }

    fn read_names(&mut self) {
        self.names = self.request().headers().map(|(name, _)| terminated(name)).collect();
    }
}

/// Changes a token request before it is sent, and returns 0; or returns a number of its own, which
/// oauth_error_callback_code() repeats, and nothing is sent.
///
/// It runs on the thread of whoever asked for a token, and may run on several at the same time. It must not ask the same
/// client for a token (OAUTH_ERROR_REENTRANT), nor leave by longjmp or a C++ exception.
pub type OauthRequestFn = Option<unsafe extern "C" fn(userdata: *mut c_void, request: *mut OauthRequest<'_>) -> c_int>;

type RequestFunction = unsafe extern "C" fn(*mut c_void, *mut OauthRequest<'_>) -> c_int;

/// The method, such as "POST"; NULL only if `request` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_request_method(request: *const OauthRequest<'_>) -> *const c_char {
    // SAFETY: the host passes NULL or the request of the call that is running.
    unsafe { read(request, |request| request.method.as_ptr()) }
}

/// The URL in full, its query included; NULL only if `request` is NULL. It stays valid until the URL is set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_request_url(request: *const OauthRequest<'_>) -> *const c_char {
    // SAFETY: the host passes NULL or the request of the call that is running.
    unsafe { read(request, |request| request.url.as_c_str().as_ptr()) }
}

/// The value of a header, by its name in any case; NULL if there is none. It stays valid until a header is set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_request_header(request: *const OauthRequest<'_>, name: *const c_char) -> *const c_char {
    let header = |request: &OauthRequest<'_>| {
        // SAFETY: the host passes NULL or a terminated string.
        let name = unsafe { text(name, "name") }.ok();
        pointer_to(name.and_then(|name| request.request().find_header(name)))
    };
    // SAFETY: the host passes NULL or the request of the call that is running.
    unsafe { read(request, header) }
}

/// How many headers there are. Host, Content-Length and Connection are not among them: they are the transport's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_request_header_count(request: *const OauthRequest<'_>) -> usize {
    // SAFETY: the host passes NULL or the request of the call that is running.
    unsafe { read_value(request, 0, |request| request.names.len()) }
}

/// The name of the header at `index`, which counts from 0; NULL beyond the last. It stays valid until a header is set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_request_header_name(request: *const OauthRequest<'_>, index: usize) -> *const c_char {
    let name = |request: &OauthRequest<'_>| request.names.get(index).map_or(std::ptr::null(), |name| name.as_ptr());
    // SAFETY: the host passes NULL or the request of the call that is running.
    unsafe { read(request, name) }
}

/// The value of the header at `index`, which counts from 0; NULL beyond the last. It stays valid until a header is set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_request_header_value(request: *const OauthRequest<'_>, index: usize) -> *const c_char {
    let value = |request: &OauthRequest<'_>| pointer_to(request.request().headers.get(index).map(|(_, value)| value));
    // SAFETY: the host passes NULL or the request of the call that is running.
    unsafe { read(request, value) }
}

/// The body; NULL if there is none. It stays valid until the body is set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_request_body(request: *const OauthRequest<'_>) -> *const c_char {
    // SAFETY: the host passes NULL or the request of the call that is running.
    unsafe { read(request, |request| pointer_to(request.request().body.as_ref())) }
}

/// How many bytes the body has, without its terminator; 0 if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_request_body_length(request: *const OauthRequest<'_>) -> usize {
    // SAFETY: the host passes NULL or the request of the call that is running.
    unsafe { read_value(request, 0, |request| request.request().body().map_or(0, str::len)) }
}

/// How many milliseconds are left, from now to the last byte of the answer; 0 when the time is over.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_request_remaining_ms(request: *const OauthRequest<'_>) -> i64 {
    let remaining = |request: &OauthRequest<'_>| {
        let passed = request.clock.now().monotonic.saturating_sub(request.start);
        i64::try_from(request.request().timeout().saturating_sub(passed).as_millis()).unwrap_or(i64::MAX)
    };
    // SAFETY: the host passes NULL or the request of the call that is running.
    unsafe { read_value(request, 0, remaining) }
}

/// Whether oauth_client_cancel() has been called meanwhile, so that the answer is of no use any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_request_is_cancelled(request: *const OauthRequest<'_>) -> bool {
    // SAFETY: the host passes NULL or the request of the call that is running.
    unsafe { read_value(request, false, |request| request.request().cancellation().is_cancelled()) }
}

/// How many bytes the body of the answer may have at most (option max_response_bytes).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_request_max_response_bytes(request: *const OauthRequest<'_>) -> usize {
    // SAFETY: the host passes NULL or the request of the call that is running.
    unsafe { read_value(request, 0, |request| request.request().max_response_bytes()) }
}

/// Sets a header, in the place of one of that name; both strings are copied.
///
/// Returns OAUTH_OK, or OAUTH_ERROR_ARGUMENT where an argument is NULL, not UTF-8, or nothing that a header can have, or
/// where the request is a transport callback's, which only sends it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_request_set_header(
    request: *mut OauthRequest<'_>,
    name: *const c_char,
    value: *const c_char,
) -> OauthStatus {
    guard_status(|| {
        // SAFETY: the host passes NULL or the request of the call that is running.
        let request = unsafe { request.as_mut() }.ok_or_else(is_null)?;
        // Copied first: the host may have read them from the request that changes.
        // SAFETY: the host passes NULL or terminated strings.
        let (name, value) = unsafe { (Secret::new(text(name, "name")?), Secret::new(text(value, "value")?)) };
        request.change(|request| request.set_header(name.expose(), value))?;
        // Only here: the host may hold them while it sets anything else.
        request.read_names();
        Ok(())
    })
}

/// Sets the URL, which is copied, for a path or a query that must be computed, such as a signature over the parameters
/// in it.
///
/// Returns OAUTH_OK, or OAUTH_ERROR_ARGUMENT where an argument is NULL, or the URL is none or has another scheme, host or
/// port: secrets leave for the configured host only. A callback that then fails has the reason told in its error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_request_set_url(request: *mut OauthRequest<'_>, url: *const c_char) -> OauthStatus {
    guard_status(|| {
        // SAFETY: the host passes NULL or the request of the call that is running.
        let request = unsafe { request.as_mut() }.ok_or_else(is_null)?;
        // SAFETY: the host passes NULL or a terminated string, which may be a part of the request that changes.
        let url = Secret::new(unsafe { text(url, "url") }?);
        request.change(|request| request.set_url(url.expose()))?;
        request.read_url();
        Ok(())
    })
}

/// Sets the body to `len` bytes, which are copied and need no terminator.
///
/// Returns OAUTH_OK, or OAUTH_ERROR_ARGUMENT where an argument is NULL, or the body is not UTF-8 or holds a NUL, or where
/// the request is a transport callback's, which only sends it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_request_set_body(
    request: *mut OauthRequest<'_>,
    body: *const c_char,
    len: usize,
) -> OauthStatus {
    guard_status(|| {
        // SAFETY: the host passes NULL or the request of the call that is running.
        let request = unsafe { request.as_mut() }.ok_or_else(is_null)?;
        // SAFETY: the host passes NULL or `len` readable bytes, which may be a part of the request that changes.
        let body = Secret::new(unsafe { counted_text(body, len, "body") }?);
        request.change(|request| {
            if body.has_inner_nul() {
                return Err("argument `body` holds a NUL, which C cannot read back".into());
            }
            request.set_body(body);
            Ok(())
        })
    })
}

/// Has clients let a function change each token request before it is sent: for values that no placeholder can express,
/// such as a signature over the others.
///
/// `free_fn` is called with `userdata` exactly once: when the last config or client that holds the callback is freed, or
/// at once if this call fails; it may be NULL. Returns OAUTH_OK or OAUTH_ERROR_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_config_set_request_callback(
    config: *mut OauthConfig,
    callback: OauthRequestFn,
    userdata: *mut c_void,
    free_fn: OauthFreeFn,
) -> OauthStatus {
    let set = |config: &mut Config, callback: RequestFunction, userdata: Userdata| {
        config.set_request_hook(move |request| {
            let mut handle = OauthRequest::changeable(request);
            // SAFETY: the host gave this function for this userdata, and the request outlives the call.
            let code = unsafe { callback(userdata.pointer(), &mut handle) };
            if code != 0 {
                let reason = handle.refusal.map(|reason| format!(": {reason}")).unwrap_or_default();
                let text = format!("{}{reason}", failure_of("request", code));
                return Err(Error::new(ErrorKind::Callback, text).with_callback_code(code));
            }
            Ok(())
        });
    };
    // SAFETY: the host passes NULL or a live config that no other thread uses.
    unsafe { set_callback(config, callback, Userdata::new(userdata, free_fn), set) }
}

/// # Safety
///
/// `request` is NULL or the request of the call that is running.
unsafe fn read(
    request: *const OauthRequest<'_>,
    part: impl FnOnce(&OauthRequest<'_>) -> *const c_char,
) -> *const c_char {
    // SAFETY: as for this function.
    unsafe { read_value(request, std::ptr::null(), part) }
}

/// # Safety
///
/// `request` is NULL or the request of the call that is running.
unsafe fn read_value<T: Copy>(
    request: *const OauthRequest<'_>,
    absent: T,
    part: impl FnOnce(&OauthRequest<'_>) -> T,
) -> T {
    // SAFETY: as for this function.
    let request = unsafe { request.as_ref() };
    guard_value(absent, || request.map_or(absent, part))
}

fn terminated(text: &str) -> CString {
    CString::new(text).unwrap_or_default()
}

fn pointer_to(text: Option<&Secret>) -> *const c_char {
    text.map_or(std::ptr::null(), |text| text.as_c_str().as_ptr())
}

fn is_null() -> Error {
    Error::new(ErrorKind::Argument, "argument `request` is NULL")
}
