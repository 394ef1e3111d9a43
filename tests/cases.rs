//! The tables of cases name tests that there are, and the README counts them right.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Whose every test must be among the cases.
const LISTED: [&str; 18] = [
    "tests/bad_answers.rs",
    "tests/c_hosts/memory.rs",
    "tests/c_hosts/rules.rs",
    "tests/c_hosts/stack.rs",
    "tests/faults/answers.rs",
    "tests/faults/floods.rs",
    "tests/faults/lengths.rs",
    "tests/faults/proxies.rs",
    "tests/faults/redirects.rs",
    "tests/faults/routes.rs",
    "tests/faults/secrets.rs",
    "tests/faults/tls.rs",
    "tests/faults/tls_versions.rs",
    "tests/interop/oauth2_server.rs",
    "tests/interop/oidc_provider.rs",
    "tests/interop/proxy.rs",
    "tests/odd_http.rs",
    "tests/real_servers.rs",
];

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(ROOT).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The functions of a source that are tests; in `tests/interop/` those, too, that are given what starts a client.
fn tests_of(source: &str) -> Vec<String> {
    let mut is_test = false;
    let mut names = Vec::new();
    for line in source.lines().map(str::trim_start) {
        match line.strip_prefix("fn ").and_then(|rest| rest.split_once('(')) {
            Some((name, rest)) if is_test || is_given_a_client(rest) => names.push(name.to_owned()),
            _ => {}
        }
        // Between the two there may be other attributes.
        is_test = line == "#[test]" || (is_test && line.starts_with('#'));
    }
    names
}

fn is_given_a_client(parameters: &str) -> bool {
    ["start: Start)", "run_in: RunIn)"].iter().any(|given| parameters.starts_with(given))
}

/// All sources in a directory and below it.
fn sources(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let inside = entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    inside.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// The names of tests in the last column of the tables, without what they have in common; `…` stands for anything.
fn named_cases() -> Vec<String> {
    let table = read("tests/README.md");
    let rows = table.lines().filter(|line| line.starts_with("| ") && !line.ends_with("::…` |"));
    let cells = rows.filter_map(|row| row.trim_end_matches(" |").rsplit_once(" | ")).map(|(_, cell)| cell.to_owned());
    let names = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>());
    names.filter(|name| name.contains('_')).map(|name| name.rsplit("::").next().unwrap().to_owned()).collect()
}

fn is_meant(pattern: &str, name: &str) -> bool {
    let pieces: Vec<&str> = pattern.split('…').collect();
    let (first, last) = (pieces[0], pieces[pieces.len() - 1]);
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    for piece in &pieces[1..] {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.is_empty() || (pieces.len() > 1 && last.is_empty())
}

#[test]
fn every_case_has_its_test() {
    let directories = ["tests", "src"].map(|name| sources(&Path::new(ROOT).join(name)));
    let all: BTreeSet<String> = directories.concat().into_iter().flat_map(|path| tests_of(&read(path))).collect();
    let cases = named_cases();
    assert!(cases.len() > 150, "{}", cases.len());
    for case in cases {
        assert!(all.iter().any(|name| is_meant(&case, name)), "there is no test `{case}`");
    }
}

#[test]
fn every_test_against_servers_and_networks_is_a_case() {
    let cases = named_cases();
    for path in LISTED {
        for name in tests_of(&read(path)) {
            assert!(cases.iter().any(|case| is_meant(case, &name)), "tests/README.md does not name `{name}` of {path}");
        }
    }
}

/// How many tests a command of the README lists: those of a file, or of modules of a directory.
fn count(command: &str) -> usize {
    let words: Vec<&str> = command.split_whitespace().collect();
    let program = words.iter().skip_while(|word| **word != "--test").nth(1).expect("--test NAME");
    let modules = words.iter().filter_map(|word| word.strip_suffix("::"));
    let mut paths: Vec<String> = modules.map(|module| format!("tests/{program}/{module}.rs")).collect();
    if paths.is_empty() {
        paths.push(format!("tests/{program}.rs"));
    }
    // Those of `tests/interop/` that are given a client are run with one in Rust and one in C.
    let of_two = |source: &str| source.split('(').filter(|rest| is_given_a_client(rest)).count();
    paths.iter().map(read).map(|source| tests_of(&source).len() + of_two(&source)).sum()
}

/// `OAUTH_TOKEN_BLESS=1 cargo test --all-features --test cases` writes the figures instead of comparing them.
#[test]
fn the_readme_counts_the_cases_right() {
    let readme = read("README.md");
    let (before, rest) = readme.split_once("<!-- cases -->\n").expect("the README has no <!-- cases -->");
    let (table, after) = rest.split_once("<!-- end of cases -->").expect("the README has no <!-- end of cases -->");
    let counted: Vec<String> = table
        .lines()
        .map(|row| match &row.split('|').map(str::trim).collect::<Vec<_>>()[..] {
            [_, what, _, command, _] if command.starts_with("`cargo") => {
                format!("| {what} | {} | {command} |\n", count(command.trim_matches('`')))
            }
            _ => format!("{row}\n"),
        })
        .collect();
    let counted = counted.concat();
    if std::env::var_os("OAUTH_TOKEN_BLESS").is_some() {
        let renewed = format!("{before}<!-- cases -->\n{counted}<!-- end of cases -->{after}");
        fs::write(Path::new(ROOT).join("README.md"), renewed).expect("the README can be written");
        return;
    }
    assert!(counted.contains("--test faults"), "no row is counted");
    assert_eq!(table, counted, "run `OAUTH_TOKEN_BLESS=1 cargo test --all-features --test cases`");
}
