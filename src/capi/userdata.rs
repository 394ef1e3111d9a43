//! What a host hangs on a callback.

use std::ffi::c_void;

/// Frees the userdata of a callback. It is called exactly once, when nothing that could call the callback is left (or at
/// once if the setter fails), on any thread; NULL if there is nothing to free.
pub type OauthFreeFn = Option<unsafe extern "C" fn(userdata: *mut c_void)>;

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
