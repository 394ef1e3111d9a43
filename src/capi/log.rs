use std::ffi::{CString, c_char, c_int, c_void};

use crate::config::Config;
use crate::error::ErrorKind;
use crate::event::{Event, EventKind};

use super::config::OauthConfig;
use super::status::OauthStatus;
use super::userdata::{OauthFreeFn, Userdata, set_callback};

/// No token could be had.
pub const OAUTH_LOG_ERROR: c_int = 1;
/// A renewal failed, and the token in hand is still good; a token's lifetime had to be assumed; or an API refused one token
/// after another, so that the last one stays in use for a while.
pub const OAUTH_LOG_WARN: c_int = 2;
/// A token was had, or dropped because an API refused it; or the client was told to stop while it asked.
pub const OAUTH_LOG_INFO: c_int = 3;
/// Requests begun, callers that waited, failures told again.
pub const OAUTH_LOG_DEBUG: c_int = 4;

/// Receives a line of log without a line end; the text is valid during the call only and holds no secret and no token.
///
/// It begins with the client that speaks, `[my-service]`; one that was derived from another has a number and the options
/// that were set for it behind its client_id, `[my-service #2, scope=write]`, with values only where none is a secret.
///
/// It runs on the thread on which the thing happened, without a lock held, and may run on several at the same time. It
/// must not ask a client that it logs for a token, which would log again, nor leave by longjmp or a C++ exception.
pub type OauthLogFn = Option<unsafe extern "C" fn(userdata: *mut c_void, level: c_int, message: *const c_char)>;

type LogFunction = unsafe extern "C" fn(*mut c_void, c_int, *const c_char);

/// Has clients tell a function what they do, up to and including `max_level` (OAUTH_LOG_…).
///
/// `free_fn` is called with `userdata` exactly once: when the last config or client that holds the callback is freed, or
/// at once if this call fails; it may be NULL. Returns OAUTH_OK or OAUTH_ERROR_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_config_set_log(
    config: *mut OauthConfig,
    max_level: c_int,
    callback: OauthLogFn,
    userdata: *mut c_void,
    free_fn: OauthFreeFn,
) -> OauthStatus {
    let set = |config: &mut Config, callback: LogFunction, userdata: Userdata| {
        config.set_observer(move |event| {
            let level = level_of(event);
            if level > max_level {
                return;
            }
            let message = CString::new(event.to_string().replace('\0', " ")).unwrap_or_default();
            // SAFETY: the host gave this function for this userdata, and the message outlives the call.
            unsafe { callback(userdata.pointer(), level, message.as_ptr()) };
        });
    };
    // SAFETY: the host passes NULL or a live config that no other thread uses.
    unsafe { set_callback(config, callback, Userdata::new(userdata, free_fn), set) }
}

fn level_of(event: &Event<'_>) -> c_int {
    match event.kind {
        EventKind::Failed { error, .. } if error.kind() == ErrorKind::Cancelled => OAUTH_LOG_INFO,
        EventKind::Failed { is_early: false, .. } => OAUTH_LOG_ERROR,
        EventKind::Failed { is_early: true, .. }
        | EventKind::LifetimeAssumed { .. }
        | EventKind::Invalidated { is_dropped: false } => OAUTH_LOG_WARN,
        EventKind::Succeeded { .. } | EventKind::Invalidated { is_dropped: true } => OAUTH_LOG_INFO,
        EventKind::Started { .. }
        | EventKind::ServedWhileDue
        | EventKind::Waited { .. }
        | EventKind::Throttled { .. } => OAUTH_LOG_DEBUG,
    }
}
