use std::ffi::c_char;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use crate::token::{Token, TokenData};

use super::guard::{guard_value, text};

/// An access token and what the server said about it. Immutable and reference-counted; thread-safe.
///
/// Strings read from it live as long as it does. It does not depend on the client it came from.
pub struct OauthToken {
    /// Never made: the handle points to the token that the cache shares, so that handing it out allocates nothing.
    _opaque: [u8; 0],
}

impl OauthToken {
    /// Passes one reference to the host.
    pub(super) fn handle(token: Token) -> *mut OauthToken {
        Arc::into_raw(token.into_data()).cast_mut().cast()
    }
}

/// The access token itself (RFC 6749 section 1.4); NULL only if `token` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_token_access_token(token: *const OauthToken) -> *const c_char {
    // SAFETY: the host passes NULL or a live token.
    unsafe { read_text(token, |data| Some(data.access_token_text())) }
}

/// "Bearer …", ready to be the value of an Authorization header (RFC 6750 section 2.1); NULL only if `token` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_token_authorization(token: *const OauthToken) -> *const c_char {
    // SAFETY: the host passes NULL or a live token.
    unsafe { read_text(token, |data| Some(data.authorization_text())) }
}

/// The token_type as the server wrote it; NULL if it did not. However it is written, the token is a bearer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_token_token_type(token: *const OauthToken) -> *const c_char {
    // SAFETY: the host passes NULL or a live token.
    unsafe { read_text(token, TokenData::token_type_text) }
}

/// The scope that the server says it granted; NULL if it said nothing, which means what was asked for (RFC 6749
/// section 5.1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_token_scope(token: *const OauthToken) -> *const c_char {
    // SAFETY: the host passes NULL or a live token.
    unsafe { read_text(token, TokenData::scope_text) }
}

/// The ID token, where the server sent one; NULL if it did not. It is not checked.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_token_id_token(token: *const OauthToken) -> *const c_char {
    // SAFETY: the host passes NULL or a live token.
    unsafe { read_text(token, TokenData::id_token_text) }
}

/// Any other field of the server's answer: texts as they are, all else as JSON; NULL if there is none of that name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_token_field(token: *const OauthToken, name: *const c_char) -> *const c_char {
    // SAFETY: the host passes NULL or a live token, and NULL or a terminated string.
    unsafe { read_text(token, |data| data.field_text(text(name, "name").ok()?)) }
}

/// The end of the token's life in seconds since 1970-01-01T00:00:00Z; 0 if `token` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_token_expires_at(token: *const OauthToken) -> i64 {
    // SAFETY: the host passes NULL or a live token.
    unsafe { read(token, 0, |data| i64::try_from(data.expires_at()).unwrap_or(i64::MAX)) }
}

/// How much of the token's life is left, in milliseconds; 0 or less when it is over, or if `token` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_token_expires_in_ms(token: *const OauthToken) -> i64 {
    // SAFETY: the host passes NULL or a live token.
    unsafe { read(token, 0, TokenData::expires_in_ms) }
}

/// Whether the server named no lifetime that makes sense, so that the option default_expires_in stands in; false if
/// `token` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_token_is_expiry_assumed(token: *const OauthToken) -> bool {
    // SAFETY: the host passes NULL or a live token.
    unsafe { read(token, false, TokenData::is_expiry_assumed) }
}

/// Another handle to the same token, to be freed on its own with oauth_token_free(); NULL if `token` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_token_clone(token: *const OauthToken) -> *mut OauthToken {
    guard_value(std::ptr::null_mut(), || {
        // SAFETY: the host passes NULL or a live token.
        match unsafe { data_of(token) } {
            Ok(data) => OauthToken::handle(Token::from_data(data)),
            Err(_) => std::ptr::null_mut(),
        }
    })
}

/// Frees a token and the strings read from it. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_token_free(token: *mut OauthToken) {
    if token.is_null() {
        return;
    }
    // SAFETY: the host passes a handle that this library gave out and that it uses no more; each holds one reference.
    guard_value((), || drop(unsafe { Arc::from_raw(token.cast_const().cast::<TokenData>()) }));
}

/// Another reference to what a handle points to.
///
/// # Safety
///
/// `token` is NULL or a live handle.
pub(super) unsafe fn data_of(token: *const OauthToken) -> Result<Arc<TokenData>, Error> {
    if token.is_null() {
        return Err(Error::new(ErrorKind::Argument, "argument `token` is NULL"));
    }
    let data = token.cast::<TokenData>();
    // SAFETY: a live handle came from `Arc::into_raw` and holds a reference; this adds the one that is returned.
    unsafe {
        Arc::increment_strong_count(data);
        Ok(Arc::from_raw(data))
    }
}

/// # Safety
///
/// `token` is NULL or a live handle.
unsafe fn read_text(
    token: *const OauthToken,
    part: impl for<'a> FnOnce(&'a TokenData) -> Option<&'a Secret>,
) -> *const c_char {
    // SAFETY: as for this function.
    unsafe {
        read(token, std::ptr::null(), |data| part(data).map_or(std::ptr::null(), |text| text.as_c_str().as_ptr()))
    }
}

/// # Safety
///
/// `token` is NULL or a live handle.
unsafe fn read<T: Copy>(token: *const OauthToken, absent: T, part: impl FnOnce(&TokenData) -> T) -> T {
    // SAFETY: a live handle points to the data that it holds a reference to.
    let data = unsafe { token.cast::<TokenData>().as_ref() };
    guard_value(absent, || data.map_or(absent, part))
}
