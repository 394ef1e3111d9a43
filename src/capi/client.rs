use std::ffi::c_char;
use std::time::Duration;

use crate::client::Client;
use crate::error::Error;
use crate::secret::Secret;
use crate::token::Token;

use super::config::OauthConfig;
use super::error::OauthError;
use super::guard::{Place, borrowed, counted_text, guard, guard_status, guard_value, wait_ms};
use super::status::OauthStatus;
use super::token::{OauthToken, data_of};

/// Obtains, keeps and renews the access token of one config. Thread-safe.
pub struct OauthClient(pub(super) Client);

/// Makes a client from a config, which is copied. No request is made before the first oauth_get_token().
///
/// On success `*client_out` is the client, to be freed with oauth_free(). On failure it is NULL, and if `error_out` is
/// not NULL, `*error_out` is the error, to be freed with oauth_error_free(). Fails with the status of the first
/// oauth_config_set() that failed, or with OAUTH_ERROR_CONFIG where an option is missing, was refused when it was set,
/// contradicts another, or names a file that cannot be read (client_secret_file is read later, for each token).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_client_new(
    config: *const OauthConfig,
    client_out: *mut *mut OauthClient,
    error_out: *mut *mut OauthError,
) -> OauthStatus {
    let body = || {
        // SAFETY: the host passes NULL or a writable pointer.
        let place = unsafe { Place::cleared(client_out, "client_out") }?;
        // SAFETY: the host passes NULL or a live config.
        let OauthConfig(config) = unsafe { borrowed(config, "config") }?;
        let client = Client::builder(config.clone()).build()?;
        place.fill(Box::into_raw(Box::new(OauthClient(client))));
        Ok(())
    };
    // SAFETY: the host passes NULL or a writable pointer.
    unsafe { guard(error_out, body) }
}

/// Makes a client for another scope, audience, tenant … from one that exists: it has the options of that one, and over
/// them those that were set in `overrides`, which is copied; and a token of its own. Thread-safe.
///
/// The two share transport, trust roots, callbacks and the source of the secret, unless `overrides` has others: a secret
/// that is replaced or rotated in one is so in both, and credentials that the server refuses to one are not tried again
/// by the other before the pause is over. An option that excludes others (client_secret_file, issuer …) takes their
/// place. Each is freed with oauth_free(), in any order; cancelling one does not cancel the other. An authorization code
/// or a device code is not shared: set param.code or param.device_code to one of its own.
///
/// Results and failures are those of oauth_client_new().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_client_derive(
    client: *const OauthClient,
    overrides: *const OauthConfig,
    client_out: *mut *mut OauthClient,
    error_out: *mut *mut OauthError,
) -> OauthStatus {
    let body = || {
        // SAFETY: the host passes NULL or a writable pointer.
        let place = unsafe { Place::cleared(client_out, "client_out") }?;
        // SAFETY: the host passes NULL or a live client.
        let OauthClient(client) = unsafe { borrowed(client, "client") }?;
        // SAFETY: the host passes NULL or a live config.
        let OauthConfig(overrides) = unsafe { borrowed(overrides, "overrides") }?;
        place.fill(Box::into_raw(Box::new(OauthClient(client.derive(overrides.clone())?))));
        Ok(())
    };
    // SAFETY: the host passes NULL or a writable pointer.
    unsafe { guard(error_out, body) }
}

/// A token that is good now: the one in hand, or a new one. Thread-safe; call it whenever a token is needed.
///
/// While the token in hand is fresh, this makes no system call and allocates nothing. When it is due, one caller
/// renews it (within the option refresh_timeout) and all others get the one in hand at once. Without a usable token,
/// one caller fetches and the others wait, each at most as long as the option timeout says.
///
/// On success `*token_out` is the token, to be freed with oauth_token_free(). On failure it is NULL, and if
/// `error_out` is not NULL, `*error_out` is the error, to be freed with oauth_error_free(). After a failure, calls
/// return it again without a request until oauth_error_retry_in_ms() have passed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_get_token(
    client: *const OauthClient,
    token_out: *mut *mut OauthToken,
    error_out: *mut *mut OauthError,
) -> OauthStatus {
    let body = || {
        // SAFETY: the host passes NULL or a writable pointer.
        let place = unsafe { Place::cleared(token_out, "token_out") }?;
        // SAFETY: the host passes NULL or a live client.
        let OauthClient(client) = unsafe { borrowed(client, "client") }?;
        place.fill(OauthToken::handle(client.token()?));
        Ok(())
    };
    // SAFETY: the host passes NULL or a writable pointer.
    unsafe { guard(error_out, body) }
}

/// As oauth_get_token(), within `timeout_ms` milliseconds instead of the option timeout. With 0 the call neither asks the
/// server nor waits for others.
///
/// Whoever else waits for the same token is not let down by a short limit: one of them takes over. Fails with
/// OAUTH_ERROR_TIMEOUT where the limit passed. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_get_token_within(
    client: *const OauthClient,
    timeout_ms: u32,
    token_out: *mut *mut OauthToken,
    error_out: *mut *mut OauthError,
) -> OauthStatus {
    let body = || {
        // SAFETY: the host passes NULL or a writable pointer.
        let place = unsafe { Place::cleared(token_out, "token_out") }?;
        // SAFETY: the host passes NULL or a live client.
        let OauthClient(client) = unsafe { borrowed(client, "client") }?;
        place.fill(OauthToken::handle(client.token_within(Duration::from_millis(timeout_ms.into()))?));
        Ok(())
    };
    // SAFETY: the host passes NULL or a writable pointer.
    unsafe { guard(error_out, body) }
}

