use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::c_support::{SONAME, library, root, static_library, tool};
use crate::sources::{EXAMPLES, folder};
use crate::support::TemporaryDirectory;

/// What `rustc --print native-static-libs` says.
const SYSTEM_LIBRARIES: &str = "-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc";

/// The library as if installed, and a copy of the examples outside the project.
struct Stranger {
    directory: TemporaryDirectory,
}

impl Stranger {
    fn new() -> Self {
        let stranger = Self { directory: TemporaryDirectory::new() };
        for part in ["lib", "examples"] {
            fs::create_dir(stranger.path(part)).unwrap();
        }
        symlink(root().join("include"), stranger.path("include")).unwrap();
        for name in ["liboauth_token.so", SONAME] {
            symlink(library(), stranger.path("lib").join(name)).unwrap();
        }
        symlink(static_library(), stranger.path("lib/liboauth_token.a")).unwrap();
        for entry in fs::read_dir(folder()).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
            fs::copy(entry.path(), stranger.path("examples").join(entry.file_name())).unwrap();
        }
        stranger
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Runs it in the examples' folder; panics with what it says unless it succeeds.
    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(program);
        command.current_dir(self.path("examples")).env("PKG_CONFIG_PATH", self.directory.path()).args(arguments);
        // What a make that runs these tests would tell the make that is tested.
        for name in ["MAKEFLAGS", "MAKELEVEL", "MFLAGS"] {
            command.env_remove(name);
        }
        let output = command.output().unwrap_or_else(|error| panic!("{program} cannot be run: {error}"));
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
        printed
    }

    /// That every example whose library is installed is there, and which library it uses.
    fn assert_built(&self, folder: &str, uses_shared: bool) {
        for example in EXAMPLES.iter().filter(|example| example.flags().is_some()) {
            let name = match example.name {
                "lua_module" => "oauth_token.so".to_owned(),
                name if example.is_module => format!("{name}.so"),
                name => name.to_owned(),
            };
            let built = self.path("examples").join(folder).join(&name);
            let needed = tool("ldd", &[built.as_os_str()]).expect("it comes with the C library");
            let is_needed = uses_shared && example.name != "plugin_host";
            assert_eq!(needed.contains("liboauth_token"), is_needed, "{name}: {needed}");
        }
        assert_says_what_is_missing(&self.path("examples").join(folder).join("get_token"));
    }
}

/// Which takes the library to run.
fn assert_says_what_is_missing(get_token: &Path) {
    let output = Command::new(get_token).env("OAUTH_CLIENT_ID", "me").output().expect("it was built");
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("token_url"), "{message}");
}

fn is_there(tools: &[&str]) -> bool {
    tools.iter().all(|name| tool(name, &[OsStr::new("--version")]).is_some())
}

#[test]
fn make_builds_the_examples_with_pkg_config_alone() {
    if !is_there(&["make", "pkg-config"]) {
        return;
    }
    let stranger = Stranger::new();
    let prefix = stranger.directory.path().display();
    let description = format!(
        "prefix={prefix}\nlibdir=${{prefix}}/lib\nName: oauth-token\nDescription: as installed\nVersion: 0\n\
         Cflags: -I${{prefix}}/include\nLibs: -L${{libdir}} -loauth_token\nLibs.private: {SYSTEM_LIBRARIES}\n"
    );
    stranger.directory.write("oauth-token.pc", description);
    for (arguments, uses_shared) in
        [(&["CFLAGS=-Wall -Wextra -Werror"][..], true), (&["STATIC=1", "LDFLAGS=-Wl,--strip-debug"], false)]
    {
        stranger.run("make", &["clean"]);
        stranger.run("make", arguments);
        stranger.assert_built("build", uses_shared);
    }
}

#[test]
fn cmake_builds_the_examples_with_find_package_alone() {
    if !is_there(&["cmake", "make"]) {
        return;
    }
    let stranger = Stranger::new();
    let prefix = stranger.directory.path().display();
    let mut description = String::new();
    for (kind, library, system) in
        [("SHARED", "liboauth_token.so", ""), ("STATIC", "liboauth_token.a", SYSTEM_LIBRARIES)]
    {
        let name = format!("oauth-token::{}", kind.to_lowercase());
        description += &format!(
            "add_library({name} {kind} IMPORTED)\nset_target_properties({name} PROPERTIES \
             IMPORTED_LOCATION \"{prefix}/lib/{library}\" INTERFACE_INCLUDE_DIRECTORIES \"{prefix}/include\" \
             INTERFACE_LINK_LIBRARIES \"{}\")\n",
            system.replace(' ', ";")
        );
    }
    description += "add_library(oauth-token::oauth-token ALIAS oauth-token::shared)\n";
    stranger.directory.write("oauth-token-config.cmake", description);
    let package = format!("-Doauth-token_DIR={prefix}");
    for (choice, build, uses_shared) in
        [("-DLINK_STATIC=OFF", "build/shared", true), ("-DLINK_STATIC=ON", "build/static", false)]
    {
        stranger.run("cmake", &["-S", ".", "-B", build, &package, choice, "-DCMAKE_C_FLAGS=-Wall -Wextra -Werror"]);
        stranger.run("cmake", &["--build", build]);
        stranger.assert_built(build, uses_shared);
    }
}
