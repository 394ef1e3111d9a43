//! A loopback HTTP/1.1 server and what goes with it, for the tests and the demo.

// Each program that includes this uses a part of it.
#![allow(dead_code, unused_imports, unreachable_pub)]

mod assertion;
pub mod authority;
mod clock;
mod connection;
mod fake_transport;
mod form;
mod gate;
mod journal;
pub mod offline;
mod reply;
mod request;
mod server;
mod temporary_directory;

pub use assertion::lasting_claims;
pub use authority::TestAuthority;
pub use clock::TestClock;
pub use fake_transport::{FakeTransport, Outcome, answer, broken};
pub use form::decode_pairs;
pub use gate::Gate;
pub use reply::Reply;
pub use request::Request;
pub use server::Server;
pub use temporary_directory::TemporaryDirectory;
