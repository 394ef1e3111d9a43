use std::env;
use std::ffi::OsStr;
use std::io::Read;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::{SONAME, compile, library, source};
use crate::support::{Server, TemporaryDirectory};

/// A C program and the environment to run it in.
pub struct Program {
    name: String,
    directory: TemporaryDirectory,
    environment: Vec<(String, String)>,
}

impl Program {
    /// Builds `tests/c/NAME.c`, linked with the library.
    pub fn build(name: &str) -> Self {
        let library = library();
        if library.extension() == Some(OsStr::new("a")) {
            let system = ["-lgcc_s", "-lm", "-lpthread", "-ldl", "-lc"].map(OsStr::new);
            return Self::build_with(name, &[&[library.as_os_str()], &system[..]].concat());
        }
        Self::build_with(name, &[OsStr::new("-l:liboauth_token.so.0")])
    }

    /// Builds `tests/c/NAME.c`, which loads the library by itself.
    pub fn build_unlinked(name: &str) -> Self {
        Self::build_with(name, &[])
    }

    fn build_with(name: &str, libraries: &[&OsStr]) -> Self {
        let directory = TemporaryDirectory::new();
        symlink(library(), directory.path().join(SONAME)).expect("cannot link to the library");
        let program = Self { name: name.to_owned(), directory, environment: Vec::new() };
        let (executable, source) = (program.executable(), source(&format!("{name}.c")));
        let fixed = ["-std=c99", "-O1", "-g", "-pthread", "-Wl,-rpath,$ORIGIN", "-L"].map(OsStr::new);
        let directory = program.directory.path().as_os_str();
        let files = [directory, OsStr::new("-o"), executable.as_os_str(), source.as_os_str()];
        compile(&[&fixed[..], &files, libraries, &[OsStr::new("-ldl")]].concat());
        program
    }

    /// Where files for the program may lie; the library is there too.
    pub fn directory(&self) -> &TemporaryDirectory {
        &self.directory
    }

    pub fn library(&self) -> PathBuf {
        self.directory.path().join(SONAME)
    }

    /// Sets an environment variable. What OAUTH_ variables this test itself was given, the program does not see.
    pub fn set(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.environment.push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Sets a file option to a file with this content.
    pub fn set_file(self, name: &str, content: &str) -> Self {
        let path = self.directory.write(&name.to_lowercase(), content);
        let path = path.to_str().expect("the temporary directory is not UTF-8").to_owned();
        self.set(name, path)
    }

    /// Configures a client of `server` by the environment; over TLS, one that trusts it.
    pub fn client_of(self, server: &Server) -> Self {
        let url = server.url("/token");
        let trusting = if url.starts_with("https") { self.set_file("OAUTH_CA_FILE", &server.ca_pem()) } else { self };
        trusting.client_at(&url).set("SERVER", server.url(""))
    }

    /// Configures a client of whatever is at `url`.
    pub fn client_at(self, url: &str) -> Self {
        self.set("OAUTH_TOKEN_URL", url).set("OAUTH_CLIENT_ID", CLIENT_ID).set("OAUTH_CLIENT_SECRET", CLIENT_SECRET)
    }

    /// Runs it; panics with what it says unless it succeeds. Returns what it prints.
    pub fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{} {arguments:?} ended with {}\n{}{printed}",
            self.name,
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        printed
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(self.executable());
        for (name, _) in env::vars_os() {
            let upper = name.to_string_lossy().to_uppercase();
            if upper.starts_with("OAUTH_") || upper.ends_with("_PROXY") || upper.starts_with("SSL_CERT_") {
                command.env_remove(name);
            }
        }
        command.args(arguments).envs(self.environment.iter().map(|(name, value)| (name, value)));
        run_within(PATIENCE, command)
    }

    fn executable(&self) -> PathBuf {
        Path::new(self.directory.path()).join(&self.name)
    }
}

pub const CLIENT_ID: &str = "my-service";
pub const CLIENT_SECRET: &str = "hunter2-secret";

/// So long that only a program that hangs needs it.
const PATIENCE: Duration = Duration::from_secs(120);

fn run_within(limit: Duration, mut command: Command) -> Output {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program cannot be started");
    let stdout = read_aside(child.stdout.take().expect("no standard output"));
    let stderr = read_aside(child.stderr.take().expect("no standard error"));
    // Both end with the program.
    let Ok(stdout) = stdout.recv_timeout(limit) else {
        child.kill().expect("a program that hangs cannot be ended");
        let stderr = stderr.recv().unwrap_or_default();
        panic!("{command:?} did not end within {limit:?}\n{}", String::from_utf8_lossy(&stderr));
    };
    let stderr = stderr.recv().unwrap_or_default();
    Output { status: child.wait().expect("the program is lost"), stdout, stderr }
}

fn read_aside(mut pipe: impl Read + Send + 'static) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    receiver
}
