//! How much there is of it: bytes, libraries, crates.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Bench;
use crate::command::{self, file};
use crate::measured::{Column, Series};
use crate::table::Row;
use crate::units::Unit;

pub(crate) const WITH_HTTP: &str = "shared library, stripped";
pub(crate) const WITHOUT_HTTP: &str = "· without built-in HTTP";
pub(crate) const PROGRAM: &str = "a program that gets a token, with what it loads beside libc";

pub(crate) fn rows(bench: &Bench) -> Vec<Row> {
    let library = bench.programs.library.shared();
    let without_http = bench.programs.library_without_http.shared();
    vec![
        Row::ours(WITH_HTTP, Unit::Megabytes, size(&library)).limit(1.7e6),
        Row::ours(WITHOUT_HTTP, Unit::Kilobytes, size(&without_http)).limit(400e3),
        Row::ours("· libraries it needs beside libc and libgcc_s", Unit::Count, needed(&library)).limit(0.0),
        Row::new(PROGRAM, Unit::Megabytes, programs(bench)),
        Row::new("crates linked into it", Unit::Count, crates()).limit(35.0),
    ]
}

fn size(path: &Path) -> Series {
    Series::of(bytes(path))
}

fn bytes(path: &Path) -> f64 {
    let metadata = fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    metadata.len() as f64
}

fn needed(library: &Path) -> Series {
    let dynamic = command::print(Command::new("readelf").arg("--dynamic").arg(library));
    let names = dynamic.lines().filter(|line| line.contains("(NEEDED)"));
    Series::of(names.filter(|line| !is_of_the_compiler(line.rsplit('[').next().unwrap_or_default())).count() as f64)
}

/// Ours is linked with the static library; the others are as their build tools make them.
fn programs(bench: &Bench) -> Vec<(Column, Series)> {
    let all = [
        (Column::Ours, "get_token_static"),
        (Column::Libcurl, "libcurl"),
        (Column::Oauth2, "oauth2"),
        (Column::Go, "go"),
    ];
    let there = all.into_iter().filter(|(_, name)| bench.programs.command(name).is_some());
    there.map(|(column, name)| (column, Series::of(with_loaded(&bench.programs.path(name))))).collect()
}

fn with_loaded(program: &Path) -> f64 {
    // A program that loads nothing is none to `ldd`.
    let loaded = command::run(Command::new("ldd").arg(program)).unwrap_or_default();
    let libraries = loaded.lines().filter_map(|line| {
        let (name, place) = line.trim().split_once(" => ")?;
        (!is_of_the_compiler(name)).then(|| Path::new(place.split(" (").next().unwrap_or_default()))
    });
    bytes(program) + libraries.map(bytes).sum::<f64>()
}

/// What every C compiler brings along.
fn is_of_the_compiler(name: &str) -> bool {
    ["libc.so", "libm.so", "libpthread.so", "libdl.so", "librt.so", "ld-linux", "libgcc_s.so"]
        .iter()
        .any(|each| name.starts_with(each))
}

/// What ends up in the program, in the default build: neither procedural macros and what they are made of, nor build
/// tools, nor what is counted.
fn crates() -> Vec<(Column, Series)> {
    let count = |manifest: &str, package: &str| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["tree", "--locked", "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]);
        cargo.arg("--manifest-path").arg(file(manifest)).args(["--package", package]);
        let tree = command::run(&mut cargo)?;
        let crates: BTreeSet<&str> = tree.lines().map(|line| line.trim_end_matches(" (*)")).collect();
        Ok::<_, String>(Series::of((crates.len() - 1) as f64))
    };
    let ours = count("Cargo.toml", "oauth-token").unwrap_or_else(|reason| panic!("{reason}"));
    let rival = count("benches/rivals/Cargo.toml", "oauth2-rival").ok();
    [(Column::Ours, ours)].into_iter().chain(rival.map(|series| (Column::Oauth2, series))).collect()
}
