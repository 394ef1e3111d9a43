//! The C++ header: what compilers say of it, and what programs get from it.
#![cfg(all(feature = "capi", feature = "http", target_os = "linux"))]

#[path = "../c_support/mod.rs"]
mod c_support;
#[path = "../support/mod.rs"]
mod support;

mod compiler;
mod compiling;
mod running;
