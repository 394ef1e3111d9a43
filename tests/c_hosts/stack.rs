//! How much of a thread's stack calls take. Of the released library, no call takes more than 64 KiB, and threads with 128 KiB
//! are enough; what is compiled for debugging takes more.

use std::env;
use std::fs;
use std::net::TcpListener;
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use serde_json::json;

use crate::c_support::{Program, root};
use crate::checks::Proxy;
use crate::support::{Gate, Reply, Server, TestAuthority};
use crate::{granted, in_a_world};

const KIB: usize = 1 << 10;
/// What a call of the released library may take.
const MOST: usize = 64 * KIB;

fn is_released() -> bool {
    env::var_os("OAUTH_TOKEN_LIBRARY").is_some()
}

/// The stack of a thread.
fn size() -> String {
    (if is_released() { 128 * KIB } else { 1024 * KIB }).to_string()
}

/// Makes all calls on threads with little stack; `status` is what asking for a token must return.
#[track_caller]
fn fits(what: &str, program: Program, status: &str) {
    tell(what, &program.set("OAUTH_MAX_RETRIES", "0").succeed(&[&size(), status]));
}

/// Tells how deep each call was.
#[track_caller]
fn tell(what: &str, printed: &str) {
    let depth_of = |line: &str| line.split(' ').next().and_then(|bytes| bytes.parse().ok()).unwrap_or(0);
    let deepest: usize = printed.lines().map(depth_of).max().unwrap_or(0);
    println!("{deepest} bytes of stack at most: {what} ({})", printed.trim_end().replace('\n', ", "));
    assert!(deepest > 1000, "nothing was measured");
    assert!(deepest <= MOST || !is_released(), "{what}: {deepest} bytes of stack:\n{printed}");
}

fn program() -> Program {
    Program::build("small_stack")
}

fn key(name: &str) -> String {
    root().join("tests/assertions/keys").join(name).to_str().expect("the path is not UTF-8").to_owned()
}

#[test]
fn plain_http_fits() {
    let server = Server::http(|_| granted());
    fits("plain HTTP", program().client_of(&server), "OAUTH_OK");
}

#[test]
fn tls_with_a_named_authority_fits() {
    let server = Server::https(|_| granted());
    fits("TLS, CA named", program().client_of(&server), "OAUTH_OK");
}

/// As many authorities as systems have, and this one in a directory, which is looked through last.
#[test]
fn tls_with_the_authorities_of_the_system_fits() {
    let server = Server::https(|_| granted());
    let program = program().client_at(&server.url("/token"));
    let bundle = fs::read_to_string("/etc/ssl/certs/ca-certificates.crt").unwrap_or_default();
    let directory = program.directory().path().join("authorities");
    fs::create_dir(&directory).unwrap();
    fs::write(directory.join("0.pem"), server.ca_pem()).unwrap();
    let directory = directory.to_str().unwrap().to_owned();
    let program = program.set("SSL_CERT_DIR", directory);
    fits(
        "TLS, system's CAs",
        program.set_file("SSL_CERT_FILE", &format!("{bundle}{}", TestAuthority::new().certificate_pem())),
        "OAUTH_OK",
    );
}

