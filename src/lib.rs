//! OAuth 2.0 access tokens for machines, without an async runtime.
//!
//! A [`Client`] obtains access tokens from a token endpoint (the client credentials grant of
//! [RFC 6749 §4.4] and what follows from it), keeps the current one, and hands it out until a new one is due:
//!
//! ```no_run
//! use oauth_token::{Client, Config};
//!
//! let client = Client::new(
//!     Config::new()
//!         .token_url("https://login.example.com/oauth/token")
//!         .client_id("my-service")
//!         .client_secret_file("/run/secrets/oauth"),
//! )?;
//!
//! let token = client.token()?;
//! println!("Authorization: {}", token.authorization());
//! # Ok::<(), oauth_token::Error>(())
//! ```
//!
//! Between two calls the library owns memory and nothing else: no thread, no socket, no timer, nothing
//! process-wide. Every failure is an [`Error`] that names the option, what came back, and the likely fix.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `http` | yes | the built-in transport: ureq over rustls with ring |
//! | `jwt` | yes | signed assertions: `private_key_jwt`, `client_secret_jwt`, the jwt-bearer grant |
//! | `ureq-middleware` | no | `BearerMiddleware`, for programs that call their API with ureq |
//! | `capi` | no | the C functions declared in `include/oauth_token.h` |
//! | `wiping-allocator` | no | `capi`, and a global allocator that wipes what it frees |
//! | `unwinder` | no | on musl, an unwinder within the static library; nothing elsewhere |
//!
//! [RFC 6749 §4.4]: https://www.rfc-editor.org/rfc/rfc6749#section-4.4

// Only its symbols are used, by the standard library.
#[cfg(all(feature = "unwinder", target_env = "musl"))]
extern crate unwinding as _;

mod cache;
mod cancellation;
#[cfg(feature = "capi")]
#[allow(unsafe_code)]
mod capi;
mod client;
mod clock;
mod config;
mod credentials;
mod error;
mod event;
mod exchange;
mod line;
#[cfg(feature = "ureq-middleware")]
mod middleware;
#[cfg(any(feature = "http", feature = "jwt"))]
mod private_key;
mod protocol;
mod random;
mod secret;
#[cfg(test)]
mod simulation;
mod sync;
mod token;
pub mod transport;

pub use client::{Client, ClientBuilder, Unauthorized};
pub use clock::{Clock, Moment, SystemClock};
pub use config::{Config, ConfigOption, ProxyChoice, Refresh, Roots, UseRefreshToken, options};
pub use credentials::SecretRequest;
pub use error::{Error, ErrorKind};
pub use event::{Event, EventKind, Statistics};
#[cfg(feature = "ureq-middleware")]
pub use middleware::BearerMiddleware;
pub use protocol::{BasicEncoding, BodyFormat, ClientAuth, ExpiresFormat, Method, Url};
pub use random::{Random, SystemRandom};
pub use secret::Secret;
pub use token::Token;
