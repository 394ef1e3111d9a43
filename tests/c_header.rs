//! What a C compiler and a linker see of the library.
#![cfg(all(feature = "capi", feature = "http", target_os = "linux"))]

mod c_support;
mod support;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;

use c_support::{compile, library, prototypes, root, source, tool};
use support::TemporaryDirectory;

const STANDARDS: [&str; 3] = ["-std=c99", "-std=c11", "-std=c17"];

fn declared_functions() -> BTreeSet<String> {
    prototypes().into_iter().map(|prototype| prototype.name).collect()
}

fn listed_functions() -> BTreeSet<String> {
    let list = fs::read_to_string(source("symbols.txt")).expect("no list of symbols");
    list.lines().map(str::to_owned).collect()
}

#[test]
fn the_header_declares_exactly_the_listed_functions() {
    assert_eq!(declared_functions(), listed_functions());
}

#[test]
fn the_library_exports_exactly_the_listed_functions() {
    let library = library();
    let arguments = [OsStr::new("-D"), OsStr::new("--defined-only"), library.as_os_str()];
    let Some(table) = tool("nm", &arguments) else {
        return;
    };
    let exported: BTreeSet<String> =
        table.lines().filter_map(|line| line.split_whitespace().last()).map(str::to_owned).collect();
    assert_eq!(exported, listed_functions());
}

#[test]
fn the_library_has_its_name_stays_loaded_and_needs_nothing_but_the_c_library() {
    let library = library();
    let Some(table) = tool("readelf", &[OsStr::new("-dW"), library.as_os_str()]) else {
        return;
    };
    let values = |tag: &str| -> Vec<String> {
        let lines = table.lines().filter(|line| line.contains(tag));
        lines.filter_map(|line| Some(line.split_once('[')?.1.trim_end_matches(']').to_owned())).collect()
    };
    assert_eq!(values("(SONAME)"), [c_support::SONAME]);
    let is_expected =
        |name: &String| ["libc.so", "libgcc_s.so", "ld-linux", "libm.so"].iter().any(|known| name.starts_with(known));
    let unexpected: Vec<_> = values("(NEEDED)").into_iter().filter(|name| !is_expected(name)).collect();
    assert!(unexpected.is_empty(), "{unexpected:?}");
    assert!(table.contains("NODELETE"));
}

#[test]
fn the_header_stands_alone_in_every_version_of_c() {
    let source = source("header_alone.c");
    for standard in STANDARDS {
        compile(&[OsStr::new(standard), OsStr::new("-fsyntax-only"), source.as_os_str()]);
    }
}

#[test]
fn the_example_compiles_without_warnings_in_every_version_of_c() {
    let directory = TemporaryDirectory::new();
    let (source, object) = (root().join("examples-c/get_token.c"), directory.path().join("get_token.o"));
    for standard in STANDARDS {
        // Some warnings come only with optimisation.
        let arguments = [standard, "-O2", "-c", "-o"].map(OsStr::new);
        compile(&[&arguments[..], &[object.as_os_str(), source.as_os_str()]].concat());
    }
}
