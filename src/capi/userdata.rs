//! What a host hangs on a callback.

use std::ffi::c_void;

use crate::config::Config;
use crate::error::{Error, ErrorKind};

use super::config::OauthConfig;
use super::guard::guard_status;
use super::status::OauthStatus;

/// Frees the userdata of a callback. It is called exactly once, when nothing that could call the callback is left (or at
/// once if the setter fails), on any thread; NULL if there is nothing to free. It must not use the config or the client
/// that held the callback, nor leave by longjmp or a C++ exception.
pub type OauthFreeFn = Option<unsafe extern "C" fn(userdata: *mut c_void)>;

/// What `oauth_token.hpp` returns for a callback that threw.
const THREW: i32 = i32::MIN;

/// How a callback failed that returned this code.
pub(super) fn failure_of(callback: &str, code: i32) -> String {
    match code {
        THREW => format!("the {callback} callback threw an exception"),
        _ => format!("the {callback} callback failed with its code {code}"),
    }
}

/// A pointer of the host's that is given back once.
pub(super) struct Userdata {
    pointer: *mut c_void,
    free: OauthFreeFn,
}

// SAFETY: the pointer is only passed back to functions of the host, which promises that they may run on any thread, and
// several at a time.
unsafe impl Send for Userdata {}
// SAFETY: as above.
unsafe impl Sync for Userdata {}

impl Userdata {
    pub(super) fn new(pointer: *mut c_void, free: OauthFreeFn) -> Self {
        Self { pointer, free }
    }

    pub(super) fn pointer(&self) -> *mut c_void {
        self.pointer
    }
}

impl Drop for Userdata {
    fn drop(&mut self) {
        if let Some(free) = self.free {
            // SAFETY: the host gave this function for this pointer, and this is the only call.
            unsafe { free(self.pointer) };
        }
    }
}

/// Hangs a callback on a config. Whatever is wrong, `free` runs; the callback itself may be missing.
///
/// # Safety
///
/// `config` is NULL or a live config that no other thread uses.
pub(super) unsafe fn set_callback<F>(
    config: *mut OauthConfig,
    callback: Option<F>,
    userdata: Userdata,
    set: impl FnOnce(&mut Config, F, Userdata),
) -> OauthStatus {
    guard_status(|| {
        // SAFETY: the caller promises NULL or a live config.
        let Some(OauthConfig(config)) = (unsafe { config.as_mut() }) else {
            return Err(Error::new(ErrorKind::Argument, "argument `config` is NULL"));
        };
        let Some(callback) = callback else {
            return config.remember(Err(Error::new(ErrorKind::Argument, "argument `callback` is NULL")));
        };
        set(config, callback, userdata);
        Ok(())
    })
}
