//! What a host pays that loads the library when it is needed.

use crate::Bench;
use crate::command::numbers;
use crate::measured::{Column, interleave};
use crate::provider::Trust;
use crate::table::Row;
use crate::units::Unit;

pub(crate) fn rows(bench: &Bench) -> Vec<Row> {
    let mut command = bench.programs.command("first_call").expect("it was built");
    command.arg(bench.programs.library.shared());
    bench.provider.configure(&mut command, Trust::NamedAuthority);
    let [loading, first_call] = interleave(&mut [(Column::Ours, command)], bench.rounds, numbers::<2>);
    vec![
        Row::new("dlopen", Unit::Milliseconds, loading),
        Row::new("first call after it, TLS", Unit::Milliseconds, first_call),
    ]
}
