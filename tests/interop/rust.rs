//! Cases in Rust.

use std::env;
use std::path::Path;
use std::process::Command;

use oauth_token::{Client, Config, Error, Token};
use serde_json::Value;

use crate::asker::{Answer, Asker, Granted, Refused};

struct RustClient {
    client: Client,
    token: Option<Token>,
}

pub(crate) fn start(options: Value) -> Box<dyn Asker> {
    let config: Config = serde_json::from_value(options).expect("the options are good");
    Box::new(RustClient { client: Client::new(config).expect("the options are complete"), token: None })
}

/// Runs `examples/get_token.rs`, which `.ci/interop` has built: the environment of these tests is not theirs to change.
pub(crate) fn run_in(environment: &[(&str, &str)], options: Value) -> Result<String, String> {
    let tests = env::current_exe().expect("this executable has no path");
    let example = tests.parent().and_then(Path::parent).expect("no target directory").join("examples/get_token");
    let mut command = Command::new(example);
    let output = command.env("OAUTH_CONFIG", options.to_string()).envs(environment.iter().copied()).output();
    let output = output.expect("the example cannot be run");
    let (printed, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(printed.into_owned()) } else { Err(said.into_owned()) }
}

impl Asker for RustClient {
    fn ask(&mut self) -> Answer {
        let outcome = self.client.token();
        self.token = outcome.as_ref().ok().cloned();
        Answer { outcome: outcome.map(granted).map_err(refused), requests: self.client.statistics().requests }
    }

    fn invalidate(&mut self) {
        self.client.invalidate(self.token.as_ref().expect("there was no token"));
    }
}

fn granted(token: Token) -> Granted {
    Granted {
        authorization: token.authorization().to_owned(),
        scope: token.scope().map(str::to_owned),
        expires_in: token.expires_in(),
    }
}

fn refused(error: Error) -> Refused {
    Refused {
        kind: error.kind(),
        message: error.message().to_owned(),
        code: error.code().map(str::to_owned),
        http_status: error.http_status(),
    }
}
