//! A program that stays up and is measured again and again; see `benches/c/rounds.h`.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub(crate) struct Player {
    // Closed first, which ends the program.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    child: Child,
}

impl Player {
    pub(crate) fn start(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let output = BufReader::new(child.stdout.take().expect("its output is a pipe"));
        Self { input: child.stdin.take(), output, child }
    }

    /// Nanoseconds a call, of so many calls by each of so many threads.
    pub(crate) fn play(&mut self, threads: usize, calls: usize) -> f64 {
        let input = self.input.as_mut().expect("its input is a pipe");
        writeln!(input, "{threads} {calls}").expect("the program has ended");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("its output can be read");
        line.trim().parse().unwrap_or_else(|_| panic!("the program has ended or says what is no number: {line}"))
    }

    /// Nanoseconds that it has spent on processors so far, all its threads together, to a hundredth of a second; `None`
    /// where the system does not say.
    pub(crate) fn processor_time(&self) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        // The name of the program comes second and may hold spaces. Times are the 14th and 15th field.
        let (_, rest) = status.rsplit_once(") ")?;
        let ticks: Vec<f64> = rest.split(' ').skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
        Some(ticks.iter().sum::<f64>() * 1e7)
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}
