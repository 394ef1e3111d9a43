//! The programs that are measured: ours, and those of rivals as far as their tools are here.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{self, file};
use crate::library::Library;
use crate::rivals;

pub(crate) struct Programs {
    pub library: Library,
    pub library_without_http: Library,
    folder: PathBuf,
    left_out: Vec<String>,
}

impl Programs {
    pub(crate) fn build() -> Self {
        let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let target = temporary.parent().expect("it is in the target directory");
        let folder = temporary.join("compare");
        fs::create_dir_all(&folder).expect("no folder for programs");
        eprintln!("building: the library with and without HTTP");
        let mut programs = Self {
            library_without_http: Library::install(target, "installed---no-default-features", "--no-default-features"),
            library: Library::install(target, "installed", ""),
            folder,
            left_out: Vec::new(),
        };
        programs.compile_ours();
        let asked_for = env::var("OAUTH_TOKEN_RIVALS").ok();
        for (name, what, build) in rivals::ALL {
            eprintln!("building: {what}");
            let is_asked_for = asked_for.as_ref().is_none_or(|names| names.split_whitespace().any(|each| each == name));
            let built = if is_asked_for { build(&programs.path(name), target) } else { Err("not asked for".into()) };
            if let Err(reason) = built {
                eprintln!("left out: {what}: {reason}");
                // What was built by an earlier run is not measured in this one.
                let _ = fs::remove_file(programs.path(name));
                programs.left_out.push(format!("{what}: {}", reason.lines().next().unwrap_or_default()));
            }
        }
        programs
    }

    /// The rivals that are missing, and why.
    pub(crate) fn left_out(&self) -> &[String] {
        &self.left_out
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// `None` for a rival that was left out.
    pub(crate) fn command(&self, name: &str) -> Option<Command> {
        let path = self.path(name);
        path.exists().then(|| Command::new(path))
    }

    fn compile_ours(&self) {
        let (shared, fixed) = (self.library.link_shared(), self.library.link_static());
        let c = |name: &str| file(&format!("benches/c/{name}.c"));
        let example = file("examples-c/get_token.c");
        compile(&c("measure"), &self.path("measure"), &[]).expect("measure.c");
        compile(&c("floor"), &self.path("floor"), &[]).expect("floor.c");
        compile(&c("oauth_token"), &self.path("oauth_token"), &shared).expect("oauth_token.c");
        compile(&c("first_call"), &self.path("first_call"), &["-ldl".to_owned()]).expect("first_call.c");
        compile(&example, &self.path("get_token"), &shared).expect("get_token.c");
        compile(&example, &self.path("get_token_static"), &fixed).expect("get_token.c");
    }
}

pub(crate) fn compile(source: &Path, output: &Path, libraries: &[String]) -> Result<(), String> {
    let mut compiler = Command::new("cc");
    compiler.args(["-std=c99", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-s"]);
    compiler.arg("-I").arg(file("include")).arg("-I").arg(file("tests/c"));
    compiler.arg(source).arg("-o").arg(output).args(libraries);
    command::run(&mut compiler).map(drop)
}