/// Renews the token if that is due, or fetches the first one, within `timeout_ms` milliseconds; for hosts that have a
/// timer. With the option refresh = manual nobody else renews early, and with oauth_get_token_within() and a limit of 0
/// nobody else makes any request.
///
/// Returns OAUTH_OK also where nothing is due, where another caller is at it, and during the pause after a failure.
/// Otherwise fails as oauth_get_token() does. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_client_refresh_if_due(
    client: *const OauthClient,
    timeout_ms: u32,
    error_out: *mut *mut OauthError,
) -> OauthStatus {
    let body = || {
        // SAFETY: the host passes NULL or a live client.
        let OauthClient(client) = unsafe { borrowed(client, "client") }?;
        client.refresh_if_due(Duration::from_millis(timeout_ms.into()))
    };
    // SAFETY: the host passes NULL or a writable pointer.
    unsafe { guard(error_out, body) }
}

/// How many milliseconds until oauth_client_refresh_if_due() is worth calling, rounded up; -1 means at once, because no
/// token is usable and nothing stands in the way, or that `client` is NULL. Once the client is cancelled, a year.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_client_next_refresh_ms(client: *const OauthClient) -> i64 {
    guard_value(-1, || {
        // SAFETY: the host passes NULL or a live client.
        let client = unsafe { client.as_ref() };
        let next = client.and_then(|OauthClient(client)| client.next_refresh());
        next.map_or(-1, wait_ms)
    })
}

/// Stops a client for good: callers that wait, for another's request or for the next attempt of their own, a request
/// under way, and all later calls return OAUTH_ERROR_CANCELLED. It must still be freed.
///
/// A name look-up and a TCP connection being opened are not broken off; they end by themselves, and so do callbacks
/// (oauth_request_is_cancelled() tells a transport). Returns OAUTH_OK or OAUTH_ERROR_ARGUMENT. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_client_cancel(client: *const OauthClient) -> OauthStatus {
    guard_status(|| {
        // SAFETY: the host passes NULL or a live client.
        let OauthClient(client) = unsafe { borrowed(client, "client") }?;
        client.cancel();
        Ok::<(), Error>(())
    })
}

/// Says that an API answered 401 to this token (RFC 6750 section 3.1), so that the next oauth_get_token() fetches
/// another. The token remains the caller's to free.
///
/// Only the token that is still handed out is dropped: a late 401 for an older one changes nothing. The first refusal
/// drops it at once; where its replacement is refused too, a token stays, and is handed out, until it is a second old,
/// then two, up to a minute, so that an API that refuses everything causes no storm. A 403 is no reason to call this
/// unless the API says so. Returns OAUTH_OK or OAUTH_ERROR_ARGUMENT. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_client_invalidate(client: *const OauthClient, token: *const OauthToken) -> OauthStatus {
    guard_status(|| {
        // SAFETY: the host passes NULL or a live client.
        let OauthClient(client) = unsafe { borrowed(client, "client") }?;
        // SAFETY: the host passes NULL or a live token.
        let data = unsafe { data_of(token) }?;
        client.invalidate(&Token::from_data(data));
        Ok(())
    })
}

/// Replaces the secret of the client, and of those that share its source (oauth_client_derive()), by `len` bytes, which
/// are copied and need no terminator; it stands in the place of client_secret, client_secret_file or a secret callback
/// from then on.
///
/// A usable token stays in use; a pause after refused credentials ends. Returns OAUTH_OK, OAUTH_ERROR_ARGUMENT, or
/// OAUTH_ERROR_CONFIG where the secret is empty, holds a NUL byte or ends with a line end, or nothing that is sent would
/// hold it. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_client_set_secret(
    client: *const OauthClient,
    secret: *const c_char,
    len: usize,
) -> OauthStatus {
    guard_status(|| {
        // SAFETY: the host passes NULL or a live client.
        let OauthClient(client) = unsafe { borrowed(client, "client") }?;
        // SAFETY: the host passes NULL or `len` readable bytes.
        client.set_secret(Secret::new(unsafe { counted_text(secret, len, "secret") }?))
    })
}

/// Forgets the token and the pause after a failure, so that the next oauth_get_token() makes a request.
///
/// Returns OAUTH_OK or OAUTH_ERROR_ARGUMENT. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_client_reset(client: *const OauthClient) -> OauthStatus {
    guard_status(|| {
        // SAFETY: the host passes NULL or a live client.
        let OauthClient(client) = unsafe { borrowed(client, "client") }?;
        client.reset();
        Ok::<(), Error>(())
    })
}

/// Frees a client. NULL is ignored. No other thread may be using the client, nor may one of its own callbacks free it;
/// tokens and errors it gave out stay valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_free(client: *mut OauthClient) {
    if client.is_null() {
        return;
    }
    // SAFETY: the host passes a client that `oauth_client_new` made and that nobody uses any more.
    guard_value((), || drop(unsafe { Box::from_raw(client) }));
}

/// Frees a client; the same as oauth_free().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_client_free(client: *mut OauthClient) {
    // SAFETY: what the host promises is what `oauth_free` asks for.
    unsafe { oauth_free(client) }
}
