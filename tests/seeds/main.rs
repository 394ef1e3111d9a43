//! The four systems whose documents started the project, each played as its document says, and asked by the README's
//! recipe for it.

#[path = "../support/mod.rs"]
mod support;

mod basic_with_chosen_client_id;
mod form_with_refresh_endpoint;
mod json_body;
mod several_grants;

use std::sync::Arc;
use std::time::Duration;

use oauth_token::{Client, Config};
use support::TestClock;

const HOUR: Duration = Duration::from_secs(3600);

/// A client whose time the test sets.
fn client_of(config: Config) -> (Client, Arc<TestClock>) {
    let clock = TestClock::new();
    let client = Client::builder(config).clock(clock.clone()).build().expect("the recipe is complete");
    (client, clock)
}

/// The options of a recipe in the README, by the name of its section; `part` counts its JSON blocks.
fn recipe(section: &str, part: usize) -> Config {
    recipe_text(section, part).parse().expect("the recipe can be read")
}

fn recipe_text(section: &str, part: usize) -> String {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once(&format!("\n### {section}\n")).expect("the README has this recipe");
    let text = rest.split("\n### ").next().unwrap_or_default();
    let json = text.split("```json\n").nth(part + 1).and_then(|block| block.split("```").next());
    json.expect("the section has this block").to_owned()
}
