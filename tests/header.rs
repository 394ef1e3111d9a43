//! The checked-in header is what the sources say.

use std::path::Path;

/// `OAUTH_TOKEN_BLESS=1 cargo test --test header` writes the header instead of comparing it.
#[test]
fn the_header_is_what_cbindgen_makes_of_the_sources() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources: Vec<_> = [
        "status",
        "version",
        "userdata",
        "config",
        "secret",
        "log",
        "request",
        "response",
        "transport",
        "token",
        "error",
        "stats",
        "client",
    ]
    .map(|name| root.join(format!("src/capi/{name}.rs")))
    .into();
    let mut builder = cbindgen::Builder::new()
        .with_config(cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml is valid"));
    for source in sources {
        builder = builder.with_src(source);
    }
    let mut generated = Vec::new();
    builder.generate().expect("the sources can be read").write(&mut generated);
    let generated = String::from_utf8(generated).expect("the header is text");

    let header = root.join("include/oauth_token.h");
    if std::env::var_os("OAUTH_TOKEN_BLESS").is_some() {
        std::fs::write(&header, &generated).expect("the header can be written");
    }
    let checked_in = std::fs::read_to_string(&header).unwrap_or_default();
    assert!(
        checked_in == generated,
        "include/oauth_token.h is not up to date; run `OAUTH_TOKEN_BLESS=1 cargo test --test header`"
    );
}
