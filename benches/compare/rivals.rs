//! What is measured beside the library.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::command::{self, file};
use crate::programs::compile;

/// Builds a program at that path; the second one is the target directory.
type Build = fn(&Path, &Path) -> Result<(), String>;

/// The name of each program, what it is, and how it is built.
pub(crate) const ALL: [(&str, &str, Build); 4] = [
    ("libcurl", "libcurl and jansson by hand", build_libcurl),
    ("go", "Go's clientcredentials", build_go),
    ("oauth2", "the oauth2 crate", |output, target| build_crate("oauth2", output, target)),
    ("ureq", "ureq alone", |output, target| build_crate("ureq", output, target)),
];

fn build_libcurl(output: &Path, _: &Path) -> Result<(), String> {
    let flags = command::run(Command::new("pkg-config").args(["--cflags", "--libs", "libcurl", "jansson"]))?;
    let flags: Vec<String> = flags.split_whitespace().map(str::to_owned).collect();
    compile(&file("benches/c/libcurl.c"), output, &flags)
}

/// From where Debian's packages of Go libraries are.
fn build_go(output: &Path, _: &Path) -> Result<(), String> {
    let mut go = Command::new("go");
    go.env("GO111MODULE", "off").env("GOPATH", "/usr/share/gocode").env("GOFLAGS", "");
    go.args(["build", "-ldflags", "-s -w", "-o"]).arg(output).arg("main.go").current_dir(file("benches/go"));
    command::run(&mut go).map(drop)
}

/// By the release profile of the library.
fn build_crate(name: &str, output: &Path, target: &Path) -> Result<(), String> {
    let target = target.join("rivals");
    let manifest = fs::read_to_string(file("Cargo.toml")).map_err(|error| error.to_string())?;
    fs::create_dir_all(&target).map_err(|error| error.to_string())?;
    let profile = target.join("profile.toml");
    fs::write(&profile, release_profile(&manifest)).map_err(|error| error.to_string())?;

    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--release", "--locked", "--quiet", "--package", &format!("{name}-rival")]);
    cargo.arg("--config").arg(&profile).arg("--target-dir").arg(&target).current_dir(file("benches/rivals"));
    command::run(&mut cargo)?;
    let built = target.join(format!("release/{name}-rival"));
    fs::copy(built, output).map(drop).map_err(|error| error.to_string())
}

/// The sections of the release profile, but for those that name packages, which a rival need not have.
fn release_profile(manifest: &str) -> String {
    let mut profile = String::new();
    let mut is_profile = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_profile = line.starts_with("[profile.release");
        }
        if is_profile {
            profile += line;
            profile += "\n";
        }
    }
    profile
}
