//! Cases in C.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::Duration;

use oauth_token::ErrorKind;
use serde_json::Value;

use crate::asker::{Answer, Asker, Granted, Refused};
use crate::c_support::Program;

/// A running `tests/c/on_command.c`.
struct CProgram {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    /// The executable lies here.
    _program: Program,
}

pub(crate) fn start(options: Value) -> Box<dyn Asker> {
    Box::new(CProgram::start(&[], options))
}

pub(crate) fn run_in(environment: &[(&str, &str)], options: Value) -> Result<String, String> {
    let outcome = CProgram::start(environment, options).ask().outcome;
    outcome.map(|granted| granted.authorization).map_err(|refused| refused.message)
}

impl CProgram {
    fn start(environment: &[(&str, &str)], options: Value) -> Self {
        let program = Program::build("on_command").set("OAUTH_CONFIG", options.to_string());
        let program = environment.iter().fold(program, |program, (name, value)| program.set(name, value));
        let mut command = program.command();
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it cannot be started");
        let input = process.stdin.take();
        let output = BufReader::new(process.stdout.take().expect("it has an output"));
        Self { process, input, output, _program: program }
    }

    fn tell(&mut self, line: &str) {
        let input = self.input.as_mut().expect("open until dropped");
        writeln!(input, "{line}").expect("it has ended");
    }

    /// Lines of the form `name=value`, up to an empty one.
    fn listen(&mut self) -> HashMap<String, String> {
        let mut values = HashMap::new();
        for line in self.output.by_ref().lines() {
            let line = line.expect("it does not write UTF-8");
            let Some((name, value)) = line.split_once('=') else {
                break;
            };
            values.insert(name.to_owned(), value.to_owned());
        }
        values
    }
}

impl Asker for CProgram {
    fn ask(&mut self) -> Answer {
        self.tell("token");
        let mut values = self.listen();
        let requests = number(&values, "requests");
        let outcome = match values.remove("authorization") {
            Some(authorization) => Ok(Granted {
                authorization,
                scope: values.remove("scope"),
                expires_in: Duration::from_millis(number(&values, "expires_in_ms")),
            }),
            None => Err(Refused {
                kind: kind(&values["status"]),
                http_status: u16::try_from(number(&values, "http_status")).ok().filter(|status| *status != 0),
                message: values.remove("message").unwrap_or_default(),
                code: values.remove("code"),
            }),
        };
        Answer { outcome, requests }
    }

    fn invalidate(&mut self) {
        self.tell("invalidate");
    }
}

impl Drop for CProgram {
    fn drop(&mut self) {
        // It ends when its input does.
        self.input = None;
        let status = self.process.wait().expect("the program is lost");
        assert!(status.success() || std::thread::panicking(), "{status}");
    }
}

fn number(values: &HashMap<String, String>, name: &str) -> u64 {
    let value = values.get(name).unwrap_or_else(|| panic!("the program says no {name}: {values:?}"));
    value.parse().expect("not a number")
}

fn kind(status: &str) -> ErrorKind {
    match status {
        "OAUTH_ERROR_CONFIG" => ErrorKind::Config,
        "OAUTH_ERROR_NETWORK" => ErrorKind::Network,
        "OAUTH_ERROR_TLS" => ErrorKind::Tls,
        "OAUTH_ERROR_TIMEOUT" => ErrorKind::Timeout,
        "OAUTH_ERROR_REJECTED" => ErrorKind::Rejected,
        "OAUTH_ERROR_SERVER" => ErrorKind::Server,
        "OAUTH_ERROR_RESPONSE" => ErrorKind::Response,
        "OAUTH_ERROR_SPENT" => ErrorKind::Spent,
        other => panic!("{other} is not expected of any server"),
    }
}
