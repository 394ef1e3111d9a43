//! What stands between a host and the code behind the functions: pointers, text and panics.

use std::any::Any;
use std::ffi::{CStr, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::error::{Error, ErrorKind};

use super::error::OauthError;
use super::status::{OAUTH_OK, OauthStatus, status_of};

/// Runs the body of a function that reports its failure through `error_out`.
///
/// # Safety
///
/// `error_out` is NULL or points to a writable pointer.
pub(super) unsafe fn guard(error_out: *mut *mut OauthError, body: impl FnOnce() -> Result<(), Error>) -> OauthStatus {
    // SAFETY: the caller promises NULL or a writable pointer.
    unsafe { put(error_out, std::ptr::null_mut()) };
    match caught(body) {
        Ok(()) => OAUTH_OK,
        // SAFETY: as above.
        Err(error) => unsafe { report(error_out, error) },
    }
}

/// Passes an error to the host, if it wants it.
///
/// # Safety
///
/// As for [`guard`].
#[cold]
#[inline(never)]
unsafe fn report(error_out: *mut *mut OauthError, error: Error) -> OauthStatus {
    let status = status_of(error.kind());
    if !error_out.is_null() {
        // SAFETY: as for this function.
        unsafe { put(error_out, Box::into_raw(Box::new(OauthError::new(error)))) };
    }
    status
}

/// Runs the body of a function that reports by its status alone.
pub(super) fn guard_status(body: impl FnOnce() -> Result<(), Error>) -> OauthStatus {
    match caught(body) {
        Ok(()) => OAUTH_OK,
        Err(error) => status_of(error.kind()),
    }
}

/// Runs the body of a function that cannot fail; `fallback` is what a panic would return.
pub(super) fn guard_value<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    caught(|| Ok(body())).unwrap_or(fallback)
}

/// The object behind a handle.
///
/// # Safety
///
/// `pointer` is NULL or a live handle of this library.
pub(super) unsafe fn borrowed<'a, T>(pointer: *const T, argument: &str) -> Result<&'a T, Error> {
    // SAFETY: the caller promises NULL or a live handle.
    unsafe { pointer.as_ref() }.ok_or_else(|| is_null(argument))
}

/// Where a result goes.
pub(super) struct Place<T>(*mut *mut T);

impl<T> Place<T> {
    /// Sets the place to NULL, so that a failure leaves nothing foreign there.
    ///
    /// # Safety
    ///
    /// `pointer` is NULL or points to a writable pointer, for as long as this lives.
    pub(super) unsafe fn cleared(pointer: *mut *mut T, argument: &str) -> Result<Self, Error> {
        if pointer.is_null() {
            return Err(is_null(argument));
        }
        // SAFETY: not NULL, and the caller promises a writable pointer.
        unsafe { put(pointer, std::ptr::null_mut()) };
        Ok(Self(pointer))
    }

    /// Passes a result to the host.
    pub(super) fn fill(self, handle: *mut T) {
        // SAFETY: who made this promised a writable pointer.
        unsafe { put(self.0, handle) };
    }
}

/// Writes through a host's pointer unless it is NULL. What is there may be uninitialised, and two of a host's pointers may
/// be the same, so no reference is made of it.
///
/// # Safety
///
/// `pointer` is NULL or points to a writable pointer.
unsafe fn put<T>(pointer: *mut *mut T, value: *mut T) {
    if !pointer.is_null() {
        // SAFETY: not NULL, and the caller promises a writable pointer.
        unsafe { pointer.write(value) };
    }
}

/// A terminated string.
///
/// # Safety
///
/// `pointer` is NULL or points to a terminated string that lives as long as the call.
pub(super) unsafe fn text<'a>(pointer: *const c_char, argument: &str) -> Result<&'a str, Error> {
    if pointer.is_null() {
        return Err(is_null(argument));
    }
    // SAFETY: not NULL, and the caller promises a terminated string.
    unsafe { CStr::from_ptr(pointer) }.to_str().map_err(|_| is_not_utf8(argument))
}

