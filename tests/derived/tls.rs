//! Certificates that are read once.

use std::fs;

use oauth_token::{Client, Config, ProxyChoice};
use serde_json::json;

use crate::support::{Reply, Server, TemporaryDirectory};
use crate::{derive, text};

#[test]
fn trust_roots_are_those_of_the_parent_and_are_not_read_again() {
    let server = Server::https(|_| Reply::json(200, json!({"access_token": "t", "expires_in": 3600})));
    let directory = TemporaryDirectory::new();
    let authority = directory.write("ca.pem", server.ca_pem());
    let config = Config::new().token_url(server.url("/token")).client_id("a").client_secret("b");
    let parent = Client::new(config.ca_file(&authority).proxy(ProxyChoice::None)).unwrap();
    fs::remove_file(&authority).unwrap();
    let child = derive(&parent, Config::new().scope("c"));
    assert_eq!(text(child.token()), "t");
    // Other roots are read.
    let error = parent.derive(Config::new().ca_file(&authority)).unwrap_err();
    assert!(error.message().contains("ca_file"), "{error}");
}
