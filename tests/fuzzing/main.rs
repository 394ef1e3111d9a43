//! Replays what fuzzers began with and what they found; see CONTRIBUTING.md.

mod targets;

use std::fs;
use std::path::{Path, PathBuf};

/// Runs a target with each of its seeds. The last that is named is the one that fails.
fn replay(name: &str, target: fn(&[u8])) {
    for seed in seeds(name) {
        eprintln!("{}", seed.display());
        target(&fs::read(seed).unwrap());
    }
}

fn seeds(name: &str) -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzzing/seeds").join(name);
    let mut seeds: Vec<PathBuf> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    seeds.sort();
    assert!(!seeds.is_empty());
    seeds
}

#[test]
fn the_promises_hold_for_every_answer() {
    replay("answers", targets::answers);
}

#[test]
fn the_promises_hold_for_every_failure() {
    replay("failures", targets::failures);
}

#[test]
fn the_promises_hold_for_every_discovery() {
    replay("discovery", targets::discovery);
}

#[test]
fn the_promises_hold_for_every_option() {
    replay("options", targets::options);
}

#[test]
fn the_promises_hold_for_every_json_of_options() {
    replay("json", targets::json);
}

#[test]
fn the_promises_hold_for_every_template() {
    replay("templates", targets::templates);
}
