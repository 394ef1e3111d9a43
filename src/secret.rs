//! The one type in which secrets and tokens live.

#[cfg(feature = "capi")]
use std::collections::TryReserveError;
#[cfg(feature = "capi")]
use std::ffi::CStr;
use std::fmt;
use std::io;

use zeroize::{Zeroize, Zeroizing};

/// Text that must not leak: it is wiped when dropped, and `Debug` prints none of it.
///
/// There is no `Display`; [`expose`](Secret::expose) is the only way to the text, so that every use can be found.
#[derive(Clone)]
pub struct Secret {
    /// The text with a NUL behind it, so that C can read it in place.
    terminated: Zeroizing<String>,
}

impl Secret {
    /// Copies the text; the copy is wiped when the secret is dropped.
    pub fn new(text: &str) -> Self {
        let mut terminated = Zeroizing::new(String::with_capacity(text.len() + 1));
        terminated.push_str(text);
        terminated.push('\0');
        Self { terminated }
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        self.terminated.strip_suffix('\0').unwrap_or_default()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }

    /// The text as C reads it: up to its first NUL, which is its end for everything that passed
    /// [`has_inner_nul`](Self::has_inner_nul).
    #[cfg(feature = "capi")]
    pub(crate) fn as_c_str(&self) -> &CStr {
        CStr::from_bytes_until_nul(self.terminated.as_bytes()).unwrap_or_default()
    }

    /// Whether it ends with a line end, which no secret does: somebody read a line and left its end in.
    pub(crate) fn has_line_end(&self) -> bool {
        self.expose().ends_with(['\n', '\r'])
    }

    /// Whether C would see only a part of the text.
    pub(crate) fn has_inner_nul(&self) -> bool {
        self.expose().contains('\0')
    }
}

impl Default for Secret {
    fn default() -> Self {
        Self::new("")
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<&String> for Secret {
    fn from(text: &String) -> Self {
        Self::new(text)
    }
}

impl From<String> for Secret {
    /// Takes the text over; the given buffer is wiped.
    fn from(mut text: String) -> Self {
        let secret = Self::new(&text);
        text.zeroize();
        secret
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        *self.terminated == *other.terminated
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// Bytes under construction that leave no copy behind when they grow.
#[derive(Default)]
pub(crate) struct SecretBuffer {
    bytes: Zeroizing<Vec<u8>>,
}

impl SecretBuffer {
    /// What a read is given room for at most.
    #[cfg(feature = "http")]
    pub(crate) const ROOM: usize = 1 << 10;

    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self { bytes: Zeroizing::new(Vec::with_capacity(capacity)) }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if let Some(capacity) = self.capacity_with(bytes) {
            self.move_into(Vec::with_capacity(capacity));
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Appends what one read brings, and says how much that is.
    #[cfg(feature = "http")]
    pub(crate) fn read_from(&mut self, reader: &mut impl io::Read) -> io::Result<usize> {
        let length = self.len();
        self.push(&[0; Self::ROOM]);
        let outcome = reader.read(self.bytes.get_mut(length..).unwrap_or_default());
        self.bytes.truncate(length.saturating_add(*outcome.as_ref().unwrap_or(&0)));
        outcome
    }

    /// Changes nothing where there is no memory for it.
    #[cfg(feature = "capi")]
    pub(crate) fn try_push(&mut self, bytes: &[u8]) -> Result<(), TryReserveError> {
        if let Some(capacity) = self.capacity_with(bytes) {
            let mut larger = Vec::new();
            // Where there is not enough to grow into, there may be enough for these.
            let needed = self.len().saturating_add(bytes.len());
            larger.try_reserve_exact(capacity).or_else(|_| larger.try_reserve_exact(needed))?;
            self.move_into(larger);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// How large to become for these bytes, if they need more than there is.
    fn capacity_with(&self, bytes: &[u8]) -> Option<usize> {
        let needed = self.bytes.len().saturating_add(bytes.len());
        let capacity = self.bytes.capacity();
        (needed > capacity).then(|| needed.max(capacity.saturating_mul(2)).max(64))
    }

    /// A Vec that grows by itself frees the old buffer as it is.
    fn move_into(&mut self, mut larger: Vec<u8>) {
        larger.extend_from_slice(&self.bytes);
        self.bytes = Zeroizing::new(larger);
    }

    pub(crate) fn push_str(&mut self, text: &str) {
        self.push(text.as_bytes());
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    #[cfg(any(feature = "http", feature = "capi", test))]
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The text, unless the bytes are not UTF-8.
    pub(crate) fn into_secret(self) -> Option<Secret> {
        std::str::from_utf8(&self.bytes).ok().map(Secret::new)
    }

    /// The text, with replacement characters for what is not UTF-8.
    #[cfg(any(feature = "http", feature = "capi"))]
    pub(crate) fn into_lossy_secret(self) -> Secret {
        match std::str::from_utf8(&self.bytes) {
            Ok(text) => Secret::new(text),
            Err(_) => Secret::from(String::from_utf8_lossy(&self.bytes).into_owned()),
        }
    }
}

impl io::Write for SecretBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.push(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_the_text() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(…)");
    }

    #[test]
    fn the_text_comes_back_as_it_was_given() {
        for text in ["", "a", "ümlaut ☂", "with\0inside"] {
            assert_eq!(Secret::new(text).expose(), text);
            assert_eq!(Secret::from(text.to_owned()).expose(), text);
        }
    }

    #[test]
    fn an_inner_nul_is_noticed_and_the_one_at_the_end_is_not() {
        assert!(Secret::new("a\0b").has_inner_nul());
        assert!(!Secret::new("ab").has_inner_nul());
    }

    #[test]
    fn a_buffer_that_grows_keeps_every_byte() {
        let mut buffer = SecretBuffer::with_capacity(1);
        for _ in 0..1000 {
            buffer.push_str("0123456789");
        }
        assert_eq!(buffer.len(), 10_000);
        assert_eq!(buffer.into_secret().unwrap().expose(), "0123456789".repeat(1000));
    }
}
