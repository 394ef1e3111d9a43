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
