use std::ffi::c_char;

use crate::config::Config;
use crate::error::{Error, ErrorKind};

use super::guard::{counted_text, guard_status, guard_value, text};
use super::loaded::stay_loaded;
use super::status::OauthStatus;

/// The options of a client, before it is made. Not thread-safe: use it from one thread at a time.
///
/// oauth_client_new() copies it; it may then be changed, used again, or freed.
pub struct OauthConfig(pub(super) Config);

/// Makes a config with no option set.
///
/// Never returns NULL, except after a fault in this library. Free it with oauth_config_free().
#[unsafe(no_mangle)]
pub extern "C" fn oauth_config_new() -> *mut OauthConfig {
    guard_value(std::ptr::null_mut(), || {
        // Nothing is done without a config.
        stay_loaded();
        Box::into_raw(Box::new(OauthConfig(Config::new())))
    })
}

/// Sets an option by its name from a terminated string; the README lists all options.
///
/// Durations are "30s", "500ms", "5m", "1h" or a bare number of seconds; sizes are "256KiB", "1MiB" or a bare number
/// of bytes; truth is "true" or "false". "param.NAME" and "header.NAME" add parameters and headers to the token
/// request. Both strings are copied.
///
/// Returns OAUTH_OK, OAUTH_ERROR_CONFIG (unknown name or impossible value) or OAUTH_ERROR_ARGUMENT. A failure is also
/// remembered and reported, with a message, by oauth_client_new(): checking there alone is enough. A later, better value
/// does not undo it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_config_set(
    config: *mut OauthConfig,
    name: *const c_char,
    value: *const c_char,
) -> OauthStatus {
    // SAFETY: the host passes NULL, or a live config and terminated strings.
    unsafe { set(config, name, || text(value, "value")) }
}

/// Sets an option by its name from `len` bytes that need no terminator; NULL with length 0 is empty text.
///
/// Otherwise as oauth_config_set(). A value that holds a NUL byte is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_config_set_bytes(
    config: *mut OauthConfig,
    name: *const c_char,
    value: *const c_char,
    len: usize,
) -> OauthStatus {
    // SAFETY: the host passes NULL, or a live config, a terminated name and `len` readable bytes.
    unsafe { set(config, name, || counted_text(value, len, "value")) }
}

/// Sets many options from a JSON object, such as {"token_url": "https://…", "timeout": 10, "param": {"tenant": "a"}}.
///
/// Returns and remembers failures as oauth_config_set().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_config_set_json(config: *mut OauthConfig, json: *const c_char) -> OauthStatus {
    // SAFETY: the host passes NULL, or a live config and a terminated string.
    unsafe { change(config, || text(json, "json"), Config::set_json) }
}

/// Sets what the environment names: OAUTH_TOKEN_URL, OAUTH_CLIENT_ID … for each option, and OAUTH_CONFIG, a JSON
/// object as for oauth_config_set_json(). A variable of its own wins over OAUTH_CONFIG; an empty one counts as not
/// set.
///
/// Returns and remembers failures as oauth_config_set(). No other thread may change the environment meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_config_set_from_env(config: *mut OauthConfig) -> OauthStatus {
    // SAFETY: the host passes NULL or a live config.
    unsafe { change(config, || Ok(()), |config, ()| config.set_from_env()) }
}

/// Frees a config. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_config_free(config: *mut OauthConfig) {
    if config.is_null() {
        return;
    }
    // SAFETY: the host passes a config that `oauth_config_new` made and that nobody uses any more.
    guard_value((), || drop(unsafe { Box::from_raw(config) }));
}

/// Sets one option, and names it where its value is no text.
///
/// # Safety
///
/// `config` is NULL or a live config that no other thread uses; `name` is NULL or a terminated string.
unsafe fn set<'a>(
    config: *mut OauthConfig,
    name: *const c_char,
    value: impl FnOnce() -> Result<&'a str, Error>,
) -> OauthStatus {
    let arguments = || {
        // SAFETY: the caller promises NULL or a terminated string.
        let name = unsafe { text(name, "name") }?;
        let value = value()
            .map_err(|error| Error::new(error.kind(), format!("option `{}`: {error}", crate::line::clean(name, 60))))?;
        Ok((name, value))
    };
    // SAFETY: as for this function.
    unsafe { change(config, arguments, |config, (name, value)| config.set(name, value)) }
}

/// Applies a change whose arguments are still to be checked; what is wrong with them is remembered like a bad value.
///
/// # Safety
///
/// `config` is NULL or a live config that no other thread uses.
unsafe fn change<T>(
    config: *mut OauthConfig,
    arguments: impl FnOnce() -> Result<T, Error>,
    apply: impl FnOnce(&mut Config, T) -> Result<(), Error>,
) -> OauthStatus {
    guard_status(|| {
        // SAFETY: the caller promises NULL or a live config.
        let Some(OauthConfig(config)) = (unsafe { config.as_mut() }) else {
            return Err(Error::new(ErrorKind::Argument, "argument `config` is NULL"));
        };
        match arguments() {
            Ok(arguments) => apply(config, arguments),
            Err(error) => config.remember(Err(error)),
        }
    })
}
