//! What a host may forbid its own process, and what it may lack.

use std::io::Write;
use std::net::Shutdown;

use crate::c_support::Program;
use crate::checks::{Port, read_head};
use crate::support::{Reply, Server, TestAuthority};
use crate::{granted, in_a_world};

/// A program that asks for tokens under this rule, and must get `status`.
#[track_caller]
fn under(rule: &str, program: Program, status: &str) -> String {
    program.set("OAUTH_MAX_RETRIES", "0").succeed(&[rule, status])
}

fn program() -> Program {
    Program::build("live_by_rules")
}

/// One that trusts the server by the system's store.
fn trusting_as_the_system_does(server: &Server) -> Program {
    program().client_at(&server.url("/token")).set_file("SSL_CERT_FILE", &server.ca_pem())
}

#[track_caller]
fn assert_told(printed: &str, words: &[&str]) {
    assert!(printed.lines().count() > 0, "nothing was told");
    for line in printed.lines() {
        for word in words {
            assert!(line.contains(word), "`{word}` is not in: {line}");
        }
    }
}

#[test]
fn two_descriptors_beside_the_standard_streams_are_enough() {
    let server = Server::https(|_| granted());
    under("two descriptors", program().client_of(&server), "OAUTH_OK");
    under("two descriptors", trusting_as_the_system_does(&server), "OAUTH_OK");
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn without_a_descriptor_for_a_socket_that_is_told_and_passes() {
    let server = Server::http(|_| granted());
    let printed = under("no descriptor", program().client_of(&server), "OAUTH_ERROR_NETWORK");
    assert_told(&printed, &["retryable", "127.0.0.1", "open files", "raise the limit"]);
    assert!(!printed.contains("check host"), "{printed}");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn without_a_descriptor_for_a_look_up_that_is_told_and_passes() {
    let server = Server::https(|_| granted());
    let printed = under("no descriptor", program().client_of(&server), "OAUTH_ERROR_NETWORK");
    assert_told(&printed, &["retryable", "localhost", "open files"]);
    assert_eq!(server.requests().len(), 2);
}

/// The file of authorities is read while the connection is there.
#[test]
fn without_a_descriptor_for_the_system_s_authorities_that_is_told_and_passes() {
    let server = Server::https(|_| granted());
    let printed = under("one descriptor", trusting_as_the_system_does(&server), "OAUTH_ERROR_TLS");
    assert_told(&printed, &["open files", "SSL_CERT_FILE"]);
    assert_eq!(server.requests().len(), 2);
}

/// What somebody printed there would get into the connection.
#[test]
fn sockets_may_get_the_numbers_of_the_standard_streams() {
    let server = Server::https(|_| granted());
    under("no streams", program().client_of(&server), "OAUTH_OK");
    under("no streams", trusting_as_the_system_does(&server), "OAUTH_OK");
    assert_eq!(server.requests().len(), 6);
    let server = Server::https(|_| Reply::hang_up());
    under("no streams", program().client_of(&server), "OAUTH_ERROR_NETWORK");
}

#[test]
fn signals_may_all_be_blocked() {
    let server = Server::https(|_| granted());
    under("no signals", program().client_of(&server), "OAUTH_OK");
    let server = Server::http(|_| granted());
    under("no signals", program().client_of(&server), "OAUTH_OK");
}

#[test]
fn what_is_sent_to_a_server_that_has_gone_raises_no_signal() {
    // What is still unread makes the end of the connection a reset, which after a farewell is a broken pipe.
    let port = Port::new(|mut socket| {
        read_head(&mut socket)?;
        socket.shutdown(Shutdown::Write)
    });
    let printed = under("no signals, many words", program().client_at(&port.url("http")), "OAUTH_ERROR_NETWORK");
    assert_told(&printed, &["retryable", "127.0.0.1", "Broken pipe"]);
    let port = Port::new(|mut socket| socket.write_all(b"\x15\x03\x03\x00\x02\x02\x28"));
    let program =
        program().client_at(&port.url("https")).set_file("OAUTH_CA_FILE", &TestAuthority::new().certificate_pem());
    under("no signals", program, "OAUTH_ERROR_TLS");
}

#[test]
fn threads_and_processes_may_be_forbidden() {
    let server = Server::https(|_| granted());
    under("no processes", program().client_of(&server), "OAUTH_OK");
    under("no processes", trusting_as_the_system_does(&server), "OAUTH_OK");
}

#[test]
fn a_name_is_looked_up_without_a_thread() {
    let program = program().client_at("http://token.example.test:8080/token").set("OAUTH_DANGEROUS_ALLOW_HTTP", "true");
    in_a_world("own-network", program, &["no processes", "OAUTH_OK"]);
}

#[test]
fn a_name_is_looked_up_with_five_descriptors_beside_the_standard_streams() {
    let program = program().client_at("http://token.example.test:8080/token").set("OAUTH_DANGEROUS_ALLOW_HTTP", "true");
    in_a_world("own-network", program, &["five descriptors", "OAUTH_OK"]);
}

#[test]
fn without_etc_an_address_is_reached() {
    let server = Server::https(|_| granted());
    let url = server.url("/token").replace("localhost", "127.0.0.1");
    let program = program().client_at(&url).set_file("OAUTH_CA_FILE", &server.ca_pem());
    if in_a_world("no-etc", program, &["none", "OAUTH_OK"]).is_some() {
        assert_eq!(server.requests().len(), 2);
    }
}

#[test]
fn without_a_name_server_a_name_is_told_to_have_no_address() {
    let program = program()
        .client_at("https://token.example.test/token")
        .set_file("OAUTH_CA_FILE", &TestAuthority::new().certificate_pem());
    let Some(printed) = in_a_world("no-network", program, &["none", "OAUTH_ERROR_NETWORK"]) else { return };
    assert_told(&printed, &["retryable", "token.example.test", "DNS"]);
}

#[test]
fn without_the_system_s_authorities_they_are_told_to_be_missing() {
    let server = Server::https(|_| granted());
    let url = server.url("/token").replace("localhost", "127.0.0.1");
    let Some(printed) = in_a_world("no-etc", program().client_at(&url), &["none", "OAUTH_ERROR_TLS"]) else { return };
    assert_told(&printed, &["`ca_file`", "`roots`", "`bundled`"]);
}

#[test]
fn no_file_is_opened_to_write_and_no_directory_need_be_writable() {
    let server = Server::https(|_| granted());
    for program in [program().client_of(&server), trusting_as_the_system_does(&server)] {
        let directory = program.directory().path().to_str().expect("the path is not UTF-8").to_owned();
        in_a_world("read-only", program.set("TMPDIR", directory), &["no files", "OAUTH_OK"]);
    }
}

#[test]
fn little_memory_is_enough() {
    let server = Server::https(|_| granted());
    under("little memory", program().client_of(&server), "OAUTH_OK");
}

/// What a transport of the host's prints when it runs out of memory.
fn out_of_memory(deed: &str) -> String {
    let program = Program::build("run_out_of_memory").client_at("https://login.example.com/token");
    program.set("OAUTH_MAX_RETRIES", "0").set("OAUTH_MAX_RESPONSE_BYTES", "64MiB").succeed(&[deed])
}

#[test]
fn a_transport_that_runs_out_of_memory_says_so_and_is_asked_again() {
    assert_told(&out_of_memory("tell"), &["0 ", "out of memory"]);
    assert_told(&out_of_memory("code"), &["12 ", "transport callback", "code 12"]);
}

#[test]
fn an_answer_that_memory_does_not_suffice_for_is_told_and_asked_for_again() {
    assert_told(&out_of_memory("answer"), &["0 ", "no memory", "`max_response_bytes`"]);
}
