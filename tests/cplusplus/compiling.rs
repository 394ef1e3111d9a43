//! What compilers say of the header.

use std::fs;

use crate::c_support::{root, source};
use crate::compiler::{Compiler, RESTRICTED, STANDARDS};

#[test]
fn the_header_stands_alone_and_twice_in_every_version_of_cpp_without_a_warning() {
    for compiler in Compiler::all() {
        for standard in STANDARDS {
            compiler.compile(&[standard, "-fsyntax-only"], "header_alone.cpp");
        }
    }
}

#[test]
fn the_header_needs_neither_exceptions_nor_rtti() {
    for compiler in Compiler::all() {
        for standard in STANDARDS {
            compiler.compile(&[&[standard, "-fsyntax-only"], &RESTRICTED[..]].concat(), "header_alone.cpp");
        }
        for restriction in RESTRICTED {
            compiler.compile(&["-std=c++17", "-fsyntax-only", restriction], "header_alone.cpp");
        }
    }
}

/// Some warnings come only with optimisation.
#[test]
fn the_header_compiles_without_a_warning_when_optimised() {
    for compiler in Compiler::all() {
        for options in [&["-std=c++17", "-O2"][..], &["-std=c++20", "-O3", "-fno-exceptions"]] {
            compiler.compile(&[options, &["-c", "-o", "/dev/null"]].concat(), "header_alone.cpp");
        }
    }
}

#[test]
fn every_c_function_can_be_had_in_cpp() {
    let header = fs::read_to_string(root().join("include/oauth_token.hpp")).expect("no header");
    let functions = fs::read_to_string(source("symbols.txt")).expect("no list of symbols");
    let called = |name: &str| [format!("{name}("), format!("{name}>")].iter().any(|call| header.contains(call));
    // The other name of oauth_client_free.
    let missing: Vec<_> = functions.lines().filter(|name| *name != "oauth_free" && !called(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_is_older_than_cpp_17_is_told_what_the_header_needs() {
    for compiler in Compiler::all() {
        let message = compiler.try_to_compile(&["-std=c++14", "-fsyntax-only"], "header_alone.cpp");
        assert!(message.is_err_and(|message| message.contains("oauth_token.hpp needs C++17")));
    }
}

/// The C header, by all warnings of C++.
#[test]
fn the_c_header_stands_alone_in_every_version_of_cpp_without_a_warning() {
    for compiler in Compiler::all() {
        for standard in ["-std=c++98", "-std=c++11", "-std=c++14"].iter().chain(&STANDARDS) {
            compiler.compile(&[standard, "-fsyntax-only"], "c_header_alone.cpp");
        }
    }
}

#[test]
fn a_result_that_is_dropped_unread_is_warned_of() {
    for compiler in Compiler::all() {
        let drop = |what| compiler.try_to_compile(&["-std=c++17", "-fsyntax-only", what], "drop_result.cpp");
        for what in ["-DDROP_TOKEN", "-DDROP_NOTHING", "-DDROP_STATUS", "-DDROP_CLIENT"] {
            let message = drop(what).expect_err("there must be a warning");
            assert!(message.contains("nodiscard") || message.contains("-Wunused"), "{message}");
        }
        assert_eq!(drop("-DDROP_WHAT_MAY_BE"), Ok(()));
    }
}

#[test]
fn a_text_that_outlives_its_token_is_warned_of_by_clang() {
    for compiler in Compiler::all().into_iter().filter(|compiler| compiler.0 == "clang++") {
        let keep = |what| compiler.try_to_compile(&["-std=c++17", "-fsyntax-only", what], "keep_dangling_text.cpp");
        for what in ["-DKEEP_MEMBER", "-DKEEP_VALUE", "-DKEEP_MESSAGE"] {
            let message = keep(what).expect_err("there must be a warning");
            assert!(message.contains("-Wdangling"), "{message}");
        }
        assert_eq!(keep("-DKEEP_BOTH"), Ok(()));
    }
}
