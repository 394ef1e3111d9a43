use std::ffi::{c_int, c_void};
use std::sync::Arc;

use crate::config::Config;
use crate::transport::{Request, Response, Transport, TransportError};

use super::config::OauthConfig;
use super::request::OauthRequest;
use super::response::OauthResponse;
use super::status::OauthStatus;
use super::userdata::{OauthFreeFn, Userdata, set_callback};

/// Carries one request to the server and its answer back. Fills `response` and returns 0; or returns a number of its own,
/// which oauth_error_callback_code() repeats: the call then fails with OAUTH_ERROR_NETWORK, or as
/// oauth_response_set_failure() says. Any HTTP status is an answer.
///
/// It must not follow redirects, must not send the request twice, must end within oauth_request_remaining_ms(), and should
/// end soon after oauth_request_is_cancelled() has turned true. It must send the body with Content-Length and not chunked,
/// check the server's certificate where the URL says https, and leave nothing open when it returns.
///
/// It runs on the thread of whoever asked for a token, and may run on several at the same time. It must not ask the same
/// client for a token (OAUTH_ERROR_REENTRANT), nor leave by longjmp or a C++ exception.
pub type OauthTransportFn = Option<
    unsafe extern "C" fn(
        userdata: *mut c_void,
        request: *const OauthRequest<'_>,
        response: *mut OauthResponse,
    ) -> c_int,
>;

type TransportFunction = unsafe extern "C" fn(*mut c_void, *const OauthRequest<'_>, *mut OauthResponse) -> c_int;

/// Has clients send their requests through a function of the host's instead of the built-in HTTP, whose options
/// (connect_timeout, proxy, roots, ca_file and its kin, tls_cert_file and its kin) may then not be set.
///
/// `free_fn` is called with `userdata` exactly once: when the last config or client that holds the callback is freed, or
/// at once if this call fails; it may be NULL. Returns OAUTH_OK or OAUTH_ERROR_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauth_config_set_transport(
    config: *mut OauthConfig,
    callback: OauthTransportFn,
    userdata: *mut c_void,
    free_fn: OauthFreeFn,
) -> OauthStatus {
    let set = |config: &mut Config, callback: TransportFunction, userdata: Userdata| {
        config.set_transport(Arc::new(CallbackTransport { callback, userdata }));
    };
    // SAFETY: the host passes NULL or a live config that no other thread uses.
    unsafe { set_callback(config, callback, Userdata::new(userdata, free_fn), set) }
}

struct CallbackTransport {
    callback: TransportFunction,
    userdata: Userdata,
}

impl Transport for CallbackTransport {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let mut response = OauthResponse::new(request.max_response_bytes());
        let mut handle = OauthRequest::readable(request);
        // SAFETY: the host gave this function for this userdata, and both handles outlive the call.
        let code = unsafe { (self.callback)(self.userdata.pointer(), &raw mut handle, &mut response) };
        response.finish(code)
    }
}
