//! Builds the C programs of `tests/c`, links them with the library that cargo built for this test, and runs them.

// Each test file uses a part of it.
#![allow(dead_code, unused_imports, unreachable_pub)]

pub mod program;
mod prototypes;
mod signals;

use std::env;
use std::ffi::OsStr;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub use program::{Linked, Program, assert_linked, link_with};
pub use prototypes::{Call, Parameter, Prototype, checked_calls, library_calls, prototypes};
pub use signals::{Signals, token_requests};

use crate::support::TemporaryDirectory;

/// The name by which programs find the shared library.
pub const SONAME: &str = "liboauth_token.so.0";

const WARNINGS: [&str; 5] = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"];

/// The library under test: the one at `OAUTH_TOKEN_LIBRARY`, which may be a static one, or else the shared one, built with
/// the features of this test.
pub fn library() -> PathBuf {
    if let Some(path) = env::var_os("OAUTH_TOKEN_LIBRARY") {
        return path.into();
    }
    let executable = env::current_exe().expect("this executable has no path");
    executable.with_file_name("liboauth_token.so")
}

/// The static library, built with it.
pub fn static_library() -> PathBuf {
    library().with_file_name("liboauth_token.a")
}

pub fn source(name: &str) -> PathBuf {
    root().join("tests/c").join(name)
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Compiles with all warnings as errors; panics with what the compiler says.
pub fn compile(arguments: &[&OsStr]) {
    // Apart from the C code of crates, which CC would have built again.
    let named = env::var_os("OAUTH_TOKEN_CC").or_else(|| env::var_os("CC"));
    let compiler = named.unwrap_or_else(|| "cc".into());
    let output = run_compiler(&compiler, arguments)
        .unwrap_or_else(|| panic!("there is no C compiler {}; set CC", compiler.to_string_lossy()));
    assert_compiled(arguments, &output);
}

/// The same by a compiler of this name; false, with a line that says so, if there is none.
pub fn compile_by(compiler: &str, arguments: &[&OsStr]) -> bool {
    let Some(output) = run_compiler(OsStr::new(compiler), arguments) else {
        skip(&format!("there is no `{compiler}`"));
        return false;
    };
    assert_compiled(arguments, &output);
    true
}

/// A library for LD_PRELOAD.
pub fn build_preloaded(name: &str, directory: &TemporaryDirectory) -> PathBuf {
    let output = directory.path().join(format!("{name}.so"));
    let source = source(&format!("{name}.c"));
    let options = ["-std=c99", "-shared", "-fPIC", "-o"].map(OsStr::new);
    compile(&[&options[..], &[output.as_os_str(), source.as_os_str(), OsStr::new("-ldl")]].concat());
    output
}

/// What a tool prints, or `None` with a line that says so where the tool is missing.
pub fn tool(name: &str, arguments: &[&OsStr]) -> Option<String> {
    match Command::new(name).args(arguments).output() {
        Ok(output) if output.status.success() => Some(String::from_utf8(output.stdout).expect("not text")),
        Ok(output) => panic!("{name} failed: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            skip(&format!("there is no `{name}`"));
            None
        }
        Err(error) => panic!("{name} cannot be run: {error}"),
    }
}

/// Says that something is not tested here, past the capture of what tests print.
pub fn skip(reason: &str) {
    let _ = writeln!(io::stderr(), "skipped: {reason}");
}

/// What a compiler must be told to use an installed library; `None`, with a line that says so, where it is missing.
pub fn package(name: &str) -> Option<Vec<String>> {
    tool("pkg-config", &[OsStr::new("--version")])?;
    let output = Command::new("pkg-config").args(["--cflags", "--libs", name]).output().expect("it was there");
    if !output.status.success() {
        skip(&format!("pkg-config knows no `{name}`"));
        return None;
    }
    // Its headers may cause warnings of their own.
    let flags = String::from_utf8(output.stdout).expect("not text").replace("-I", "-isystem");
    Some(flags.split_whitespace().map(str::to_owned).collect())
}

fn run_compiler(compiler: &OsStr, arguments: &[&OsStr]) -> Option<Output> {
    // CC may hold options, as in `ccache cc`.
    let compiler = compiler.to_str().expect("the name of the compiler is not UTF-8");
    let mut words = compiler.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).args(WARNINGS).arg("-I").arg(root().join("include")).args(arguments);
    match command.output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => panic!("{compiler} cannot be run: {error}"),
    }
}

fn assert_compiled(arguments: &[&OsStr], output: &Output) {
    assert!(
        output.status.success(),
        "{arguments:?} does not compile (where oauth_ functions are undefined, {} has since been built without them; \
         use `cargo test --all-features`):\n{}",
        library().display(),
        String::from_utf8_lossy(&output.stderr)
    );
}
