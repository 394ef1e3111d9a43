//! The library as it is released, and programs linked with it as users link theirs.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{self, file};

/// A prefix that the library was installed below.
pub(crate) struct Library {
    pub prefix: PathBuf,
}

impl Library {
    /// By `make install`, into folders that later runs find up to date.
    pub(crate) fn install(target: &Path, name: &str, cargo_flags: &str) -> Self {
        let prefix = target.join(name);
        let mut make = Command::new("make");
        make.arg("--directory").arg(file("")).arg("install");
        make.arg(format!("PREFIX={}", prefix.display())).arg(format!("CARGO_FLAGS={cargo_flags}"));
        command::print(&mut make);
        Self { prefix }
    }

    pub(crate) fn shared(&self) -> PathBuf {
        self.prefix.join("lib/liboauth_token.so.0")
    }

    pub(crate) fn link_shared(&self) -> Vec<String> {
        let folder = self.prefix.join("lib");
        vec![format!("-L{}", folder.display()), "-loauth_token".into(), format!("-Wl,-rpath,{}", folder.display())]
    }

    pub(crate) fn link_static(&self) -> Vec<String> {
        let archive = self.prefix.join("lib/liboauth_token.a");
        let system = ["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc", "-Wl,--gc-sections"];
        [archive.display().to_string()].into_iter().chain(system.map(str::to_owned)).collect()
    }
}
