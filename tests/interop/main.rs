//! Authorization servers and a proxy that nobody here wrote. `.ci/interop` starts them and runs these tests.
//!
//! Each case is told once and run twice: by a Rust client, and by a C program with the same options.

#![cfg(all(feature = "capi", feature = "http", feature = "jwt"))]

#[path = "../c_support/mod.rs"]
mod c_support;
#[path = "../support/mod.rs"]
mod support;

mod asker;
mod c;
mod oauth2_server;
mod oidc_provider;
mod proxy;
mod rust;
mod servers;

/// Makes two tests of each of these functions, `NAME::rust` and `NAME::c`. They are given what the module of the language
/// has under the name before the colon.
macro_rules! in_rust_and_in_c {
    ($given:ident: $($case:ident)*) => {
        $(mod $case {
            #[test]
            #[ignore = "needs the servers that .ci/interop starts"]
            fn rust() {
                super::$case(crate::rust::$given);
            }

            #[test]
            #[ignore = "needs the servers that .ci/interop starts"]
            fn c() {
                super::$case(crate::c::$given);
            }
        })*
    };
}

use in_rust_and_in_c;
