use std::ffi::{c_char, c_int, c_void};

use crate::config::Config;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;

use super::config::OauthConfig;
use super::guard::{counted_text, guard_status};
use super::status::OauthStatus;
use super::userdata::{OauthFreeFn, Userdata, failure_of, set_callback};

/// Where a secret callback puts the secret. It can be written and not read, and is valid during the call only.
pub struct OauthSecretSlot(Option<Secret>);

/// Gives the client's secret: puts it into the slot with oauth_secret_slot_set() and returns 0, or returns a number of
/// its own, which oauth_error_callback_code() repeats.
///
/// `was_refused` says that the secret it gave last has just been refused by the server: it should give another if it
/// has one. It runs on the thread of whoever asked for a token, and may run on several at the same time. It must not
/// ask the same client for a token (OAUTH_ERROR_REENTRANT), nor leave by longjmp or a C++ exception.
pub type OauthSecretFn =
    Option<unsafe extern "C" fn(userdata: *mut c_void, was_refused: bool, slot: *mut OauthSecretSlot) -> c_int>;

type SecretFunction = unsafe extern "C" fn(*mut c_void, bool, *mut OauthSecretSlot) -> c_int;

/// Puts `len` bytes into the slot, which are copied and need no terminator.
///
/// Returns OAUTH_OK, or OAUTH_ERROR_ARGUMENT where an argument is NULL or the secret is not UTF-8. Of several, the last
/// that was put there counts; one that is empty, holds a NUL or ends with a line end fails the call that asked
/// (OAUTH_ERROR_SECRET).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_secret_slot_set(
    slot: *mut OauthSecretSlot,
    secret: *const c_char,
    len: usize,
) -> OauthStatus {
    guard_status(|| {
        // SAFETY: the host passes NULL or the slot of the call that is running.
        let Some(OauthSecretSlot(slot)) = (unsafe { slot.as_mut() }) else {
            return Err(Error::new(ErrorKind::Argument, "argument `slot` is NULL"));
        };
        // SAFETY: the host passes NULL or `len` readable bytes.
        *slot = Some(Secret::new(unsafe { counted_text(secret, len, "secret") }?));
        Ok(())
    })
}

/// Has the client ask a function for its secret instead of `client_secret`: once for each token that it fetches or renews,
/// and once more, with `was_refused`, where the server refuses the secret. A request that is repeated, because it failed
/// in a way that may pass or for another basic_encoding, holds the same secret.
///
/// Where a refresh token was sent and is of no use, the function is asked again for the request that follows. It is not
/// asked while client_secret_alternate, which worked last, still works; nor during the pause after a failure; nor after
/// oauth_client_set_secret(), nor by clients derived with a secret of their own.
///
/// `free_fn` is called with `userdata` exactly once: when the last config or client that holds the callback is freed, or
/// at once if this call fails; it may be NULL. Returns OAUTH_OK or OAUTH_ERROR_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_config_set_secret_callback(
    config: *mut OauthConfig,
    callback: OauthSecretFn,
    userdata: *mut c_void,
    free_fn: OauthFreeFn,
) -> OauthStatus {
    let set = |config: &mut Config, callback: SecretFunction, userdata: Userdata| {
        config.set_secret_function(move |request| {
            let mut slot = OauthSecretSlot(None);
            // SAFETY: the host gave this function for this userdata, and the slot outlives the call.
            let code = unsafe { callback(userdata.pointer(), request.was_refused, &mut slot) };
            if code != 0 {
                let text = failure_of("secret", code);
                return Err(Error::new(ErrorKind::Secret, text).with_callback_code(code));
            }
            let nothing = "the secret callback returned 0 without putting a secret into the slot";
            slot.0.ok_or_else(|| Error::new(ErrorKind::Secret, nothing))
        });
    };
    // SAFETY: the host passes NULL or a live config that no other thread uses.
    unsafe { set_callback(config, callback, Userdata::new(userdata, free_fn), set) }
}
