use std::ffi::OsStr;

use crate::c_support::{Linked, compile_by, link, tool};
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

/// One that used the shared library all the same would fail only where that is not installed.
#[test]
fn an_example_linked_with_the_static_library_does_not_use_the_shared_one() {
    let directory = TemporaryDirectory::new();
    // The host of plug-ins does not know of the library.
    for example in EXAMPLES.iter().filter(|example| example.name != "plugin_host") {
        let Some(flags) = example.flags() else { continue };
        let options: &[&str] = if example.is_module { &["-shared", "-fPIC", "-Wl,-S"] } else { &["-Wl,-S"] };
        for (linked, is_needed) in [(Linked::Shared, true), (Linked::Static, false)] {
            let output = directory.path().join("linked");
            link(&example.source(), &output, linked, options, &flags);
            let needed = tool("ldd", &[output.as_os_str()]).expect("it comes with the C library");
            assert_eq!(needed.contains("liboauth_token"), is_needed, "{}: {needed}", example.name);
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
