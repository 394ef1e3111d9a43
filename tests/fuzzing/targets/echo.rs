//! A server that refuses, and repeats all that it was sent.

use std::sync::{Arc, Mutex};

use oauth_token::transport::{Request, Response, Transport, TransportError};
use oauth_token::{Client, Config, Error};
use serde_json::json;

use super::clock::TestClock;

/// What a server was sent, part by part.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

type Way = fn(&str) -> Response;

/// The usual ways of repeating what was sent.
const WAYS: [Way; 3] = [
    |sent| Response::new(401, json!({"error": "invalid_client", "error_description": sent}).to_string()),
    |sent| Response::new(400, sent),
    |sent| Response::new(500, format!("<title>{sent}</title>")),
];

/// What a client says of a server that repeats what it was sent, in each way.
pub fn errors(config: &Config) -> Vec<Error> {
    WAYS.into_iter().filter_map(|way| ask(config, way).0).collect()
}

/// What a server is sent.
pub fn sent(config: &Config) -> Vec<Sent> {
    ask(config, |_| Response::new(400, "")).1
}

fn ask(config: &Config, way: Way) -> (Option<Error>, Vec<Sent>) {
    let server = Arc::new(Echo { way, sent: Mutex::default() });
    let builder = Client::builder(config.clone().max_retries(1)).transport(Arc::clone(&server) as _);
    let error = builder.clock(TestClock::new()).build().and_then(|client| client.token()).err();
    (error, std::mem::take(&mut *server.sent.lock().unwrap()))
}

struct Echo {
    way: Way,
    sent: Mutex<Vec<Sent>>,
}

impl Transport for Echo {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let sent = Sent {
            url: request.url().as_text(),
            headers: request.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: request.body().unwrap_or_default().to_owned(),
        };
        let headers: String = sent.headers.iter().map(|(_, value)| format!("{value} ")).collect();
        let said = format!("{} {headers} {}", sent.body, sent.url);
        self.sent.lock().unwrap().push(sent);
        Ok((self.way)(&said))
    }
}
