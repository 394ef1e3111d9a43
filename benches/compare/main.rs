//! oauth-token beside what one would write or take instead, measured side by side in one run: `cargo bench --all-features`.
//!
//! Names of sections (`cached`, `cold`, `exchanges`, `first_call`, `herd`, `sizes`) after `--` leave the others out.
//! OAUTH_TOKEN_ROUNDS is how often everything is measured, OAUTH_TOKEN_RIVALS names those that are (`libcurl go oauth2
//! ureq`); with OAUTH_TOKEN_BLESS a whole run renews the README and the plots. Nothing is installed: what a rival needs and
//! this machine has not is said below the table.

mod cached;
mod cold;
mod command;
mod exchanges;
mod first_call;
mod herd;
mod library;
mod machine;
mod measured;
mod player;
mod plot;
mod programs;
mod provider;
mod readme;
mod rivals;
mod sizes;
#[path = "../../tests/support/mod.rs"]
mod support;
mod table;
mod units;

use std::env;

use programs::Programs;
use provider::Provider;
use table::Table;

/// What a section needs.
struct Bench {
    programs: Programs,
    provider: Provider,
    /// How often everything is measured.
    rounds: usize,
}

type Section = (&'static str, fn(&Bench) -> Vec<table::Row>);

const SECTIONS: [Section; 6] = [
    ("cached", cached::rows),
    ("cold", cold::rows),
    ("exchanges", exchanges::rows),
    ("first_call", first_call::rows),
    ("herd", herd::rows),
    ("sizes", sizes::rows),
];

fn main() {
    // Cargo adds `--bench`.
    let chosen: Vec<String> = env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let rounds = env::var("OAUTH_TOKEN_ROUNDS").map_or(21, |rounds| rounds.parse().expect("OAUTH_TOKEN_ROUNDS"));
    assert!(rounds > 0, "OAUTH_TOKEN_ROUNDS is 0");
    let bench = Bench { programs: Programs::build(), provider: Provider::start(), rounds };

    let mut table = Table::new(bench.programs.left_out().to_vec());
    for (name, rows) in SECTIONS {
        if chosen.is_empty() || chosen.iter().any(|each| each == name) {
            eprintln!("measuring: {name}");
            table.extend(rows(&bench));
        }
    }
    println!("\n{}", table.to_text());
    if chosen.is_empty() && env::var_os("OAUTH_TOKEN_BLESS").is_some() {
        plot::write_all(&table);
        readme::renew(&table);
    }
}
