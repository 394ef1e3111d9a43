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
            reference if reference.starts_with('`') || reference.contains(' ') => reference.to_owned(),
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
    assert!(recipes.len() >= 18);
    let mut complete = Config::new();
    for recipe in recipes {
        // What says nowhere to ask is an addition to the recipe before it.
        if recipe.contains("token_url") || recipe.contains("issuer\": \"https") {
            complete = Config::new();
        }
        complete.set_json(&with_test_keys(recipe)).unwrap_or_else(|error| panic!("{error}: {recipe}"));
        Client::new(complete.clone().proxy(oauth_token::ProxyChoice::None))
            .unwrap_or_else(|error| panic!("{error}: {recipe}"));
    }
}

/// The recipe with a key that is there, because keys are read when the client is made.
fn with_test_keys(recipe: &str) -> String {
    let mut options: serde_json::Value =
        serde_json::from_str(recipe).unwrap_or_else(|error| panic!("{error}: {recipe}"));
    if let Some(path) = options.get_mut("private_key_file") {
        *path = Path::new(ROOT).join("tests/assertions/keys/rsa_pkcs8.pem").to_str().into();
    }
    options.to_string()
}

/// The table that leads from documentation to options names no option that there is not.
#[test]
fn every_option_that_the_documentation_is_translated_to_exists() {
    let readme = readme();
    let table = between(&readme, "\n## From a provider's documentation to options\n", "\n## ");
    let mut count = 0;
    for row in table.lines().filter(|line| line.starts_with("| ")).skip(1) {
        let (_, set) = row.trim_end_matches(" |").rsplit_once(" | ").expect("a row of two columns");
        for assigned in set.split('`').skip(1).step_by(2) {
            let is_option = options().iter().any(|option| option.name == assigned);
            let is_section =
                ["param.", "header.", "assertion_claim."].iter().any(|section| assigned.starts_with(section));
            count += usize::from(is_option || is_section);
            // What is neither is a value, or a function.
            let is_written =
                set.contains(&format!("= `{assigned}`")) || assigned.contains("hook") || assigned.contains("callback");
            assert!(is_option || is_section || is_written, "`{assigned}` in {row}");
        }
    }
    assert!(count > 40, "{count}");
}

#[test]
fn the_rust_program_is_the_example() {
    assert_shown("examples/get_token.rs", "<!-- rust: examples/get_token.rs -->\n```rust,no_run\n");
}

/// Built and run where the C++ header is tested.
#[test]
fn the_cpp_program_is_the_example() {
    assert_shown("examples-c/raii.cpp", "<!-- c++: examples-c/raii.cpp -->\n```cpp\n");
}

fn assert_shown(example: &str, mark: &str) {
    let readme = readme();
    let program = std::fs::read_to_string(Path::new(ROOT).join(example)).expect("the example is there");
    assert_eq!(between(&readme, mark, "```"), program);
}

#[test]
fn the_c_program_compiles_without_a_warning() {
    let readme = readme();
    let program = between(&readme, "<!-- c -->\n```c\n", "```");
    let source = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("readme.c");
    std::fs::write(&source, program).expect("the program can be written");
    let output = Command::new("cc")
        .args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", "-fsyntax-only", "-I"])
        .arg(Path::new(ROOT).join("include"))
        .arg(&source)
        .output()
        .expect("there is a C compiler");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
