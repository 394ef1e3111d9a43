//! Tokens from the server again and again, in one process: a new connection each, over TLS.

use crate::Bench;
use crate::measured::{Column, Series, interleave};
use crate::player::Player;
use crate::provider::Trust;
use crate::table::Row;
use crate::units::Unit;

/// In one round; of all rounds it is about 500.
const CALLS: usize = 25;

pub(crate) fn rows(bench: &Bench) -> Vec<Row> {
    let programs = [
        (Column::Ours, "oauth_token"),
        (Column::Floor, "ureq"),
        (Column::Libcurl, "libcurl"),
        (Column::Oauth2, "oauth2"),
        (Column::Go, "go"),
    ];
    let mut players = Vec::new();
    for (column, name) in programs {
        let Some(mut command) = bench.programs.command(name) else { continue };
        bench.provider.configure(&mut command, Trust::NamedAuthority);
        command.arg("exchanges");
        players.push((column, Player::start(command)));
    }
    let calls = bench.rounds * CALLS;
    // What is done once only is not meant.
    let begin = players.iter_mut().map(|(_, player)| {
        player.play(1, 1);
        player.processor_time()
    });
    let begin: Vec<Option<f64>> = begin.collect();
    let [wall_time] = interleave(&mut players, bench.rounds, |player| [player.play(1, CALLS)]);
    let spent = players.iter().zip(begin).filter_map(|((column, player), begin)| {
        let time = player.processor_time()? - begin?;
        // The round that counts for nothing took its time too.
        Some((*column, Series::of(time / (calls + CALLS) as f64)))
    });
    vec![
        Row::new(format!("one of {calls} exchanges, TLS"), Unit::Milliseconds, wall_time).target(Column::Floor, 1.1),
        Row::new("· processor time", Unit::Milliseconds, spent.collect()),
    ]
}
