//! Runs the seeds.
//!
//! `OAUTH_TOKEN_SIMULATION_SEEDS=n` runs that many; `OAUTH_TOKEN_SIMULATION_SEED=n` runs one and tells what happens.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::agenda::Turn;
use super::callers::Ending;
use super::client::RealClient;
use super::report::{self, NAMES};
use super::scenario::{Learnt, Rotation, Scenario};
use super::tally::Tally;
use super::world::World;

/// The seeds behind the table in the README.
const STANDARD_SEEDS: u64 = 1_000;

#[test]
fn every_promise_is_kept_in_every_scenario() {
    if let Some(seed) = number_from("OAUTH_TOKEN_SIMULATION_SEED") {
        let scenario = Scenario::new(seed);
        println!("{scenario:#?}");
        let calmer = scenario.panics_one_in.map(|_| scenario.without_panics());
        for scenario in [Some(scenario), calmer].into_iter().flatten() {
            println!("{:#?}", World::new(scenario, true, RealClient::boxed).run());
        }
        return;
    }
    let seeds = number_from("OAUTH_TOKEN_SIMULATION_SEEDS").unwrap_or(STANDARD_SEEDS);
    for_each_seed(seeds, |seed| World::new(Scenario::new(seed), false, RealClient::boxed).run());
}

#[test]
fn a_seed_replays_exactly() {
    for seed in 0..20 {
        assert_eq!(report::compare(seed), report::compare(seed), "seed {seed}");
    }
}

/// A caller asks ten times a second, with a secret that the server has never known.
#[test]
fn a_wrong_secret_costs_five_requests_a_minute_and_put_right_none_more() {
    let told_at = Duration::from_secs(60);
    let scenario = Scenario {
        rotation: Some(Rotation { new_from: Duration::ZERO, old_until: Duration::ZERO, told_at, learnt: Learnt::Told }),
        ..Scenario::calm()
    };
    let world = World::new(scenario, false, RealClient::boxed);
    let requests = || world.server.with(|server| server.requests);
    while world.now().monotonic < told_at {
        assert!(matches!(world.ask_once(), Ending::Failed(Some(_))));
        world.pass(Duration::from_millis(100));
    }
    let wrong = requests();
    assert!((2..=5).contains(&wrong), "{wrong} requests with a wrong secret");
    world.turn(Turn::SecretTold);
    assert_eq!(world.ask_once(), Ending::Token(0));
    assert_eq!(requests(), wrong + 1);
}

/// `OAUTH_TOKEN_BLESS=1 cargo test --all-features simulation` writes the table instead of comparing it.
#[test]
fn the_table_in_the_readme_is_what_came_out() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).expect("the README is there");
    let (before, rest) = readme.split_once("<!-- simulation -->\n").expect("the README has a mark");
    let (written, after) = rest.split_once("<!-- end of simulation -->").expect("the README has an end mark");
    let mut tallies = [Tally::default(); NAMES.len()];
    for seed in for_each_seed(STANDARD_SEEDS, report::compare) {
        for (tally, one) in tallies.iter_mut().zip(&seed) {
            tally.add(one);
        }
    }
    assert_eq!(tallies[0].expired, 0, "a promise is broken");
    let table = report::table(&tallies);
    if std::env::var_os("OAUTH_TOKEN_BLESS").is_some() {
        let renewed = format!("{before}<!-- simulation -->\n\n{table}\n<!-- end of simulation -->{after}");
        std::fs::write(path, renewed).expect("the README can be written");
        return;
    }
    assert!(
        written.trim() == table.trim(),
        "the table is not up to date; run `OAUTH_TOKEN_BLESS=1 cargo test --all-features simulation`:\n{table}"
    );
}

fn number_from(variable: &str) -> Option<u64> {
    let value = std::env::var(variable).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{variable} is not a number")))
}

/// Applies `job` to every seed, several at a time; each runs by itself on one thread.
fn for_each_seed<T: Send>(seeds: u64, job: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let next = AtomicU64::new(0);
    let broken = Mutex::new(Vec::new());
    let work = || {
        let mut results = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds {
                return results;
            }
            match catch_unwind(AssertUnwindSafe(|| job(seed))) {
                Ok(result) => results.push((seed, result)),
                Err(_) => broken.lock().expect("nobody panics with it").push(seed),
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut results: Vec<(u64, T)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("panics are caught")).collect()
    });
    let broken = broken.into_inner().expect("nobody panics with it");
    assert!(
        broken.is_empty(),
        "seeds that break a promise: {broken:?}; to replay one, with all that happens:\n\
         OAUTH_TOKEN_SIMULATION_SEED={} cargo test --lib simulation::tests::every_promise -- --nocapture",
        broken[0]
    );
    results.sort_by_key(|(seed, _)| *seed);
    results.into_iter().map(|(_, result)| result).collect()
}
