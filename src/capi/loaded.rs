//! Keeps the DLL of Windows loaded, as `-z nodelete` keeps the shared library of Linux; that is the linker's doing, see
//! `build.rs`.

/// Keeps `oauth_token.dll` until the process ends, where that is what the host has loaded; a static library goes with what it
/// is part of. Each load takes TLS indexes from the process for good, and where none is left the standard library aborts.
#[cfg(windows)]
pub(super) fn stay_loaded() {
    use std::ffi::{c_char, c_void};

    const GET_MODULE_HANDLE_EX_FLAG_PIN: u32 = 1;

    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn GetModuleHandleExA(flags: u32, name: *const c_char, module: *mut *mut c_void) -> i32;
    }

    let mut module = std::ptr::null_mut();
    // SAFETY: the name is terminated, and the handle, of which nothing is made, may be written.
    unsafe { GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_PIN, c"oauth_token.dll".as_ptr(), &raw mut module) };
}

#[cfg(not(windows))]
pub(super) fn stay_loaded() {}
