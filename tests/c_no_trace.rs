//! Between two calls the library is memory and nothing else, and nothing of the process is changed.
#![cfg(all(feature = "capi", feature = "http", target_os = "linux"))]

mod c_support;
mod support;

use std::net::TcpListener;

use serde_json::json;

use c_support::{Program, skip};
use support::{Gate, Reply, Server, TemporaryDirectory, TestAuthority};

fn granted() -> Reply {
    Reply::json(200, json!({"access_token": "t", "expires_in": 3600}))
}

fn program() -> Program {
    Program::build("leave_no_trace").set("OAUTH_MAX_RETRIES", "0")
}

#[test]
fn a_token_over_tls_leaves_no_trace() {
    let server = Server::https(|_| granted());
    program().client_of(&server).succeed(&["OAUTH_OK"]);
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_token_by_the_roots_of_the_system_leaves_no_trace() {
    let server = Server::https(|_| granted());
    let program = program().client_at(&server.url("/token")).set_file("SSL_CERT_FILE", &server.ca_pem());
    program.succeed(&["OAUTH_OK"]);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_server_that_keeps_its_connection_open_is_left_all_the_same() {
    let gate = Gate::new();
    let server = Server::https(move |_| Reply::held_open(&gate, granted()));
    program().client_of(&server).succeed(&["OAUTH_OK"]);
}

#[test]
fn a_refused_connection_leaves_no_trace() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    program().client_at(&format!("https://{unused}/token")).succeed(&["OAUTH_ERROR_NETWORK"]);
}

#[test]
fn a_time_out_leaves_no_trace() {
    let gate = Gate::new();
    let server = Server::https(move |_| Reply::gated(&gate, granted()));
    program().client_of(&server).set("OAUTH_TIMEOUT", "1s").succeed(&["OAUTH_ERROR_TIMEOUT"]);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_time_out_in_the_middle_of_an_answer_leaves_no_trace() {
    let gate = Gate::new();
    let server =
        Server::https(move |_| Reply::held_open(&gate, Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")));
    program().client_of(&server).set("OAUTH_TIMEOUT", "1s").succeed(&["OAUTH_ERROR_TIMEOUT"]);
}

#[test]
fn a_server_that_hangs_up_leaves_no_trace() {
    let server = Server::https(|_| Reply::hang_up());
    program().client_of(&server).succeed(&["OAUTH_ERROR_NETWORK"]);
}

#[test]
fn a_server_that_is_not_trusted_leaves_no_trace() {
    let server = Server::https(|_| granted());
    let program = program().client_at(&server.url("/token"));
    program.set_file("OAUTH_CA_FILE", &TestAuthority::new().certificate_pem()).succeed(&["OAUTH_ERROR_TLS"]);
    assert!(server.requests().is_empty());
}

#[test]
fn no_thread_local_of_the_library_has_a_destructor() {
    if cfg!(not(target_env = "gnu")) {
        return skip("the function to count is glibc's");
    }
    let server = Server::https(|_| granted());
    let directory = TemporaryDirectory::new();
    let counter = c_support::build_preloaded("count_thread_locals", &directory);
    let program = Program::build("use_no_thread_locals").client_of(&server).set("OAUTH_MAX_RETRIES", "1");
    program.set("LD_PRELOAD", counter.to_str().expect("the path is not UTF-8")).succeed(&[]);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn the_library_can_be_loaded_and_unloaded_again_and_again() {
    let server = Server::https(|_| granted());
    let program = Program::build_unlinked("load_and_unload").client_of(&server);
    program.succeed(&[program.library().to_str().expect("the path is not UTF-8")]);
    assert_eq!(server.requests().len(), 300);
}
