//! Names the shared library and keeps it loaded, where a linker can be told to.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let soname = format!("-soname,liboauth_token.so.{}", variable("CARGO_PKG_VERSION_MAJOR"));
    let arguments: &[&str] = match variable("CARGO_CFG_TARGET_OS").as_str() {
        // A host may hold a pointer into the library beyond dlclose; unmapping it would gain nothing.
        "linux" => &[&soname, "-z,nodelete"],
        // The name is where the library lies, which whoever installs it writes into it: this makes room.
        "macos" => &["-headerpad_max_install_names"],
        // A DLL goes by the name of its file.
        _ => &[],
    };
    for argument in arguments {
        println!("cargo:rustc-cdylib-link-arg=-Wl,{argument}");
    }
}
