//! The C functions of `include/oauth_token.h`: the only unsafe code, in front of the Rust API.
//!
//! One C type, one file. Every body runs inside [`guard`], so that neither a NULL nor a panic reaches the host.

// The header is generated from what is `pub` here; Rust programs see none of it.
#![allow(unreachable_pub)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unreachable)]

#[cfg(any(feature = "wiping-allocator", cargo_c))]
mod allocator;
mod client;
mod config;
mod error;
mod guard;
mod loaded;
mod log;
mod request;
mod response;
mod secret;
mod stats;
mod status;
mod token;
mod transport;
mod userdata;
mod version;

/// What the header promises to be thread-safe is, and so is a config that only pointers to const lead to.
const _: () = {
    const fn is_thread_safe<T: Send + Sync>() {}
    is_thread_safe::<client::OauthClient>();
    is_thread_safe::<config::OauthConfig>();
    is_thread_safe::<error::OauthError>();
    is_thread_safe::<crate::token::TokenData>();
};
