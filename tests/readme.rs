//! The README says what the code does.

use std::path::{Path, PathBuf};
use std::process::Command;

use oauth_token::{Client, Config, options};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn readme() -> String {
    std::fs::read_to_string(Path::new(ROOT).join("README.md")).expect("the README is there")
}

/// What stands between two marks, and the text before and after it.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("the README has no {start}"));
    rest.split_once(end).unwrap_or_else(|| panic!("the README has no {end} behind {start}")).0
}

fn option_table() -> String {
    let mut table = String::from("\n| option | default | meaning |\n|---|---|---|\n");
    for option in options() {
        let default = match option.default {
            "" => String::new(),
            reference if reference.starts_with('`') => reference.to_owned(),
            value => format!("`{value}`"),
        };
        table.push_str(&format!("| `{}` | {default} | {} |\n", option.name, option.meaning));
    }
    table
}

/// `OAUTH_TOKEN_BLESS=1 cargo test --all-features --test readme` writes the table instead of comparing it.
#[test]
fn the_option_table_is_that_of_the_code() {
    let readme = readme();
    let (start, end) = ("<!-- options -->\n", "<!-- end of options -->");
    let written = between(&readme, start, end);
    if std::env::var_os("OAUTH_TOKEN_BLESS").is_some() {
        let renewed = readme.replace(&format!("{start}{written}{end}"), &format!("{start}{}\n{end}", option_table()));
        std::fs::write(Path::new(ROOT).join("README.md"), renewed).expect("the README can be written");
        return;
    }
    assert!(
        written.trim() == option_table().trim(),
        "the option table is not up to date; run `OAUTH_TOKEN_BLESS=1 cargo test --all-features --test readme`"
    );
}

#[test]
fn every_recipe_is_a_config_that_makes_a_client() {
    let readme = readme();
    let recipes: Vec<&str> =
        readme.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect();
    assert!(recipes.len() >= 5);
    let mut complete = Config::new();
    for recipe in recipes {
        // What has no token URL is an addition to the recipe before it.
        if recipe.contains("token_url") {
            complete = Config::new();
        }
        complete.set_json(recipe).unwrap_or_else(|error| panic!("{error}: {recipe}"));
        Client::new(complete.clone().proxy(oauth_token::ProxyChoice::None))
            .unwrap_or_else(|error| panic!("{error}: {recipe}"));
    }
}

#[test]
fn the_rust_program_is_the_example() {
    let readme = readme();
    let shown = between(&readme, "<!-- rust: examples/get_token.rs -->\n```rust,no_run\n", "```");
    let example = std::fs::read_to_string(Path::new(ROOT).join("examples/get_token.rs")).expect("the example is there");
    assert_eq!(shown, example);
}

#[test]
fn the_c_program_compiles_without_a_warning() {
    let readme = readme();
    let program = between(&readme, "<!-- c -->\n```c\n", "```");
    compile("cc", "c", &["-std=c99", "-Wconversion"], program);
}

#[test]
fn the_cpp_program_compiles_without_a_warning() {
    if Command::new("c++").arg("--version").output().is_err() {
        println!("skipped: there is no c++ here");
        return;
    }
    let readme = readme();
    let program = between(&readme, "<!-- c++ -->\n```cpp\n", "```");
    compile("c++", "cpp", &["-std=c++17"], program);
}

fn compile(compiler: &str, extension: &str, arguments: &[&str], program: &str) {
    let source = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("readme.{extension}"));
    std::fs::write(&source, program).expect("the program can be written");
    let output = Command::new(compiler)
        .args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-I"])
        .arg(Path::new(ROOT).join("include"))
        .args(arguments)
        .arg(&source)
        .output()
        .expect("there is a C compiler");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
