//! How everybody fared, for the README.

use std::sync::Weak;
use std::time::Duration;

use super::client::RealClient;
use super::policies::FixedMargin;
use super::scenario::Scenario;
use super::tally::Tally;
use super::world::{Subject, World};

/// Those who are compared, with what the table calls them.
pub(super) const NAMES: [&str; 4] =
    ["this library", "fixed margin of 10 s", "fixed margin of 60 s", "fixed margin of 300 s"];

/// How each of [`NAMES`] fares in one scenario.
pub(super) fn compare(seed: u64) -> [Tally; NAMES.len()] {
    let scenario = Scenario::new(seed).without_panics();
    let margin = |seconds| run(&scenario, FixedMargin::boxed(Duration::from_secs(seconds)));
    [run(&scenario, RealClient::boxed), margin(10), margin(60), margin(300)]
}

fn run(scenario: &Scenario, subject: impl FnOnce(&Weak<World>, &Scenario) -> Box<dyn Subject>) -> Tally {
    World::new(scenario.clone(), false, subject).run()
}

/// The table as Markdown.
pub(super) fn table(tallies: &[Tally; NAMES.len()]) -> String {
    type Figure = fn(&Tally) -> String;
    let columns: [(&str, Figure); 8] = [
        ("calls", |tally| thousands(tally.calls)),
        ("expired tokens handed out", |tally| thousands(tally.expired)),
        ("of these, without a clock set back", |tally| thousands(tally.expired_by_steady_clock)),
        ("failed with a good token in hand", |tally| thousands(tally.failed_with_token)),
        ("failed while the server was well", |tally| thousands(tally.failed_while_well)),
        ("waited over 1 s with a good token in hand", |tally| thousands(tally.waited_with_token)),
        ("requests made", |tally| thousands(tally.requests)),
        ("longest wait", |tally| format!("{} s", thousands(tally.longest_wait.as_secs_f64().ceil() as u64))),
    ];
    let mut table = String::from("| |");
    for (name, _) in columns {
        table.push_str(&format!(" {name} |"));
    }
    table.push_str("\n|---|");
    table.push_str(&"---:|".repeat(columns.len()));
    for (name, tally) in NAMES.iter().zip(tallies) {
        table.push_str(&format!("\n| {name} |"));
        for (_, figure) in columns {
            table.push_str(&format!(" {} |", figure(tally)));
        }
    }
    table.push('\n');
    table
}

/// A number with its digits in groups of three.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