#[test]
fn tls_with_a_certificate_of_rsa_fits() {
    let pem = fs::read_to_string(key("rsa_pkcs8.pem")).unwrap();
    let key = KeyPair::from_pkcs8_pem_and_sign_algo(&pem, &PKCS_RSA_SHA256).unwrap();
    let certificate = CertificateParams::new(["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap());
        let server = Server::https_with(Arc::new(config.unwrap()), |_| granted());
        let program = program().client_at(&server.url("/token")).set_file("OAUTH_CA_FILE", &certificate.pem());
        fits(&format!("{version:?}, RSA"), program, "OAUTH_OK");
    }
}

#[test]
fn a_server_that_is_not_trusted_fits() {
    let server = Server::https(|_| granted());
    let program = program().client_at(&server.url("/token")).set("OAUTH_ROOTS", "bundled");
    fits("bundled CAs that do not know it", program, "OAUTH_ERROR_TLS");
}

#[test]
fn a_client_certificate_fits() {
    let authority = TestAuthority::new();
    let server = Server::https_with(authority.server_config_demanding_client(&["localhost"]), |_| granted());
    let (certificate, key) = authority.client_certificate("my-service");
    let program = program().client_at(&server.url("/token")).set_file("OAUTH_CA_FILE", &authority.certificate_pem());
    let program = program.set("OAUTH_TLS_CERT_PEM", certificate).set("OAUTH_TLS_KEY_PEM", key);
    fits("client certificate", program, "OAUTH_OK");
}

#[test]
fn signed_assertions_fit() {
    let server = Server::https(|_| granted());
    for (file, algorithm) in [
        ("rsa_pkcs8.pem", "RS256"),
        ("rsa_pkcs1.pem", "PS512"),
        ("p256_pkcs8.pem", "ES256"),
        ("p384_sec1.pem", "ES384"),
        ("ed25519_pkcs8.pem", "EdDSA"),
    ] {
        let program =
            program().client_of(&server).set("OAUTH_CLIENT_SECRET", "").set("OAUTH_CLIENT_AUTH", "private_key_jwt");
        let program = program.set("OAUTH_PRIVATE_KEY_FILE", key(file)).set("OAUTH_ASSERTION_ALG", algorithm);
        fits(&format!("private_key_jwt, {algorithm}"), program, "OAUTH_OK");
    }
    let program = program().client_of(&server).set("OAUTH_CLIENT_AUTH", "client_secret_jwt");
    fits("client_secret_jwt", program, "OAUTH_OK");
}

#[test]
fn discovery_fits() {
    let server = Server::https(|request| {
        let host = request.header("host").expect("a host").to_owned();
        match request.path() {
            "/token" => granted(),
            _ => Reply::json(
                200,
                json!({"issuer": format!("https://{host}"), "token_endpoint": format!("https://{host}/token")}),
            ),
        }
    });
    let program = program().client_of(&server).set("OAUTH_TOKEN_URL", "").set("OAUTH_ISSUER", server.url(""));
    fits("discovery", program, "OAUTH_OK");
}

/// By a name server, where the other tests find the name in a file.
#[test]
fn a_name_look_up_fits() {
    let url = "http://token.example.test:8080/token";
    let program = program().client_at(url).set("OAUTH_DANGEROUS_ALLOW_HTTP", "true");
    if let Some(printed) = in_a_world("own-network", program, &[&size(), "OAUTH_OK"]) {
        tell("DNS", &printed);
    }
}

#[test]
fn a_tunnel_through_a_proxy_fits() {
    let authority = TestAuthority::new();
    let server = Server::https_with(authority.server_config(&["token.example.test"]), |_| granted());
    let proxy = Proxy::leading_to(server.port());
    let program = program().client_at("https://token.example.test/token").set("OAUTH_PROXY", proxy.url("porter:pass@"));
    fits("proxy", program.set_file("OAUTH_CA_FILE", &authority.certificate_pem()), "OAUTH_OK");
}

#[test]
fn answers_of_any_shape_fit() {
    let nested = |depth: usize| format!(r#"{{"access_token":"t","a":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    let objects = format!(r#"{{"access_token":"t","a":{}0{}}}"#, r#"{"a":"#.repeat(30), "}".repeat(30));
    let padded = format!(r#"{{"access_token":"t","padding":"{}"}}"#, " ".repeat(250 * KIB));
    let values = format!(r#"{{"access_token":"t"{}}}"#, r#","":{"":[0]}"#.repeat(2000));
    let refusal =
        format!(r#"{{"error":"invalid_client","error_description":"{}"}}"#, "access_token=x ".repeat(10 * KIB));
    for (what, status, body, outcome) in [
        ("an answer that nests", 200, nested(30), "OAUTH_OK"),
        ("an answer of objects that nest", 200, objects, "OAUTH_OK"),
        ("an answer that nests too deep", 200, nested(50 * KIB), "OAUTH_ERROR_RESPONSE"),
        ("a refusal that nests too deep", 400, nested(50 * KIB), "OAUTH_ERROR_SERVER"),
        ("an answer of 250 KiB", 200, padded, "OAUTH_OK"),
        ("an answer of many values", 200, values.clone(), "OAUTH_OK"),
        ("a refusal of many values", 401, values, "OAUTH_ERROR_REJECTED"),
        ("a refusal of many tokens", 401, refusal, "OAUTH_ERROR_REJECTED"),
        ("a page", 502, format!("<html><title>Bad {}", "<p>".repeat(50 * KIB)), "OAUTH_ERROR_SERVER"),
        ("a form", 200, "access_token=t&expires_in=3600&".repeat(1000), "OAUTH_ERROR_RESPONSE"),
        ("an empty answer", 200, String::new(), "OAUTH_ERROR_RESPONSE"),
    ] {
        let server = Server::http(move |_| Reply::text(status, "application/json", body.clone()));
        fits(what, program().client_of(&server), outcome);
    }
}

#[test]
fn what_a_network_does_wrong_fits() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    fits("a port that refuses", program().client_at(&format!("https://{unused}/token")), "OAUTH_ERROR_NETWORK");
    let server = Server::https(|_| Reply::hang_up());
    fits("a hang-up", program().client_of(&server), "OAUTH_ERROR_NETWORK");
    let gate = Gate::new();
    let server = Server::https(move |_| Reply::gated(&gate, granted()));
    fits("a time-out", program().client_of(&server).set("OAUTH_TIMEOUT", "1s"), "OAUTH_ERROR_TIMEOUT");
    let server = Server::http(|_| Reply::raw("SSH-2.0-OpenSSH\r\n"));
    fits("something else than HTTP", program().client_of(&server), "OAUTH_ERROR_RESPONSE");
}
