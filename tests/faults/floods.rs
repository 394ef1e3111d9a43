//! Answers that never end, or are far too long.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use oauth_token::{Client, Config, ErrorKind};
use serde_json::{Value, json};

use crate::checks::{Port, TOKEN, assert_is_the_token, config, read_request};
use crate::examination::MOST_MEMORY;
use crate::heap::peak_of;
use crate::support::{Reply, Server};
use crate::told;

/// Time enough for what is cut off by its length.
const LIMIT: Duration = Duration::from_secs(5);
const MEGABYTE: u64 = 1 << 20;
/// What buffers of the system between two programs may hold of an answer that nobody reads.
const BUFFERED: u64 = 24 * MEGABYTE;

/// Writes a start, and then a piece again and again until `total` bytes have been taken; says how many were.
fn flooding(start: &str, piece: &str, total: u64) -> (Port, Arc<AtomicU64>) {
    let pieces = piece.repeat((64 << 10) / piece.len());
    let (start, taken) = (start.to_owned(), Arc::new(AtomicU64::new(0)));
    let counted = Arc::clone(&taken);
    let port = Port::new(move |mut socket| {
        read_request(&mut socket)?;
        socket.write_all(start.as_bytes())?;
        while counted.load(Ordering::SeqCst) < total {
            socket.write_all(pieces.as_bytes())?;
            counted.fetch_add(pieces.len() as u64, Ordering::SeqCst);
        }
        Ok(())
    });
    (port, taken)
}

/// The call ends with this error although the server would write 100 MB, of which little leaves it.
#[track_caller]
fn is_cut_off(start: &str, piece: &str, kind: ErrorKind, words: &[&str]) {
    let (server, taken) = flooding(start, piece, 100 * MEGABYTE);
    told(&server, config(server.url("http")).timeout(LIMIT), kind, words);
    drop(server);
    let taken = taken.load(Ordering::SeqCst);
    assert!(taken < BUFFERED, "{taken} bytes were taken");
}

const TOO_LONG: &[&str] = &["longer than 262144 bytes", "`max_response_bytes`", "check that the URL"];

#[test]
fn a_body_of_100_mb_is_refused_by_its_length() {
    is_cut_off("HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n", " ", ErrorKind::Response, TOO_LONG);
}

#[test]
fn a_refusal_of_100_mb_is_refused_by_its_length() {
    is_cut_off("HTTP/1.1 401 \r\nContent-Length: 104857600\r\n\r\n", " ", ErrorKind::Response, TOO_LONG);
}

#[test]
fn a_body_without_end_is_cut_off() {
    is_cut_off("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", " ", ErrorKind::Response, TOO_LONG);
}

#[test]
fn a_chunked_body_without_end_is_cut_off() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    is_cut_off(head, "8\r\n        \r\n", ErrorKind::Response, TOO_LONG);
}

#[test]
fn one_chunk_of_100_mb_is_cut_off() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6400000\r\n";
    is_cut_off(head, " ", ErrorKind::Response, TOO_LONG);
}

#[test]
fn a_header_line_without_end_is_cut_off() {
    let words = &["header", "longer than", "check that the URL"];
    is_cut_off("HTTP/1.1 200 OK\r\nX-Padding: ", "x", ErrorKind::Response, words);
}

#[test]
fn header_lines_without_end_are_cut_off() {
    is_cut_off("HTTP/1.1 200 OK\r\n", "X-Padding: x\r\n", ErrorKind::Response, &["127.0.0.1", "header"]);
}

#[test]
fn a_header_of_1_mb_is_refused_though_it_ends() {
    for header in [format!("X-Padding: {}\r\n", "x".repeat(1 << 20)), "X-Padding: 0123\r\n".repeat(1 << 16)] {
        let answer = format!("HTTP/1.1 200 OK\r\n{header}Content-Length: 2\r\n\r\n{{}}");
        let server = Port::new(move |mut socket| {
            read_request(&mut socket)?;
            socket.write_all(answer.as_bytes())
        });
        told(&server, config(server.url("http")), ErrorKind::Response, &["header"]);
    }
}

#[test]
fn a_status_line_without_end_is_cut_off() {
    is_cut_off("HTTP/1.1 200 ", "x", ErrorKind::Response, &["127.0.0.1"]);
}

