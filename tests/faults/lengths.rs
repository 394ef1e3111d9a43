//! Answers that are longer or shorter than they say.

use oauth_token::{Client, ErrorKind};

use crate::checks::{TOKEN, assert_is_the_token, config};
use crate::support::{Reply, Server};
use crate::told;

fn body() -> String {
    format!(r#"{{"access_token":"{TOKEN}"}}"#)
}

fn answering(head: &str, body: &str) -> Server {
    let answer = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n{body}");
    Server::http(move |_| Reply::raw(answer.clone()))
}

#[track_caller]
fn is_told(head: &str, body: &str, kind: ErrorKind, words: &[&str]) {
    let server = answering(head, body);
    told(&server, config(server.url("/token")), kind, words);
}

#[track_caller]
fn is_called_cut_off(head: &str, body: &str) {
    is_told(head, body, ErrorKind::Network, &["127.0.0.1", "ended before the answer did"]);
}

#[test]
fn an_answer_shorter_than_announced_is_called_cut_off() {
    is_called_cut_off("Content-Length: 400", &format!(r#"{{"access_token":"{TOKEN}","#));
}

#[test]
fn a_whole_document_in_an_answer_shorter_than_announced_is_not_taken() {
    is_called_cut_off("Content-Length: 400", &body());
}

#[test]
fn a_chunked_answer_without_its_end_is_called_cut_off() {
    let whole = format!("{:x}\r\n{}\r\n", body().len(), body());
    for chunks in ["", "10\r\n", "10\r\n{\"access_token\":\r\n", &whole] {
        is_called_cut_off("Transfer-Encoding: chunked", chunks);
    }
}

#[test]
fn an_answer_longer_than_announced_is_read_as_far_as_it_was_announced() {
    let server = answering(&format!("Content-Length: {}", body().len()), &format!("{}HTTP/1.1 500 ", body()));
    assert_is_the_token(Client::new(config(server.url("/token"))).expect("the options are good").token());
    is_told("Content-Length: 20", &body(), ErrorKind::Response, &["HTTP 200", "breaks off", "proxy"]);
    is_told("Content-Length: 0", &body(), ErrorKind::Response, &["HTTP 200", "empty"]);
}

#[test]
fn a_length_that_is_none_is_not_taken() {
    for length in ["-1", "x", "", "4x", "0x40", "18446744073709551616", "4 4", "4, 5"] {
        is_told(
            &format!("Content-Length: {length}"),
            &body(),
            ErrorKind::Response,
            &["127.0.0.1", "not HTTP", "check the port and scheme"],
        );
    }
}

#[test]
fn two_lengths_that_differ_are_not_taken() {
    let lengths = format!("Content-Length: {}\r\nContent-Length: 5", body().len());
    is_told(&lengths, &body(), ErrorKind::Response, &["127.0.0.1", "not HTTP"]);
}

#[test]
fn a_chunk_of_a_size_that_is_none_is_not_taken() {
    for size in ["x", "-1", "10000000000000000", "ffffffffffffffffffffffff"] {
        is_told(
            "Transfer-Encoding: chunked",
            &format!("{size}\r\n{}\r\n0\r\n\r\n", body()),
            ErrorKind::Response,
            &["127.0.0.1", "not HTTP"],
        );
    }
}

#[test]
fn an_answer_that_announces_too_much_is_refused() {
    for length in ["262145", "104857600", "18446744073709551615"] {
        is_told(
            &format!("Content-Length: {length}"),
            &body(),
            ErrorKind::Response,
            &["longer than 262144 bytes", "`max_response_bytes`"],
        );
    }
}
