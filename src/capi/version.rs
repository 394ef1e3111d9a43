use std::ffi::{CStr, c_char};

/// The major version of the header.
pub const OAUTH_VERSION_MAJOR: u32 = 0;
/// The minor version of the header.
pub const OAUTH_VERSION_MINOR: u32 = 1;
/// The patch version of the header.
pub const OAUTH_VERSION_PATCH: u32 = 0;
/// The version of the header as one number, `major << 16 | minor << 8 | patch`; compare it with
/// oauth_version_number(), the version of the library.
pub const OAUTH_VERSION_NUMBER: u32 = OAUTH_VERSION_MAJOR << 16 | OAUTH_VERSION_MINOR << 8 | OAUTH_VERSION_PATCH;

/// The version of the library as text, such as "0.1.0".
///
/// The string is static and need not be freed. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn oauth_version() -> *const c_char {
    const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };
    VERSION.as_ptr()
}

/// The version of the library as one number, `major << 16 | minor << 8 | patch`. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn oauth_version_number() -> u32 {
    OAUTH_VERSION_NUMBER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_of_the_version_agree_with_the_crate_s() {
        // SAFETY: the function returns a static string.
        let text = unsafe { CStr::from_ptr(oauth_version()) };
        assert_eq!(text.to_str(), Ok(env!("CARGO_PKG_VERSION")));
        let parts = [OAUTH_VERSION_MAJOR, OAUTH_VERSION_MINOR, OAUTH_VERSION_PATCH];
        assert_eq!(parts.map(|part| part.to_string()).join("."), env!("CARGO_PKG_VERSION"));
        let [major, minor, patch] = parts;
        assert_eq!(oauth_version_number(), major << 16 | minor << 8 | patch);
    }
}
