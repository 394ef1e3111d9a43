use std::ffi::{CString, c_char};

use crate::error::Error;

use super::guard::{guard_value, wait_ms};
use super::status::{OAUTH_OK, OauthStatus, status_of};

/// Why a call failed. Immutable; thread-safe. Strings read from it live as long as it does.
pub struct OauthError {
    error: Error,
    message: CString,
    code: Option<CString>,
    description: Option<CString>,
}

impl OauthError {
    pub(super) fn new(error: Error) -> Self {
        Self {
            message: terminated(error.message()),
            code: error.code().map(terminated),
            description: error.description().map(terminated),
            error,
        }
    }
}

/// The status that the failed call returned; OAUTH_OK if `error` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_error_status(error: *const OauthError) -> OauthStatus {
    // SAFETY: the host passes NULL or a live error.
    unsafe { read(error, OAUTH_OK, |error| status_of(error.error.kind())) }
}

/// The whole story in one line: the option or the thing received, and the likely fix. It holds no secret and no token.
/// NULL only if `error` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_error_message(error: *const OauthError) -> *const c_char {
    // SAFETY: the host passes NULL or a live error.
    unsafe { read(error, std::ptr::null(), |error| error.message.as_ptr()) }
}

/// The error code that the server sent, such as "invalid_client" (RFC 6749 section 5.2), or one of its own; NULL if it
/// sent none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_error_code(error: *const OauthError) -> *const c_char {
    // SAFETY: the host passes NULL or a live error.
    unsafe { read(error, std::ptr::null(), |error| pointer_to(&error.code)) }
}

/// What the server said in words, on one line and cut to a sane length; NULL if it said nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_error_description(error: *const OauthError) -> *const c_char {
    // SAFETY: the host passes NULL or a live error.
    unsafe { read(error, std::ptr::null(), |error| pointer_to(&error.description)) }
}

/// The status of the HTTP answer, such as 401; 0 if there was none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_error_http_status(error: *const OauthError) -> i32 {
    // SAFETY: the host passes NULL or a live error.
    unsafe { read(error, 0, |error| error.error.http_status().map_or(0, i32::from)) }
}

/// How many milliseconds from the failed call on until the client will ask the server again, rounded up; -1 if it does not
/// say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_error_retry_in_ms(error: *const OauthError) -> i64 {
    // SAFETY: the host passes NULL or a live error.
    unsafe { read(error, -1, |error| error.error.retry_in().map_or(-1, wait_ms)) }
}

/// Whether the same call may succeed later without anything being put right.
///
/// That includes a 4xx that names no OAuth error, 401 and 403 aside: a wrong URL is answered so (404, 405, 415), and so is
/// any request by a gateway whose service restarts. It is not tried again within the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_error_is_retryable(error: *const OauthError) -> bool {
    // SAFETY: the host passes NULL or a live error.
    unsafe { read(error, false, |error| error.error.is_retryable()) }
}

/// Whether this is an earlier failure told again, without a request.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_error_is_repeated(error: *const OauthError) -> bool {
    // SAFETY: the host passes NULL or a live error.
    unsafe { read(error, false, |error| error.error.is_repeated()) }
}

/// What your callback returned when it failed; 0 if no callback did.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_error_callback_code(error: *const OauthError) -> i32 {
    // SAFETY: the host passes NULL or a live error.
    unsafe { read(error, 0, |error| error.error.callback_code().unwrap_or(0)) }
}

/// Frees an error and the strings read from it. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_error_free(error: *mut OauthError) {
    if error.is_null() {
        return;
    }
    // SAFETY: the host passes an error that this library gave out and that nobody uses any more.
    guard_value((), || drop(unsafe { Box::from_raw(error) }));
}

/// # Safety
///
/// `error` is NULL or a live error.
unsafe fn read<T: Copy>(error: *const OauthError, absent: T, part: impl FnOnce(&OauthError) -> T) -> T {
    // SAFETY: the caller promises NULL or a live error.
    let error = unsafe { error.as_ref() };
    guard_value(absent, || error.map_or(absent, part))
}

fn pointer_to(text: &Option<CString>) -> *const c_char {
    text.as_ref().map_or(std::ptr::null(), |text| text.as_ptr())
}

fn terminated(text: &str) -> CString {
    CString::new(text.replace('\0', " ")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use std::time::Duration;

    #[test]
    fn who_waits_as_long_as_it_is_told_does_not_come_early() {
        let error = Error::new(ErrorKind::Server, "it failed").with_retry_in(Duration::from_micros(1_001));
        // SAFETY: the error is a local.
        assert_eq!(unsafe { oauth_error_retry_in_ms(&OauthError::new(error)) }, 2);
    }
}
