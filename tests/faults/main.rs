//! What a broken or hostile network can do. Whatever goes wrong: an error of the right kind, in time, that says what to
//! do; little memory, nothing left open, and no secret in anything that can be seen.

#![cfg(feature = "http")]
// A global allocator is unsafe to write.
#![allow(unsafe_code)]

#[path = "../checks/mod.rs"]
mod checks;
#[path = "../support/mod.rs"]
mod support;

mod answers;
mod black_hole;
mod descriptors;
mod examination;
mod floods;
mod heap;
mod lengths;
mod log_lines;
mod marks;
mod proxies;
mod redirects;
mod routes;
mod secrets;
mod tls;
mod tls_versions;

use std::time::Duration;

use examination::told;

/// A limit that what never ends is sure to meet.
const SHORT: Duration = Duration::from_millis(300);
