//! Servers on loopback that stand for all providers, and clients that take them for the provider.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use oauth_token::{Client, Config, Error, Token};
use serde_json::{Map, Value, json};

use crate::computed;
use crate::provider::{DIRECTORY, Provider};
use crate::support::{FakeTransport, Reply, Request, Server, TemporaryDirectory, TestAuthority, TestClock, broken};

/// What the clock of a test says at first.
const START: u64 = 1_700_000_000;

/// Where options name files on the user's machine.
const USER_FILES: &str = "/etc/acme/";

pub(crate) struct Loopback {
    authority: TestAuthority,
    /// Where options would name files on the user's own machine.
    files: TemporaryDirectory,
    answer: Arc<Mutex<Reply>>,
    plain: Server,
    tls: Server,
    /// Lets nobody in without a client certificate.
    mutual_tls: Server,
}

impl Loopback {
    pub(crate) fn new() -> Self {
        let authority = TestAuthority::new();
        let files = TemporaryDirectory::new();
        for entry in std::fs::read_dir(format!("{DIRECTORY}/keys")).expect("the test keys are there") {
            let path = entry.expect("it can be read").path();
            std::fs::copy(&path, files.path().join(path.file_name().expect("it has a name")))
                .expect("it can be copied");
        }
        let (certificate, key) = authority.client_certificate("my-client");
        files.write("client.crt", certificate);
        files.write("client.key", key);
        let answer = Arc::new(Mutex::new(Reply::hang_up()));
        let handler = || {
            let answer = Arc::clone(&answer);
            move |_: &Request| answer.lock().expect("no test panics while it holds this").clone()
        };
        let names = ["localhost", "127.0.0.1"];
        Self {
            plain: Server::http(handler()),
            tls: Server::https_with(authority.server_config(&names), handler()),
            mutual_tls: Server::https_with(authority.server_config_demanding_client(&names), handler()),
            authority,
            files,
            answer,
        }
    }

    /// The provider's token URL on loopback.
    pub(crate) fn url(&self, provider: &Provider) -> String {
        let url = provider.text("url");
        let (_, rest) = url.split_once("://").expect("it is a URL");
        let path = rest.find('/').map_or("/", |at| &rest[at..]);
        self.server(provider).url(path)
    }

    /// Asks with the provider's options; what came of it, and what was sent.
    pub(crate) fn ask(
        &self,
        provider: &Provider,
        answer: Reply,
    ) -> Result<(Result<Token, Error>, Vec<Request>), String> {
        *self.answer.lock().expect("no test panics while it holds this") = answer;
        let server = self.server(provider);
        let before = server.requests().len();
        let clock = TestClock::new();
        if let Some(moment) = provider.fact("at").and_then(Value::as_u64) {
            clock.advance(Duration::from_secs(moment - START));
        }
        let client = Client::builder(self.config(provider)?).clock(clock).build();
        let outcome = client.map_err(|error| error.to_string())?.token();
        Ok((outcome, server.requests().split_off(before)))
    }

    fn server(&self, provider: &Provider) -> &Server {
        match provider.text("url") {
            url if url.starts_with("http:") => &self.plain,
            _ if provider.flag("mtls") => &self.mutual_tls,
            _ => &self.tls,
        }
    }

    /// The options of the file, except that the host is this one, as are the paths of files.
    fn config(&self, provider: &Provider) -> Result<Config, String> {
        let mut options = provider.options();
        if options.get("token_url") != provider.fact("url") {
            return Err("its `token_url` is another".into());
        }
        if !options.values().any(is_of_the_user) {
            // Loopback allows what other hosts do not.
            let unchanged =
                Client::builder(parse(&options)?).transport(Arc::new(FakeTransport::new(|_| broken(false))));
            unchanged.build().map_err(|error| error.to_string())?;
        }
        options.insert("token_url".into(), json!(self.url(provider)));
        options.insert("ca_pem".into(), json!(self.authority.certificate_pem()));
        for value in options.values_mut().filter(|value| is_of_the_user(value)) {
            let file = value.as_str().and_then(|path| path.strip_prefix(USER_FILES)).unwrap_or_default();
            *value = json!(self.files.path().join(file));
        }
        Ok(computed::add_hook(provider.id(), parse(&options)?))
    }
}

fn parse(options: &Map<String, Value>) -> Result<Config, String> {
    Value::Object(options.clone()).to_string().parse().map_err(|error: Error| error.to_string())
}

/// Whether an option names a file on the user's machine.
fn is_of_the_user(value: &Value) -> bool {
    value.as_str().is_some_and(|path| path.starts_with(USER_FILES))
}
