//! What callers are told who get no token although nothing failed at the server.

use crate::error::{Error, ErrorKind};
use crate::token::Token;

use super::caller::Caller;

pub(super) fn arrived_expired(token: &Token) -> Error {
    Error::new(
        ErrorKind::Server,
        format!(
            "the token arrived expired: the server granted {} s and the answer took longer; check the server's clock \
             and its token lifetime, and that `token_url` and `expires_format` are right",
            token.lifetime().as_secs()
        ),
    )
}

pub(super) fn cancelled() -> Error {
    Error::new(ErrorKind::Cancelled, "the client was told to stop; make a new one to go on")
}

pub(super) fn reentrant() -> Error {
    Error::new(
        ErrorKind::Reentrant,
        "a callback of this client asked the same client for a token, which would wait for itself; give the callback \
         another client",
    )
}

pub(super) fn out_of_time(caller: &Caller) -> Error {
    let text = match caller.witnessed {
        Some(_) => {
            "the limit of this call passed before there was a token; call with a longer limit, or raise the option \
             `timeout`"
        }
        None => "there is no usable token in hand, and this call may not wait for one; call with a longer limit",
    };
    Error::new(ErrorKind::Timeout, text)
}
