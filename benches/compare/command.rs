//! Programs that are run to their end.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What it prints, or what is wrong: it is not there, or it failed with these words.
pub(crate) fn run(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    // What cargo says of this program would have another cargo build anew what is up to date.
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name == "CARGO" || name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("`{program}`: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(format!("`{program}` ended with {}: {}", output.status, words.trim()))
}

/// What it prints; the comparison ends if it fails.
pub(crate) fn print(command: &mut Command) -> String {
    run(command).unwrap_or_else(|reason| panic!("{reason}"))
}

/// The numbers that it prints.
pub(crate) fn numbers<const COUNT: usize>(command: &mut Command) -> [f64; COUNT] {
    let printed = print(command);
    let numbers: Vec<f64> = printed.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    numbers.try_into().unwrap_or_else(|_| panic!("{COUNT} numbers should have been printed: {printed}"))
}

/// A file of this project.
pub(crate) fn file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}
