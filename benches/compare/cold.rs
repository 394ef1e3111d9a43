//! From the start of a process to its end, with one token in between.

use std::process::Command;

use crate::Bench;
use crate::command::numbers;
use crate::measured::{Column, Series, interleave};
use crate::provider::Trust;
use crate::table::Row;
use crate::units::Unit;

pub(crate) fn rows(bench: &Bench) -> Vec<Row> {
    let named = measure(bench, Trust::NamedAuthority, "get_token");
    let system = measure(bench, Trust::SystemStore, "get_token");
    let plain = measure(bench, Trust::Nobody, "get_token");
    let linked = measure(bench, Trust::NamedAuthority, "get_token_static");
    let mut rows = Vec::new();
    rows.extend(three_rows("cold token, TLS, CA named", named, Some(0.27), Some(0.35)));
    rows.extend(three_rows("cold token, TLS, system's CAs", system, Some(0.18), Some(0.35)));
    rows.extend(three_rows("cold token, plain HTTP", plain, Some(0.25), None));
    rows.extend(three_rows("cold token, static, TLS, CA named", linked, None, None));
    rows
}

type Figures = [Vec<(Column, Series)>; 3];

/// Wall time, processor time and peak memory.
fn measure(bench: &Bench, trust: Trust, ours: &str) -> Figures {
    let programs = [(Column::Ours, ours), (Column::Libcurl, "libcurl"), (Column::Oauth2, "oauth2"), (Column::Go, "go")];
    let mut runs: Vec<(Column, Command)> = programs
        .iter()
        .filter(|(_, name)| bench.programs.command(name).is_some())
        .map(|&(column, name)| {
            let mut command = Command::new(bench.programs.path("measure"));
            command.arg(bench.programs.path(name));
            bench.provider.configure(&mut command, trust);
            (column, command)
        })
        .collect();
    interleave(&mut runs, bench.rounds, numbers::<3>)
}

fn three_rows(what: &str, figures: Figures, wall: Option<f64>, memory: Option<f64>) -> [Row; 3] {
    let [wall_time, processor_time, peak_memory] = figures;
    let with_target = |row: Row, target: Option<f64>| match target {
        Some(target) => row.target(Column::Libcurl, target),
        None => row,
    };
    [
        with_target(Row::new(what, Unit::Milliseconds, wall_time), wall),
        Row::new("· processor time", Unit::Milliseconds, processor_time),
        with_target(Row::new("· peak memory", Unit::Megabytes, peak_memory), memory),
    ]
}
