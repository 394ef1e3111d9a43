//! What a fuzzer calls with bytes of its choice. Each target goes through what users call, and panics where a promise is
//! broken.

// Each fuzzer uses one of them.
#![allow(dead_code, unreachable_pub, unused_imports)]

#[path = "../../support/clock.rs"]
mod clock;
mod echo;
mod exchange;
#[path = "../../support/form.rs"]
mod form;
mod json;
mod options;
mod promises;
mod script;
mod templates;

pub use exchange::{answers, discovery, failures};
pub use json::json;
pub use options::options;
pub use templates::templates;
