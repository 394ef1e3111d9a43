use std::ffi::{CStr, c_char};

use crate::error::ErrorKind;

/// The outcome of a call: OAUTH_OK, or one of the negative constants OAUTH_ERROR_….
///
/// Constants may be added and are never changed or reused; treat an unknown negative value as a failure.
pub type OauthStatus = i32;

/// The call did what it was asked to.
pub const OAUTH_OK: OauthStatus = 0;
/// An argument is NULL where it must not be, or text that is not UTF-8.
pub const OAUTH_ERROR_ARGUMENT: OauthStatus = -1;
/// An option is missing, misspelt or has a value that cannot be; the message names it.
pub const OAUTH_ERROR_CONFIG: OauthStatus = -2;
/// The secret could not be had from its source.
pub const OAUTH_ERROR_SECRET: OauthStatus = -3;
/// The server could not be reached, or the connection broke.
pub const OAUTH_ERROR_NETWORK: OauthStatus = -4;
/// No trusted TLS connection could be made.
pub const OAUTH_ERROR_TLS: OauthStatus = -5;
/// The time limit passed.
pub const OAUTH_ERROR_TIMEOUT: OauthStatus = -6;
/// The server said no: an OAuth error (RFC 6749 section 5.2), a 401 or 403, or an error of its own where the token should be.
pub const OAUTH_ERROR_REJECTED: OauthStatus = -7;
/// The server failed, is overloaded, or answered with a status of failure and no error of OAuth's.
pub const OAUTH_ERROR_SERVER: OauthStatus = -8;
/// The server's answer cannot be understood, or must not be used.
pub const OAUTH_ERROR_RESPONSE: OauthStatus = -9;
/// A grant that may be used once has been used, and nothing is left to ask with.
pub const OAUTH_ERROR_SPENT: OauthStatus = -10;
/// A callback of a client called the same client.
pub const OAUTH_ERROR_REENTRANT: OauthStatus = -11;
/// The client was told to stop.
pub const OAUTH_ERROR_CANCELLED: OauthStatus = -12;
/// A fault in this library or in a callback.
pub const OAUTH_ERROR_INTERNAL: OauthStatus = -13;
/// The host's request callback failed.
pub const OAUTH_ERROR_CALLBACK: OauthStatus = -14;

/// The name of a status, such as "OAUTH_ERROR_TLS"; "unknown status" for a value that is none.
///
/// The string is static and need not be freed. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn oauth_status_name(status: OauthStatus) -> *const c_char {
    name(status).as_ptr()
}

pub(super) fn status_of(kind: ErrorKind) -> OauthStatus {
    match kind {
        ErrorKind::Argument => OAUTH_ERROR_ARGUMENT,
        ErrorKind::Config => OAUTH_ERROR_CONFIG,
        ErrorKind::Secret => OAUTH_ERROR_SECRET,
        ErrorKind::Network => OAUTH_ERROR_NETWORK,
        ErrorKind::Tls => OAUTH_ERROR_TLS,
        ErrorKind::Timeout => OAUTH_ERROR_TIMEOUT,
        ErrorKind::Rejected => OAUTH_ERROR_REJECTED,
        ErrorKind::Server => OAUTH_ERROR_SERVER,
        ErrorKind::Response => OAUTH_ERROR_RESPONSE,
        ErrorKind::Spent => OAUTH_ERROR_SPENT,
        ErrorKind::Reentrant => OAUTH_ERROR_REENTRANT,
        ErrorKind::Cancelled => OAUTH_ERROR_CANCELLED,
        ErrorKind::Internal => OAUTH_ERROR_INTERNAL,
        ErrorKind::Callback => OAUTH_ERROR_CALLBACK,
    }
}

fn name(status: OauthStatus) -> &'static CStr {
    match status {
        OAUTH_OK => c"OAUTH_OK",
        OAUTH_ERROR_ARGUMENT => c"OAUTH_ERROR_ARGUMENT",
        OAUTH_ERROR_CONFIG => c"OAUTH_ERROR_CONFIG",
        OAUTH_ERROR_SECRET => c"OAUTH_ERROR_SECRET",
        OAUTH_ERROR_NETWORK => c"OAUTH_ERROR_NETWORK",
        OAUTH_ERROR_TLS => c"OAUTH_ERROR_TLS",
        OAUTH_ERROR_TIMEOUT => c"OAUTH_ERROR_TIMEOUT",
        OAUTH_ERROR_REJECTED => c"OAUTH_ERROR_REJECTED",
        OAUTH_ERROR_SERVER => c"OAUTH_ERROR_SERVER",
        OAUTH_ERROR_RESPONSE => c"OAUTH_ERROR_RESPONSE",
        OAUTH_ERROR_SPENT => c"OAUTH_ERROR_SPENT",
        OAUTH_ERROR_REENTRANT => c"OAUTH_ERROR_REENTRANT",
        OAUTH_ERROR_CANCELLED => c"OAUTH_ERROR_CANCELLED",
        OAUTH_ERROR_INTERNAL => c"OAUTH_ERROR_INTERNAL",
        OAUTH_ERROR_CALLBACK => c"OAUTH_ERROR_CALLBACK",
        _ => c"unknown status",
    }
}
