//! Where and when it was measured, and beside what.

use std::fs;
use std::process::Command;
use std::thread::available_parallelism;

use crate::command::{self, file};

/// One sentence.
pub(crate) fn describe() -> String {
    let information = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = information.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!(
        "{}, {} cores, {} {}, {}",
        model.map_or("an unknown processor", |(_, name)| name.trim()),
        available_parallelism().map_or(0, usize::from),
        if kernel.is_empty() { std::env::consts::OS } else { "Linux" },
        // What distributions and hosts append says nothing to others.
        kernel.split(|each: char| !each.is_ascii_digit() && each != '.').next().unwrap_or_default(),
        command::run(Command::new("date").args(["-u", "+%Y-%m-%d"])).unwrap_or_default().trim()
    )
}

/// The versions of what was measured beside it, as far as they are known.
pub(crate) fn versions() -> String {
    let packages = ["libcurl", "libssl", "jansson"].map(|name| {
        let version = command::run(Command::new("pkg-config").args(["--modversion", name]));
        version.map(|version| format!("{name} {}", version.trim()))
    });
    let go = command::run(Command::new("go").arg("version"));
    let go = go.map(|words| words.split_whitespace().nth(2).unwrap_or_default().replacen("go", "Go ", 1));
    let lock = fs::read_to_string(file("benches/rivals/Cargo.lock")).unwrap_or_default();
    let crates = ["oauth2", "reqwest", "ureq"].map(|name| {
        let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \"")).ok_or(())?;
        Ok::<_, ()>(format!("{name} {}", rest.split('"').next().unwrap_or_default()))
    });
    let known = packages.into_iter().flatten().chain(crates.into_iter().flatten()).chain(go.ok());
    known.collect::<Vec<_>>().join(", ")
}
