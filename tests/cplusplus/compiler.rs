use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

use crate::c_support::{Linked, Program, library, root, skip};

/// A C++ compiler; all warnings are errors to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Compiler(pub(crate) &'static str);

/// Without exceptions and RTTI.
pub(crate) const RESTRICTED: [&str; 2] = ["-fno-exceptions", "-fno-rtti"];

/// C++23 by the name that older compilers know too.
pub(crate) const STANDARDS: [&str; 3] = ["-std=c++17", "-std=c++20", "-std=c++2b"];

const WARNINGS: [&str; 8] =
    ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Wold-style-cast", "-Weffc++", "-Werror"];

impl Compiler {
    /// Those that are here; of each other a line says that it is missing.
    pub(crate) fn all() -> Vec<Self> {
        let known = ["g++", "clang++"];
        known.into_iter().filter(|name| Self(name).is_here()).map(Self).collect()
    }

    pub(crate) fn compile(self, arguments: &[&str], source: &str) {
        self.try_to_compile(arguments, source).unwrap_or_else(|message| panic!("{self:?} {arguments:?}: {message}"));
    }

    /// What it says if it does not compile a program of `tests/cpp`.
    pub(crate) fn try_to_compile(self, arguments: &[&str], source: &str) -> Result<(), String> {
        let arguments = arguments.iter().map(OsStr::new);
        self.run(&arguments.chain([source_path(source).as_os_str()]).collect::<Vec<_>>())
    }

    /// Builds a program of `tests/cpp` as C++17.
    pub(crate) fn build(self, name: &str, options: &[&str]) -> Program {
        self.build_from(name, options, &[source_path(&format!("{name}.cpp"))])
    }

    /// Builds one from sources or objects, linked with the shared library.
    pub(crate) fn build_from(self, name: &str, options: &[&str], files: &[PathBuf]) -> Program {
        self.build_linked(name, Linked::Shared, options, files)
    }

    pub(crate) fn build_linked(self, name: &str, linked: Linked, options: &[&str], files: &[PathBuf]) -> Program {
        let libraries = linked.arguments();
        Program::build_by(name, |linking| {
            let options = ["-std=c++17"].iter().chain(options).map(OsStr::new);
            let files = files.iter().map(|path| path.as_os_str());
            let arguments: Vec<&OsStr> =
                options.chain(linking.iter().copied()).chain(files).chain(libraries.iter().map(OsStr::new)).collect();
            self.run(&arguments).unwrap_or_else(|message| {
                panic!(
                    "{name} does not compile (where oauth_ functions are undefined, {} has since been built without \
                     them; use `cargo test --all-features`):\n{message}",
                    library().display()
                )
            });
        })
    }

    fn run(self, arguments: &[&OsStr]) -> Result<(), String> {
        let mut command = Command::new(self.0);
        command.args(WARNINGS).arg("-I").arg(root().join("include")).args(arguments);
        let output = command.output().unwrap_or_else(|error| panic!("{self:?} cannot be run: {error}"));
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    }

    fn is_here(self) -> bool {
        let is_here = Command::new(self.0).arg("--version").output().is_ok();
        if !is_here {
            skip(&format!("there is no `{}`", self.0));
        }
        is_here
    }
}

/// A program of `tests/cpp`, or one elsewhere in the project.
pub(crate) fn source_path(name: &str) -> PathBuf {
    if name.contains('/') { root().join(name) } else { root().join("tests/cpp").join(name) }
}
