//! The C functions called in any order, with anything.
#![cfg(all(feature = "capi", target_os = "linux"))]

mod c_support;
mod support;

use c_support::{Program, root};

#[test]
fn whatever_is_called_and_with_whatever_the_promises_hold() {
    let seeds = root().join("tests/fuzzing/seeds/calls");
    let mut scripts: Vec<String> =
        seeds.read_dir().unwrap().map(|entry| entry.unwrap().path().to_str().unwrap().to_owned()).collect();
    scripts.sort();
    let arguments: Vec<&str> = scripts.iter().map(String::as_str).collect();
    let printed = Program::build("call_in_any_order").succeed(&arguments);
    assert_eq!(printed, format!("{} scripts\n", scripts.len()));
}
