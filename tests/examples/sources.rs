use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::c_support::{Linked, Program, package, root};

/// A C source of `examples-c`.
#[derive(Clone, Copy)]
pub(crate) struct Example {
    pub(crate) name: &'static str,
    /// The other library that it needs, as pkg-config knows it.
    pub(crate) package: Option<&'static str>,
    /// Built for a program to load, rather than a program itself.
    pub(crate) is_module: bool,
}

pub(crate) const EXAMPLES: [Example; 12] = [
    program("get_token"),
    program("threads"),
    program("errors"),
    program("secret_callback"),
    program("event_loop"),
    program("plugin_host"),
    module("plugin", None),
    with_package("call_api_with_curl", "libcurl"),
    with_package("curl_transport", "libcurl"),
    with_package("kafka", "rdkafka"),
    module("sqlite_extension", Some("sqlite3")),
    module("lua_module", Some("lua5.4")),
];

impl Example {
    pub(crate) fn source(&self) -> PathBuf {
        folder().join(format!("{}.c", self.name))
    }

    /// What the compiler must be told of the other library; `None`, with a line that says so, where it is missing.
    pub(crate) fn flags(&self) -> Option<Vec<String>> {
        self.package.map_or_else(|| Some(Vec::new()), package)
    }
}

pub(crate) fn folder() -> PathBuf {
    root().join("examples-c")
}

/// The program of this name; `None`, with a line that says so, where what it needs is missing.
pub(crate) fn build(name: &str) -> Option<Program> {
    let example = EXAMPLES.iter().find(|example| example.name == name).expect("there is no such example");
    let flags = example.flags()?;
    Some(Program::build_from(&example.source(), Linked::as_library(), &flags))
}

const fn program(name: &'static str) -> Example {
    Example { name, package: None, is_module: false }
}

const fn with_package(name: &'static str, package: &'static str) -> Example {
    Example { name, package: Some(package), is_module: false }
}

const fn module(name: &'static str, package: Option<&'static str>) -> Example {
    Example { name, package, is_module: true }
}

#[test]
fn no_example_in_c_is_left_out() {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let sources: BTreeSet<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "c")).collect();
    assert_eq!(EXAMPLES.iter().map(Example::source).collect::<BTreeSet<_>>(), sources);
}

#[test]
fn the_readme_names_every_example() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for example in EXAMPLES {
        assert!(readme.contains(&format!("(examples-c/{}.c)", example.name)), "{}", example.name);
    }
}