#[test]
fn a_size_of_a_chunk_without_end_is_cut_off() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    is_cut_off(head, "0", ErrorKind::Response, &["127.0.0.1"]);
}

#[test]
fn trailers_without_end_are_cut_off() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n";
    is_cut_off(head, "X-Padding: x\r\n", ErrorKind::Response, TOO_LONG);
}

#[test]
fn interim_answers_without_end_are_cut_off() {
    is_cut_off("", "HTTP/1.1 103 Early Hints\r\n\r\n", ErrorKind::Response, &["127.0.0.1"]);
}

/// The start, and as many pieces behind it as 256 KiB hold together with the end.
fn filled(start: &str, piece: &str, end: &str) -> String {
    let room = (256 << 10) - start.len() - end.len();
    format!("{start}{}{end}", piece.repeat(room / piece.len()))
}

/// 200 and this body, which holds more values than are read.
#[track_caller]
fn holds_too_much(set: impl Fn(Config) -> Config, body: String) {
    let server = Server::http(move |_| Reply::text(200, "application/json", body.clone()));
    let words = &["HTTP 200", "more than 8192 values", "check that the URL is the token endpoint"];
    told(&server, set(config(server.url("/token"))), ErrorKind::Response, words);
}

#[test]
fn an_answer_of_countless_values_is_refused_by_their_number() {
    for (start, piece, end) in [
        ("[0", ",0", "]"),
        ("[[]", ",[0]", "]"),
        ("[{}", r#",{"":0}"#, "]"),
        (r#"{"access_token":"t""#, r#","":0"#, "}"),
        (r#"{"access_token":"t""#, r#","":{"":0}"#, "}"),
    ] {
        holds_too_much(std::convert::identity, filled(start, piece, end));
    }
    holds_too_much(|config| config.token_path("."), filled("[0", ",0", "]"));
}

#[test]
fn an_answer_of_as_many_values_as_are_read_costs_little() {
    for (values, piece) in [
        (1, r#","":0"#),
        (1, r#","":"""#),
        (1, r#","a name of 25 characters..":0"#),
        (2, r#","":{"":0}"#),
        (2, r#","":[0]"#),
    ] {
        let body = format!(r#"{{"access_token":"{TOKEN}"{}}}"#, piece.repeat(8_190 / values));
        let server = Server::http(move |_| Reply::text(200, "application/json", body.clone()));
        let client = Client::new(config(server.url("/token"))).expect("the options are good");
        let (outcome, peak) = peak_of(|| client.token());
        assert_is_the_token(outcome);
        assert!(peak < MOST_MEMORY, "{peak} bytes were held for {piece}");
    }
}

#[test]
fn a_refusal_of_countless_values_is_told_without_them() {
    let body = filled(&format!(r#"{{"refresh_token":"{TOKEN}""#), r#","":0"#, "}");
    let server = Server::http(move |_| Reply::text(400, "application/json", body.clone()));
    let words = &["HTTP 400", "JSON that cannot be read: more than 8192 values"];
    told(&server, config(server.url("/token")), ErrorKind::Server, words);
}

/// The refusal holds tokens, which are looked for in its words.
#[track_caller]
fn is_told_at_little_cost(name: &str, tokens: &Value, words: &str) {
    let body = json!({"error": "invalid_scope", "error_description": words, name: tokens});
    assert!(body.to_string().len() < 256 << 10);
    let server = Server::http(move |_| Reply::json(400, body.clone()));
    told(&server, config(server.url("/token")), ErrorKind::Rejected, &["HTTP 400 invalid_scope", "check `scope`"]);
}

#[test]
fn a_token_of_50_kb_in_a_refusal_costs_little() {
    // Each of these may be written in many ways, and the token may begin at each.
    for piece in ["\"'", "&", "%25", "\\\\", "ü"] {
        let token = piece.repeat(50_000 / piece.len());
        is_told_at_little_cost("access_token", &json!(token), &token);
        is_told_at_little_cost("access_token", &json!(piece.repeat(8_000 / piece.len())), &token);
    }
}

#[test]
fn thousands_of_tokens_in_a_refusal_cost_little() {
    let tokens: Vec<Value> = (0..4_000).map(|number| json!({"access_token": format!("{number:08}")})).collect();
    is_told_at_little_cost("granted", &json!(tokens), &"0".repeat(50_000));
}
