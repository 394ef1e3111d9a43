//! For Rust programs that call their API with ureq.

use ureq::http::header::{AUTHORIZATION, HeaderValue};
use ureq::http::{Request, Response, StatusCode};
use ureq::middleware::{Middleware, MiddlewareNext};
use ureq::{Body, SendBody};

use crate::client::Client;

/// Adds the token to every request of a ureq agent, and tells the client where the API answers 401.
///
/// A middleware cannot send a request twice: after a 401 the *next* request goes out with a new token. Where the same
/// request should be repeated, use [`Client::call`]. A request that has an `Authorization` of its own is left alone.
/// Use the agent for this API only: whatever host it calls is sent the token.
///
/// ```no_run
/// use oauth_token::{BearerMiddleware, Client, Config};
///
/// let client = Client::new(Config::from_env()?)?;
/// let agent: ureq::Agent =
///     ureq::Agent::config_builder().middleware(BearerMiddleware::new(client)).build().into();
/// let answer = agent.get("https://api.example.com/hello").call();
/// # Ok::<(), oauth_token::Error>(())
/// ```
///
/// Without a token the request fails with [`ureq::Error::Other`], which holds the [`Error`](crate::Error).
#[derive(Debug, Clone)]
pub struct BearerMiddleware {
    client: Client,
}

impl BearerMiddleware {
    /// A middleware that asks this client for its tokens.
    pub fn new(client: Client) -> Self {
        Self { client }
    }
}

impl Middleware for BearerMiddleware {
    fn handle(&self, mut request: Request<SendBody>, next: MiddlewareNext) -> Result<Response<Body>, ureq::Error> {
        if request.headers().contains_key(AUTHORIZATION) {
            return next.handle(request);
        }
        let token = self.client.token().map_err(|error| ureq::Error::Other(Box::new(error)))?;
        let mut value =
            HeaderValue::from_str(token.authorization()).map_err(|error| ureq::Error::Http(error.into()))?;
        value.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, value);
        let answer = next.handle(request);
        let is_refused = match &answer {
            Ok(response) => response.status() == StatusCode::UNAUTHORIZED,
            Err(ureq::Error::StatusCode(status)) => *status == StatusCode::UNAUTHORIZED.as_u16(),
            Err(_) => false,
        };
        if is_refused {
            self.client.invalidate(&token);
        }
        answer
    }
}
