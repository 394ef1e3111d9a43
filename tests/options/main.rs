//! Every option works, in every way in which it can be set.

#![cfg(all(feature = "http", feature = "jwt"))]

mod answers;
#[cfg(all(feature = "capi", target_os = "linux"))]
#[path = "../c_support/mod.rs"]
mod c_support;
mod covered;
#[cfg(all(feature = "capi", target_os = "linux"))]
mod from_c;
mod rows;
#[cfg(all(feature = "capi", target_os = "linux"))]
mod stage;
#[path = "../support/mod.rs"]
mod support;
mod tls;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use oauth_token::transport::{Request, Response, Transport, TransportError, TransportErrorKind};
use oauth_token::{Client, Config, Random, options};
use serde_json::{Value, json};

use support::TestClock;

/// An option, and a value of it that makes a difference to a client with the `base` options.
struct Row {
    name: &'static str,
    text: &'static str,
    json: Value,
    /// Sets it by its method.
    method: fn(Config) -> Config,
    base: rows::Base,
}

/// When a client is asked for a token: after so many minutes each.
const MINUTES: [u64; 5] = [0, 49, 7, 5, 60];

impl Row {
    fn unset(&self) -> Config {
        let mut config = Config::new();
        for (name, value) in &self.base {
            config.set(name, value).unwrap_or_else(|error| panic!("{error}"));
        }
        config
    }

    fn by_name(&self) -> Config {
        let mut config = self.unset();
        config.set(self.name, self.text).unwrap_or_else(|error| panic!("{error}"));
        config
    }

    fn by_json(&self) -> Config {
        let mut config = self.unset();
        config.set_json(&json!({ self.name: self.json }).to_string()).unwrap_or_else(|error| panic!("{error}"));
        config
    }

    fn by_method(&self) -> Config {
        (self.method)(self.unset())
    }
}

#[test]
fn every_option_has_a_row() {
    let rows: Vec<&str> = rows::all().iter().map(|row| row.name).collect();
    let missing: Vec<&str> = options().iter().map(|option| option.name).filter(|name| !rows.contains(name)).collect();
    assert_eq!(missing, [""; 0], "add a row for each");
    let sections = rows.iter().filter(|name| name.contains('.')).count();
    assert_eq!((rows.len(), sections), (options().len() + 3, 3));
}

#[test]
fn every_option_makes_a_difference_and_the_same_one_however_it_is_set() {
    for row in rows::all() {
        let by_name = happenings(row.by_name());
        assert_ne!(by_name, happenings(row.unset()), "`{}` is ignored", row.name);
        assert_eq!(by_name, happenings(row.by_json()), "`{}` in JSON", row.name);
        assert_eq!(by_name, happenings(row.by_method()), "`{}` by its method", row.name);
    }
}

#[test]
fn debug_output_names_every_option_that_is_set_and_no_value() {
    for row in rows::all() {
        let shown = format!("{:?}", row.by_name());
        assert!(shown.contains(&format!("{:?}", row.name)), "{shown}");
        // Words such as `none` may be parts of names.
        assert!(row.text.len() < 8 || !shown.contains(row.text), "{shown}");
    }
}

/// All that can be seen of a client in two hours: its requests and when they are made, its tokens and errors.
fn happenings(config: Config) -> Vec<String> {
    let clock = TestClock::new();
    let server = Arc::new(Server::default());
    let client = Client::builder(config).transport(server.clone()).clock(clock.clone()).random(Arc::new(Half)).build();
    let mut seen = Vec::new();
    let client = match client {
        Ok(client) => client,
        Err(error) => return vec![error.to_string()],
    };
    for minutes in MINUTES {
        clock.advance(Duration::from_secs(minutes * 60));
        seen.push(match client.token() {
            Ok(token) => format!("{} for {:?}", token.access_token(), token.expires_in()),
            Err(error) => format!("{error}, again in {:?}", error.retry_in()),
        });
        seen.push(format!("{} requests", server.requests.lock().unwrap().len()));
    }
    seen.append(&mut server.requests.lock().unwrap());
    seen
}

#[derive(Default)]
struct Server {
    requests: Mutex<Vec<String>>,
}

impl Transport for Server {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let headers: Vec<String> = request.headers().map(|(name, value)| format!("{name}: {value}")).collect();
        self.requests.lock().unwrap().push(format!(
            "{} {} {headers:?} {:?} {:?} {}",
            request.method(),
            request.url().as_text(),
            request.body(),
            request.timeout(),
            request.max_response_bytes(),
        ));
        let number = self.requests.lock().unwrap().len();
        let url = request.url().as_text();
        let path = url.split_once(".test").map_or("", |(_, path)| path);
        let authorization = request.header("Authorization").unwrap_or_default();
        let Some(answer) = answers::answer(path, authorization, number) else {
            return Err(TransportError::new(TransportErrorKind::Timeout, "silence", true));
        };
        let response = Response::new(answer.status, answer.body);
        Ok(match answer.retry_after {
            Some(wait) => response.header("Retry-After", wait),
            None => response,
        })
    }
}

/// Makes the same choice every time.
struct Half;

impl Random for Half {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0x80);
    }
}
