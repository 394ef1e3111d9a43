//! Every option, and the test that looks closely at it.

use std::path::Path;

use oauth_token::options;

const LIST: &str = include_str!("covered.txt");

#[test]
fn every_option_names_a_test_that_covers_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let rows: Vec<(&str, &str)> = LIST.lines().filter_map(|line| line.split_once(' ')).collect();
    let missing: Vec<&str> = options()
        .iter()
        .map(|option| option.name)
        .filter(|name| !rows.iter().any(|(known, _)| known == name))
        .collect();
    assert_eq!(missing, [""; 0], "write a test for each, and name it in covered.txt");
    for (option, test) in rows {
        let is_section = option.ends_with(".NAME");
        assert!(is_section || options().iter().any(|known| known.name == option), "there is no option `{option}`");
        let (file, function) = test.trim().split_once("::").expect("as in `file.rs::test`");
        let source = std::fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(source.contains(&format!("#[test]\nfn {function}()")), "`{option}`: {file} has no test {function}");
    }
}
