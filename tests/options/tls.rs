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

/// The system's authorities are those of `SSL_CERT_FILE` and `SSL_CERT_DIR`, which a process must be started with.
#[test]
fn roots_choose_between_the_system_s_authorities_and_those_compiled_in() {
    if let Ok(url) = std::env::var(URL_OF_ROOTS) {
        let ask = |roots| {
            let config = Config::new().token_url(&url).client_id("me").client_secret("s").proxy(ProxyChoice::None);
            Client::new(config.roots(roots)).unwrap().token()
        };
        if let Ok(expected) = std::env::var(ERROR_OF_ROOTS) {
            let error = ask(Roots::System).expect_err("the certificate is not good");
            assert_eq!(error.kind(), ErrorKind::Tls);
            assert!(error.message().contains(&expected), "{error}");
            return;
        }
        if std::env::var_os("SSL_CERT_NONE").is_some() {
            let error = ask(Roots::System).expect_err("nothing names its authority");
            assert_eq!(error.kind(), ErrorKind::Tls);
            assert!(error.message().contains("not trusted by this system"), "{error}");
            let is_missing = std::env::var("SSL_CERT_FILE").is_ok_and(|path| path.ends_with("missing"));
            let unread = "(environment variable SSL_CERT_FILE: ";
            assert_eq!(
                error.message().contains(unread) && error.message().contains("cannot be read"),
                is_missing,
                "{error}"
            );
            return;
        }
        ask(Roots::System).expect("the environment names its authority");
        let error = ask(Roots::Bundled).expect_err("Mozilla does not know it");
        assert_eq!(error.kind(), ErrorKind::Tls);
        assert!(error.message().contains("not trusted by Mozilla (option `roots` = `bundled`)"), "{error}");
        return;
    }
    let server = Server::https(grant);
    let files = TemporaryDirectory::new();
    let bundle = files.write("ca.pem", server.ca_pem());
    assert_eq!(system_roots_pass(&server, &[("SSL_CERT_FILE", &bundle)]), Ok(1));
}

#[test]
fn a_directory_is_looked_into_where_the_bundle_does_not_know_an_authority() {
    let server = Server::https(grant);
    let files = TemporaryDirectory::new();
    let bundle = files.write("bundle.pem", TestAuthority::new().certificate_pem());
    let directory = files.path().join("directory");
    std::fs::create_dir(&directory).unwrap();
    std::fs::write(directory.join("ca.pem"), server.ca_pem()).unwrap();
    let missing = files.path().join("missing");
    let both = [("SSL_CERT_FILE", &*bundle), ("SSL_CERT_DIR", &*directory)];
    assert_eq!(system_roots_pass(&server, &both), Ok(1));
    assert_eq!(system_roots_pass(&server, &[("SSL_CERT_DIR", &directory)]), Ok(1));
    assert_eq!(system_roots_pass(&server, &[("SSL_CERT_FILE", &missing), ("SSL_CERT_DIR", &directory)]), Ok(1));
    let neither = [("SSL_CERT_FILE", &*bundle), ("SSL_CERT_DIR", files.path()), ("SSL_CERT_NONE", files.path())];
    assert_eq!(system_roots_pass(&server, &neither), Ok(0));
    // A directory that holds another's, so that something is found at all.
    let strangers = files.path().join("strangers");
    std::fs::create_dir(&strangers).unwrap();
    std::fs::copy(&bundle, strangers.join("ca.pem")).unwrap();
    let unread = [("SSL_CERT_FILE", &*missing), ("SSL_CERT_DIR", &*strangers), ("SSL_CERT_NONE", files.path())];
    assert_eq!(system_roots_pass(&server, &unread), Ok(0));
}

/// Wherever its authority is found.
#[test]
fn a_certificate_by_an_authority_of_the_system_must_be_good_all_the_same() {
    let authority = TestAuthority::new();
    let files = TemporaryDirectory::new();
    let own = files.write("own.pem", authority.certificate_pem());
    let stranger = files.write("stranger.pem", TestAuthority::new().certificate_pem());
    let directory = files.path().join("directory");
    std::fs::create_dir(&directory).unwrap();
    std::fs::copy(&own, directory.join("ca.pem")).unwrap();
    for (tls, error) in [
        (authority.server_config(&["other.test"]), "is for another name (other.test)"),
        (authority.server_config_in(2000..2001, &["localhost"]), "has expired"),
        (authority.server_config_in(4000..4001, &["localhost"]), "is not valid yet"),
        (authority.server_config_of_a_thief(&rustls::version::TLS12), "certificate of localhost"),
        (authority.server_config_of_a_thief(&rustls::version::TLS13), "certificate of localhost"),
    ] {
        let server = Server::https_with(tls, grant);
        let error = (ERROR_OF_ROOTS, std::path::Path::new(error));
        assert_eq!(system_roots_pass(&server, &[("SSL_CERT_FILE", &own), error]), Ok(0));
        let both = [("SSL_CERT_FILE", &*stranger), ("SSL_CERT_DIR", &*directory), error];
        assert_eq!(system_roots_pass(&server, &both), Ok(0));
    }
}

const URL_OF_ROOTS: &str = "TEST_OF_ROOTS_URL";
/// Set where there is to be an error, to what it says.
const ERROR_OF_ROOTS: &str = "TEST_OF_ROOTS_ERROR";

/// Runs the test of roots in a process with this environment; how many requests that made.
fn system_roots_pass(server: &Server, environment: &[(&str, &std::path::Path)]) -> Result<usize, String> {
    let before = server.requests().len();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tls::roots_choose_between_the_system_s_authorities_and_those_compiled_in"])
        .env_remove("SSL_CERT_FILE")
        .env_remove("SSL_CERT_DIR")
        .env(URL_OF_ROOTS, server.url("/token"))
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Ok(server.requests().len() - before)
}
