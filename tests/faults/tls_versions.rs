//! Servers that speak no version of TLS that is still safe.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

use oauth_token::ErrorKind;

use crate::checks::{Port, config};
use crate::support::{TemporaryDirectory, TestAuthority};
use crate::tls::answering_hello;
use crate::told;

#[track_caller]
fn assert_is_told(answer: &[u8], words: &[&str]) {
    let server = answering_hello(answer.to_vec());
    let config = config(format!("https://localhost:{}/token", server.number()));
    told(&server, config, ErrorKind::Tls, words);
}

#[test]
fn a_server_that_refuses_the_version_is_told() {
    // A fatal alert, protocol_version (RFC 4346 §7.2.2).
    assert_is_told(&[0x15, 3, 2, 0, 2, 2, 70], &["localhost", "neither TLS 1.2 nor TLS 1.3"]);
}

#[test]
fn a_server_that_chooses_tls_1_1_is_told() {
    // A ServerHello (RFC 4346 §7.4.1.3): version, random, no session, TLS_RSA_WITH_AES_128_CBC_SHA, no compression.
    const HELLO: [u8; 47] = {
        let mut hello = [7; 47];
        let start = [0x16, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2];
        let mut index = 0;
        while index < start.len() {
            hello[index] = start[index];
            index += 1;
        }
        (hello[43], hello[44], hello[45], hello[46]) = (0, 0, 0x2F, 0);
        hello
    };
    assert_is_told(&HELLO, &["localhost", "TLS"]);
}

/// A server that is stopped when it is dropped.
struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_real_server_that_speaks_tls_1_1_only_is_told() {
    let directory = TemporaryDirectory::new();
    let (certificate, key) = TestAuthority::new().client_certificate("localhost");
    let (certificate, key) = (directory.write("certificate.pem", certificate), directory.write("key.pem", key));
    let port = Port::closed();
    let server = Command::new("openssl")
        .args(["s_server", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0", "-accept", &format!("127.0.0.1:{port}"), "-cert"])
        .arg(certificate)
        .arg("-key")
        .arg(key)
        // At the end of its input it would hang up.
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut server) = server.map(Stopped) else {
        // Written past the capture of what tests print.
        let _ = writeln!(std::io::stderr(), "skipped: there is no openssl to speak TLS 1.1");
        return;
    };
    // It says ACCEPT once it listens.
    let mut output = BufReader::new(server.0.stdout.take().expect("it is piped"));
    assert!(output.by_ref().lines().map_while(Result::ok).any(|line| line == "ACCEPT"), "it does not start");
    let config = config(format!("https://127.0.0.1:{port}/token"));
    told(&port, config, ErrorKind::Tls, &["127.0.0.1", "neither TLS 1.2 nor TLS 1.3"]);
    // What nobody reads any more kills who writes it.
    drop(output);
}
