//! The C functions of `include/oauth_token.h`: the only unsafe code, and nothing but calls of the public Rust API.
//!
//! One C type, one file. Every body runs inside [`guard`], so that neither a NULL nor a panic reaches the host.

// The header is generated from what is `pub` here; Rust programs see none of it.
#![allow(unreachable_pub)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unreachable)]

mod client;
mod config;
mod error;
mod guard;
mod log;
mod secret;
mod stats;
mod status;
mod token;
mod userdata;
mod version;
