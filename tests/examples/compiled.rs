use std::ffi::OsStr;

use crate::c_support::{Linked, assert_linked, compile_by, link_with};
use crate::sources::EXAMPLES;
use crate::support::TemporaryDirectory;

#[test]
fn every_example_compiles_without_a_warning_as_c99_c11_and_c17_by_gcc() {
    compile_all("gcc");
}

#[test]
fn every_example_compiles_without_a_warning_as_c99_c11_and_c17_by_clang() {
    compile_all("clang");
}

#[test]
fn every_example_is_linked_with_the_library_that_is_meant_by_gcc() {
    link_all("gcc");
}

#[test]
fn every_example_is_linked_with_the_library_that_is_meant_by_clang() {
    link_all("clang");
}

/// One that used the shared library all the same would fail only where that is not installed.
fn link_all(compiler: &str) {
    let directory = TemporaryDirectory::new();
    // The host of plug-ins does not know of the library.
    for example in EXAMPLES.iter().filter(|example| example.name != "plugin_host") {
        let Some(flags) = example.flags() else { continue };
        let options: &[&str] = if example.is_module { &["-shared", "-fPIC", "-Wl,-S"] } else { &["-Wl,-S"] };
        for linked in [Linked::Shared, Linked::Static] {
            let output = directory.path().join(example.name);
            let compile = |arguments: &[&OsStr]| compile_by(compiler, arguments);
            if !link_with(compile, &example.source(), &output, linked, options, &flags) {
                return;
            }
            assert_linked(&output, linked);
        }
    }
}

fn compile_all(compiler: &str) {
    let directory = TemporaryDirectory::new();
    let object = directory.path().join("object.o");
    for example in EXAMPLES {
        let Some(flags) = example.flags() else { continue };
        for standard in ["-std=c99", "-std=c11", "-std=c17"] {
            let source = example.source();
            let files = [OsStr::new("-o"), object.as_os_str(), source.as_os_str()];
            let flags: Vec<&OsStr> = flags.iter().map(OsStr::new).filter(|flag| !is_library(flag)).collect();
            // Optimised, because some warnings need what the optimiser finds out.
            let options = [standard, "-O2", "-fPIC", "-c"].map(OsStr::new);
            if !compile_by(compiler, &[&options[..], &flags, &files].concat()) {
                return;
            }
        }
    }
}

fn is_library(flag: &OsStr) -> bool {
    flag.to_string_lossy().starts_with("-l")
}
