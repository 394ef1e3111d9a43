//! Many threads that ask a client without a token at once, until all of them have one.

use crate::Bench;
use crate::measured::{Column, Series, interleave};
use crate::player::Player;
use crate::provider::Trust;
use crate::table::Row;
use crate::units::Unit;

const THREADS: usize = 64;

pub(crate) fn rows(bench: &Bench) -> Vec<Row> {
    let mut players = Vec::new();
    for (column, name) in [(Column::Ours, "oauth_token"), (Column::Go, "go")] {
        let Some(mut command) = bench.programs.command(name) else { continue };
        bench.provider.configure(&mut command, Trust::NamedAuthority);
        command.arg("herd");
        players.push((column, Player::start(command)));
    }
    // The nanoseconds are those of each call; all begin and end together.
    let [time, requests] = interleave(&mut players, bench.rounds, |player| {
        let before = bench.provider.secure.requests().len();
        let time = player.play(THREADS, 1) * THREADS as f64;
        [time, (bench.provider.secure.requests().len() - before) as f64]
    });
    let requests: Vec<(Column, Series)> =
        requests.into_iter().map(|(column, series)| (column, series.worst())).collect();
    vec![
        Row::new(format!("{THREADS} threads, no token: until all have one"), Unit::Milliseconds, time),
        Row::new("· requests that the server saw, at most", Unit::Count, requests).limit(1.0),
    ]
}
