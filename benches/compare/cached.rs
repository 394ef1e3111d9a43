//! A token that is in hand: wall time for each of all calls, by several threads that share a client.

use std::process::Command;

use crate::Bench;
use crate::measured::{Column, interleave};
use crate::player::Player;
use crate::provider::Trust;
use crate::table::Row;
use crate::units::Unit;

pub(crate) const THREADS: [usize; 5] = [1, 2, 4, 8, 16];

/// Of all threads together in one round: some dozens of milliseconds.
const CALLS: usize = 400_000;

pub(crate) fn title(threads: usize) -> String {
    format!("cached token, {threads} thread{}", if threads == 1 { "" } else { "s" })
}

pub(crate) fn rows(bench: &Bench) -> Vec<Row> {
    let programs = [(Column::Ours, "oauth_token"), (Column::Floor, "floor"), (Column::Go, "go")];
    let start = |mut command: Command| {
        bench.provider.configure(&mut command, Trust::Nobody);
        command.arg("cached");
        Player::start(command)
    };
    let mut rows = Vec::new();
    for threads in THREADS {
        let mut players: Vec<(Column, Player)> = programs
            .iter()
            .filter_map(|&(column, name)| Some((column, start(bench.programs.command(name)?))))
            .collect();
        let [series] = interleave(&mut players, bench.rounds, |player| [player.play(threads, CALLS / threads)]);
        let mut row = Row::new(title(threads), Unit::Nanoseconds, series).target(Column::Go, 1.0);
        if threads == 1 || threads == 16 {
            row = row.target(Column::Floor, 1.1);
        }
        rows.push(row);
    }
    rows
}
