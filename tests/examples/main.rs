//! The examples of `examples-c`: compiled by every compiler that is here, and run.
#![cfg(all(feature = "capi", feature = "http", target_os = "linux"))]

#[path = "../c_support/mod.rs"]
mod c_support;
#[path = "../checks/mod.rs"]
mod checks;
#[path = "../support/mod.rs"]
mod support;

mod build_files;
mod compiled;
mod curl;
mod hosts;
mod kafka;
mod programs;
mod sources;
