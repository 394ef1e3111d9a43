//! What the packaging files repeat is what `Cargo.toml` says.

use std::fs;
use std::path::Path;

#[test]
fn the_cmake_package_has_the_version_of_the_crate() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/cmake/oauth-token-config-version.cmake");
    let text = fs::read_to_string(file).expect("the file is there");
    let version = concat!("set(PACKAGE_VERSION \"", env!("CARGO_PKG_VERSION"), "\")");
    assert!(text.lines().any(|line| line == version), "there is no line {version}");
}

/// What is compared with ureq alone is what the library adds to it, and not another ureq.
#[test]
fn the_comparison_has_the_wire_crates_of_the_library() {
    let lock = |path: &str| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        fs::read_to_string(file).expect("the file is there")
    };
    let (own, rivals) = (lock("Cargo.lock"), lock("benches/rivals/Cargo.lock"));
    for name in ["ureq", "ureq-proto", "rustls", "rustls-webpki", "ring", "http", "httparse", "serde_json"] {
        let version = |lock: &str| {
            let (_, rest) = lock.split_once(&format!("\nname = \"{name}\"\nversion = \""))?;
            rest.split_once('"').map(|(version, _)| version.to_owned())
        };
        assert!(version(&own).is_some(), "{name} is no dependency any more");
        assert_eq!(version(&own), version(&rivals), "{name}: renew benches/rivals/Cargo.lock");
    }
}
