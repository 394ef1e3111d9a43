//! Hosts with rules of their own: little stack, few descriptors, no files to write, no signals, no threads, little memory.
#![cfg(all(feature = "capi", feature = "http", feature = "jwt", target_os = "linux"))]

#[path = "../c_support/mod.rs"]
mod c_support;
#[path = "../checks/mod.rs"]
mod checks;
mod memory;
mod rules;
mod stack;
#[path = "../support/mod.rs"]
mod support;

use serde_json::json;

use c_support::{Program, skip};
use support::Reply;

fn granted() -> Reply {
    Reply::json(200, json!({"access_token": "t", "expires_in": 3600}))
}

/// What a program prints in a world of its own; `None`, with a line that says so, where that cannot be had.
#[track_caller]
fn in_a_world(world: &str, program: Program, arguments: &[&str]) -> Option<String> {
    let wrapper = Program::build("in_namespaces");
    let executable = wrapper.executable().to_str().expect("the path is not UTF-8");
    let printed = program.under(&[executable, world]).succeed(arguments);
    match printed.strip_prefix("skipped: ") {
        Some(reason) => {
            skip(reason.trim());
            None
        }
        None => Some(printed),
    }
}
