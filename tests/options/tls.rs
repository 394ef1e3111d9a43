//! The options of the built-in transport that name files, over a loopback TLS server.

use std::process::Command;

use oauth_token::{Client, ClientAuth, Config, ErrorKind, ProxyChoice, Roots};
use serde_json::json;

use crate::support::{Reply, Request, Server, TemporaryDirectory, TestAuthority};

fn grant(_: &Request) -> Reply {
    Reply::json(200, json!({"access_token": "t", "expires_in": 3600}))
}

fn config(server: &Server) -> Config {
    Config::new().token_url(server.url("/token")).client_id("me").client_secret("s").proxy(ProxyChoice::None)
}

#[test]
fn the_authorities_of_a_file_are_trusted() {
    let server = Server::https(grant);
    let directory = TemporaryDirectory::new();
    let both = format!("{}{}", TestAuthority::new().certificate_pem(), server.ca_pem());
    let config = config(&server).ca_file(directory.write("ca.pem", both));
    assert_eq!(Client::new(config).unwrap().token().unwrap().access_token(), "t");
}

#[test]
fn a_certificate_and_its_key_are_read_from_files() {
    let authority = TestAuthority::new();
    let server = Server::https_with(authority.server_config_demanding_client(&["localhost"]), grant);
    let (certificate, key) = authority.client_certificate("me");
    let directory = TemporaryDirectory::new();
    for client_auth in [ClientAuth::TlsClientAuth, ClientAuth::SelfSignedTlsClientAuth] {
        let config = Config::new()
            .token_url(server.url("/token"))
            .client_id("me")
            .client_auth(client_auth)
            .proxy(ProxyChoice::None)
            .ca_pem(authority.certificate_pem())
            .tls_cert_file(directory.write("cert.pem", &certificate))
            .tls_key_file(directory.write("key.pem", &key));
        Client::new(config).unwrap().token().unwrap();
    }
    for request in server.requests() {
        assert_eq!(request.form_value("client_id").as_deref(), Some("me"));
        assert_eq!((request.form_value("client_secret"), request.header("Authorization")), (None, None));
    }
}

#[test]
fn a_certificate_may_go_with_a_secret() {
    let authority = TestAuthority::new();
    let server = Server::https_with(authority.server_config_demanding_client(&["localhost"]), grant);
    let (certificate, key) = authority.client_certificate("me");
    let config = config(&server).ca_pem(authority.certificate_pem()).tls_cert_pem(certificate).tls_key_pem(key);
    Client::new(config).unwrap().token().unwrap();
    assert_eq!(server.requests()[0].basic_raw(), Some(("me".into(), "s".into())));
}

/// The system's authorities are those of `SSL_CERT_FILE`, which a process must be started with.
#[test]
fn roots_choose_between_the_system_s_authorities_and_those_compiled_in() {
    const URL: &str = "TEST_OF_ROOTS_URL";
    if let Ok(url) = std::env::var(URL) {
        let ask = |roots| {
            let config = Config::new().token_url(&url).client_id("me").client_secret("s").proxy(ProxyChoice::None);
            Client::new(config.roots(roots)).unwrap().token()
        };
        ask(Roots::System).expect("SSL_CERT_FILE names its authority");
        assert_eq!(ask(Roots::Bundled).expect_err("Mozilla does not know it").kind(), ErrorKind::Tls);
        return;
    }
    let server = Server::https(grant);
    let directory = TemporaryDirectory::new();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tls::roots_choose_between_the_system_s_authorities_and_those_compiled_in"])
        .env(URL, server.url("/token"))
        .env("SSL_CERT_FILE", directory.write("ca.pem", server.ca_pem()))
        .env_remove("SSL_CERT_DIR")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(server.requests().len(), 1);
}
