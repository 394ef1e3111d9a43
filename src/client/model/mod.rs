//! Every interleaving of a few callers, checked with loom: the real coordinator and cache, and a provider, a clock and
//! randomness of the model's.
//!
//! `RUSTFLAGS="--cfg loom" cargo test --profile model --lib client::model` runs them. Loom runs each model once for every
//! order in which its threads may take locks, wait and be woken; a deadlock or a lost wake-up ends in its report. Where
//! there are too many orders, [`explore_within`] bounds how often a thread is interrupted against its will; the rarest
//! fault found so far took four times.
//!
//! No model lets a wait time out by itself. Its time-out is an event: a thread moves the clock and wakes all who wait.

mod changes;
mod limits;
mod relatives;
mod sharing;
mod world;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use loom::thread::JoinHandle;

use crate::error::{Error, ErrorKind};
use crate::token::Token;

type Outcome = Result<Token, Error>;

/// Runs the model in every order. A model says how many of its callers waited; returned are the numbers that came up.
fn explore(name: &str, model: impl Fn() -> u64 + Send + Sync + 'static) -> Vec<u64> {
    check(name, None, model)
}

/// Runs the model in every order in which threads are interrupted at most this often.
fn explore_within(interruptions: usize, name: &str, model: impl Fn() -> u64 + Send + Sync + 'static) -> Vec<u64> {
    check(name, Some(interruptions), model)
}

fn check(name: &str, interruptions: Option<usize>, model: impl Fn() -> u64 + Send + Sync + 'static) -> Vec<u64> {
    let counts = Arc::new(Mutex::new(BTreeMap::<u64, usize>::new()));
    let counting = Arc::clone(&counts);
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = builder.preemption_bound.or(interruptions);
    builder.max_branches = 10_000;
    let start = Instant::now();
    builder.check(move || {
        let waited = model();
        *counting.lock().expect("no panic here").entry(waited).or_default() += 1;
    });
    let bound = builder.preemption_bound.map_or(String::from("no bound"), |bound| format!("{bound} interruptions"));
    let counts = counts.lock().expect("no panic here");
    let runs: usize = counts.values().sum();
    println!("{name}: {runs} interleavings ({bound}), by waiters {counts:?}, {:.1} s", start.elapsed().as_secs_f64());
    counts.keys().copied().collect()
}

fn join<T>(handle: JoinHandle<T>) -> T {
    handle.join().expect("a thread of a model catches its panics")
}

fn text(outcome: &Outcome) -> &str {
    outcome.as_ref().expect("there must be a token").access_token()
}

#[track_caller]
fn assert_kind(outcome: &Outcome, kind: ErrorKind) {
    assert_eq!(outcome.as_ref().map(drop).map_err(Error::kind), Err(kind));
}
