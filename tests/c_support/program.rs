use std::env;
use std::ffi::OsStr;
use std::io::Read;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::{SONAME, compile, library, source, static_library, tool};
use crate::support::{Server, TemporaryDirectory};

/// A program and the environment to run it in.
pub struct Program {
    executable: PathBuf,
    directory: TemporaryDirectory,
    environment: Vec<(String, String)>,
    /// A program to run it by, and what that is told.
    wrapper: Vec<String>,
}

impl Program {
    /// Builds `tests/c/NAME.c`, linked with the library.
    pub fn build(name: &str) -> Self {
        Self::build_from(&source(&format!("{name}.c")), Linked::as_library(), &[])
    }

    /// Builds `tests/c/NAME.c`, which loads the library by itself.
    pub fn build_unlinked(name: &str) -> Self {
        Self::build_from(&source(&format!("{name}.c")), Linked::Not, &[])
    }

    /// Builds a program from any source; the arguments are for other libraries that it needs.
    pub fn build_from(source: &Path, linked: Linked, arguments: &[String]) -> Self {
        let name = source.file_stem().expect("a source has a name");
        let directory = TemporaryDirectory::new();
        let executable = directory.path().join(name);
        link(source, &executable, linked, &[], arguments);
        Self::at(executable, directory)
    }

    /// Builds a program by a function that compiles and links with these options, which come before its sources.
    pub fn build_by(name: &str, build: impl FnOnce(&[&OsStr])) -> Self {
        let directory = TemporaryDirectory::new();
        let executable = directory.path().join(name);
        build(&options_for(&executable));
        Self::at(executable, directory)
    }

    /// A program that others have made; `None`, with a line that says so, where it is missing.
    pub fn installed(name: &str, asking_for_its_version: &str) -> Option<Self> {
        tool(name, &[OsStr::new(asking_for_its_version)])?;
        Some(Self::at(PathBuf::from(name), TemporaryDirectory::new()))
    }

    fn at(executable: PathBuf, directory: TemporaryDirectory) -> Self {
        Self { executable, directory, environment: Vec::new(), wrapper: Vec::new() }
    }

    /// Builds what this program is to load, under that name; the path of it.
    pub fn build_module(&self, source: &Path, name: &str, linked: Linked, arguments: &[String]) -> String {
        let module = self.directory.path().join(name);
        link(source, &module, linked, &["-shared", "-fPIC"], arguments);
        module.to_str().expect("the temporary directory is not UTF-8").to_owned()
    }

    /// Runs it by another program, which is given its path and its arguments behind these.
    pub fn under(mut self, wrapper: &[&str]) -> Self {
        self.wrapper = wrapper.iter().map(|&word| word.to_owned()).collect();
        self
    }

    pub fn executable(&self) -> &Path {
        &self.executable
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
            self.executable.display(),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        printed
    }

    /// Runs it in this environment beside its own; returns what it prints, however it ends.
    pub fn print_in(&self, environment: &[(String, String)], arguments: &[&str]) -> String {
        let mut command = self.command();
        command.args(arguments).envs(environment.iter().map(|(name, value)| (name, value)));
        let output = run_within(PATIENCE, command);
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat()
    }

    /// Runs it, however it ends.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.command();
        command.args(arguments);
        run_within(PATIENCE, command)
    }

    /// What starts it, in the environment that was set.
    pub fn command(&self) -> Command {
        // OAUTH_TOKEN_WRAPPER runs all programs by another, such as `valgrind --quiet`.
        let for_all = env::var("OAUTH_TOKEN_WRAPPER").unwrap_or_default();
        let wrapper: Vec<&str> = match &self.wrapper[..] {
            [] => for_all.split_whitespace().collect(),
            own => own.iter().map(String::as_str).collect(),
        };
        let mut words = wrapper.into_iter().map(OsStr::new).chain([self.executable.as_os_str()]);
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words);
        for (name, _) in env::vars_os() {
            let upper = name.to_string_lossy().to_uppercase();
            if upper.starts_with("OAUTH_") || upper.ends_with("_PROXY") || upper.starts_with("SSL_CERT_") {
                command.env_remove(name);
            }
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// How a program gets at the library.
#[derive(Clone, Copy)]
pub enum Linked {
    Shared,
    Static,
    /// The whole of the static library, so that all functions can be found in what is linked with it.
    WholeStatic,
    /// It loads the library by itself, or something that is linked with it.
    Not,
}

impl Linked {
    /// As the library under test is meant to be.
    pub fn as_library() -> Self {
        if library().extension() == Some(OsStr::new("a")) { Self::Static } else { Self::Shared }
    }

    pub fn arguments(self) -> Vec<String> {
        let archive = static_library().to_str().expect("the path is not UTF-8").to_owned();
        // What `rustc --print native-static-libs` says, unless OAUTH_TOKEN_ALONGSIDE names what another platform needs.
        let alongside = env::var("OAUTH_TOKEN_ALONGSIDE");
        let alongside = alongside.as_deref().unwrap_or("-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc");
        let system: Vec<&str> = alongside.split_whitespace().collect();
        let functions = format!("-Wl,--version-script={}", source("functions.map").display());
        let arguments = match self {
            Self::Shared => vec!["-l:liboauth_token.so.0"],
            Self::Static => [&[archive.as_str()], &system[..]].concat(),
            Self::WholeStatic => {
                let options = ["-Wl,--gc-sections,--strip-debug", &functions, "-Wl,--whole-archive", &archive];
                [&options[..], &["-Wl,--no-whole-archive"], &system[..]].concat()
            }
            Self::Not => vec![],
        };
        arguments.into_iter().map(str::to_owned).collect()
    }
}

/// Compiles and links in a directory that will also hold the shared library.
fn link(source: &Path, output: &Path, linked: Linked, options: &[&str], arguments: &[String]) {
    link_with(compile, source, output, linked, options, arguments);
}

/// The same by a function that is given what to tell a compiler.
pub fn link_with<T>(
    compile: impl FnOnce(&[&OsStr]) -> T,
    source: &Path,
    output: &Path,
    linked: Linked,
    options: &[&str],
    arguments: &[String],
) -> T {
    let options: Vec<&OsStr> = options.iter().chain(&["-std=c99"]).map(OsStr::new).collect();
    let libraries = linked.arguments();
    let libraries: Vec<&OsStr> = libraries.iter().chain(arguments).map(OsStr::new).collect();
    let files = [source.as_os_str()];
    compile(&[&options[..], &options_for(output), &files, &libraries, &[OsStr::new("-ldl")]].concat())
}

/// Panics unless a program or a module uses the shared library just where that is meant, by what `ldd` says.
#[track_caller]
pub fn assert_linked(output: &Path, linked: Linked) {
    let needed = tool("ldd", &[output.as_os_str()]).expect("it comes with the C library");
    let is_shared = matches!(linked, Linked::Shared);
    assert_eq!(needed.contains("liboauth_token"), is_shared, "{}: {needed}", output.display());
}

/// What a compiler is told to build this, in a directory that from then on holds the shared library.
fn options_for(output: &Path) -> Vec<&OsStr> {
    let directory = output.parent().expect("a file is in a directory");
    if !directory.join(SONAME).exists() {
        symlink(library(), directory.join(SONAME)).expect("cannot link to the library");
    }
    let fixed = ["-O1", "-g", "-pthread", "-Wl,-rpath,$ORIGIN", "-L"].map(OsStr::new);
    [&fixed[..], &[directory.as_os_str(), OsStr::new("-o"), output.as_os_str()]].concat()
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
