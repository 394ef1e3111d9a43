//! Tokens from the server again and again, in one process: a new connection each, over TLS.

use crate::Bench;
use crate::measured::{Column, interleave};
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
    let [series] = interleave(players, bench.rounds, |player| [player.play(1, CALLS)]);
    let what = format!("one of {} exchanges, TLS", bench.rounds * CALLS);
    vec![Row::new(what, Unit::Milliseconds, series).target(Column::Floor, 1.1)]
}
