//! Token requests that are not quite OAuth: other methods, formats, grants and places, over a real connection.

#![cfg(feature = "http")]

#[path = "../checks/mod.rs"]
mod checks;
mod formats;
mod grants;
mod hook;
mod hook_url;
mod methods;
#[path = "../support/mod.rs"]
mod support;

use oauth_token::{Client, ClientAuth, Config};

use checks::{TOKEN, grant};
use support::{Request, Server};

/// A client that says nothing but what a test adds.
fn bare(server: &Server) -> Config {
    checked(Config::new().token_url(server.url("/token"))).client_auth(ClientAuth::None).grant_type("")
}

fn checked(config: Config) -> Config {
    config.proxy(oauth_token::ProxyChoice::None)
}

/// The one request that these options lead to.
#[track_caller]
fn request_of(config: impl FnOnce(&Server) -> Config) -> Request {
    let server = Server::http(grant);
    let client = Client::new(config(&server)).expect("the options are good");
    assert_eq!(client.token().expect("it was granted").access_token(), TOKEN);
    let requests = server.requests();
    let [request] = &requests[..] else { panic!("there must be one request: {requests:?}") };
    request.clone()
}

/// All values of a header, so that one sent twice is noticed.
fn values<'a>(request: &'a Request, name: &str) -> Vec<&'a str> {
    let headers = request.headers.iter().filter(|(each, _)| each.eq_ignore_ascii_case(name));
    headers.map(|(_, value)| value.as_str()).collect()
}

fn pairs(written: &[(&str, &str)]) -> Vec<(String, String)> {
    written.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
