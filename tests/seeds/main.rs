//! The four systems whose documents started the project, each played as its document says.

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
    let clock = Arc::new(TestClock::new());
    let client = Client::builder(config).clock(clock.clone()).build().expect("the recipe is complete");
    (client, clock)
}
