use crate::error::{Error, ErrorKind};

use super::client::OauthClient;
use super::guard::{borrowed, check_length, guard_status};
use super::status::OauthStatus;

/// What a client has done since it was made. Later versions append members.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct OauthStats {
    /// Tokens handed out.
    pub handed_out: u64,
    /// Of these, tokens that were due for renewal at the time.
    pub served_while_due: u64,
    /// Exchanges begun: a token asked for, with all retries.
    pub exchanges: u64,
    /// Requests sent, retries included.
    pub requests: u64,
    /// Exchanges that brought a token.
    pub succeeded: u64,
    /// Exchanges that brought none.
    pub failed: u64,
    /// Callers that waited for another's request.
    pub waited: u64,
    /// Callers that got an earlier failure again, without a request.
    pub throttled: u64,
    /// Tokens dropped because an API refused them.
    pub invalidated: u64,
}

/// Reads the counts of a client.
///
/// Pass `sizeof(oauth_stats)` as `size`: a library that knows fewer members sets the others to 0, one that knows more
/// leaves the rest out. Returns OAUTH_OK or OAUTH_ERROR_ARGUMENT. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_client_stats(
    client: *const OauthClient,
    stats: *mut OauthStats,
    size: usize,
) -> OauthStatus {
    guard_status(|| {
        // SAFETY: the host passes NULL or a live client.
        let OauthClient(client) = unsafe { borrowed(client, "client") }?;
        if stats.is_null() {
            return Err(Error::new(ErrorKind::Argument, "argument `stats` is NULL"));
        }
        check_length(size, "size")?;
        let known = client.statistics();
        let counts = OauthStats {
            handed_out: known.handed_out,
            served_while_due: known.served_while_due,
            exchanges: known.exchanges,
            requests: known.requests,
            succeeded: known.succeeded,
            failed: known.failed,
            waited: known.waited,
            throttled: known.throttled,
            invalidated: known.invalidated,
        };
        let length = size.min(size_of::<OauthStats>());
        // SAFETY: the host promises `size` writable bytes, and `length` is no more than the local has.
        unsafe {
            std::ptr::write_bytes(stats.cast::<u8>(), 0, size);
            std::ptr::copy_nonoverlapping(std::ptr::from_ref(&counts).cast::<u8>(), stats.cast::<u8>(), length);
        }
        Ok(())
    })
}