/// A string of a given length; NULL with length 0 is empty.
///
/// # Safety
///
/// `pointer` is NULL or points to `length` readable bytes that live as long as the call.
pub(super) unsafe fn counted_text<'a>(pointer: *const c_char, length: usize, argument: &str) -> Result<&'a str, Error> {
    // SAFETY: as for this function.
    let bytes = unsafe { counted_bytes(pointer, length, argument) }?;
    std::str::from_utf8(bytes).map_err(|_| is_not_utf8(argument))
}

/// Bytes of a given number; NULL with length 0 is none.
///
/// # Safety
///
/// `pointer` is NULL or points to `length` readable bytes that live as long as the call.
pub(super) unsafe fn counted_bytes<'a>(
    pointer: *const c_char,
    length: usize,
    argument: &str,
) -> Result<&'a [u8], Error> {
    if length == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(is_null(argument));
    }
    check_length(length, argument)?;
    // SAFETY: not NULL, no longer than an object can be, and the caller promises that many readable bytes.
    Ok(unsafe { std::slice::from_raw_parts(pointer.cast::<u8>(), length) })
}

/// Refuses what no object can have, before anything of it is touched.
pub(super) fn check_length(length: usize, argument: &str) -> Result<(), Error> {
    if isize::try_from(length).is_err() {
        return Err(Error::new(ErrorKind::Argument, format!("argument `{argument}`: {length} bytes cannot exist")));
    }
    Ok(())
}

/// How long to wait, in milliseconds, rounded up: a timer that is set to it must not come early.
pub(super) fn wait_ms(wait: Duration) -> i64 {
    i64::try_from(wait.as_nanos().div_ceil(1_000_000)).unwrap_or(i64::MAX)
}

fn caught<T>(body: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| Err(has_panicked(payload)))
}

#[cold]
#[inline(never)]
fn has_panicked(payload: Box<dyn Any + Send>) -> Error {
    // Dropping it runs code that may panic again.
    std::mem::forget(payload);
    Error::new(ErrorKind::Internal, "a panic was caught at the C interface; its message is on standard error")
}

#[cold]
#[inline(never)]
fn is_null(argument: &str) -> Error {
    Error::new(ErrorKind::Argument, format!("argument `{argument}` is NULL"))
}

#[cold]
#[inline(never)]
fn is_not_utf8(argument: &str) -> Error {
    Error::new(ErrorKind::Argument, format!("argument `{argument}` is not UTF-8"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::capi::status::{OAUTH_ERROR_ARGUMENT, OAUTH_ERROR_INTERNAL};

    #[test]
    fn a_panic_becomes_a_status_and_an_error() {
        let mut error: *mut OauthError = std::ptr::null_mut();
        // SAFETY: the place for the error is a local.
        let status = unsafe { guard(&mut error, || std::panic::resume_unwind(Box::new(5))) };
        assert_eq!(status, OAUTH_ERROR_INTERNAL);
        assert!(!error.is_null());
        // SAFETY: `guard` made it with `Box::into_raw`, and nobody else has it.
        drop(unsafe { Box::from_raw(error) });
        assert_eq!(guard_status(|| std::panic::resume_unwind(Box::new(5))), OAUTH_ERROR_INTERNAL);
        assert_eq!(guard_value(7, || std::panic::resume_unwind(Box::new(5))), 7);
    }

    #[test]
    fn lengths_that_cannot_exist_are_refused() {
        let byte = 0;
        // SAFETY: a length that cannot be is refused before anything is read.
        let refused = unsafe { counted_text(&byte, usize::MAX, "value") };
        assert_eq!(status_of(refused.unwrap_err().kind()), OAUTH_ERROR_ARGUMENT);
        // SAFETY: nothing is read where the length is 0.
        assert_eq!(unsafe { counted_text(std::ptr::null(), 0, "value") }.ok(), Some(""));
    }

    #[test]
    fn no_wait_is_told_too_short() {
        assert_eq!(wait_ms(Duration::ZERO), 0);
        assert_eq!(wait_ms(Duration::from_micros(1_999)), 2);
        assert_eq!(wait_ms(Duration::from_millis(2)), 2);
        assert_eq!(wait_ms(Duration::MAX), i64::MAX);
    }
}
