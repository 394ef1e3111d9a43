//! Answers that are hardly HTTP.

use oauth_token::ErrorKind;

use crate::checks::{TOKEN, config};
use crate::support::{Reply, Server};
use crate::told;

/// The error after an answer that is written as it stands here.
#[track_caller]
fn is_told(answer: impl Into<Vec<u8>>, kind: ErrorKind, words: &[&str]) {
    let answer = answer.into();
    let server = Server::http(move |_| Reply::raw(answer.clone()));
    told(&server, config(server.url("/token")), kind, words);
    assert_eq!(server.requests().len(), 1);
}

#[track_caller]
fn is_not_http(answer: &str) {
    is_told(answer, ErrorKind::Response, &["127.0.0.1", "not HTTP", "check the port and scheme"]);
}

#[test]
fn an_answer_that_is_not_http_names_port_and_scheme() {
    for garbage in
        ["SSH-2.0-OpenSSH_9.6\r\n", "220 mail.example.test ESMTP\r\n", "\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}F\r\n\r\n"]
    {
        is_not_http(garbage);
    }
}

#[test]
fn a_version_of_http_that_was_not_asked_for_is_not_taken() {
    for version in ["HTTP/2 200 \r\n", "HTTP/2.0 200 OK\r\n", "HTTP/0.9 200 OK\r\n", "HTTP/1.2 200 OK\r\n"] {
        is_not_http(&format!("{version}Content-Length: 2\r\n\r\n{{}}"));
    }
}

#[test]
fn a_status_that_is_no_number_of_three_digits_is_not_taken() {
    for status in ["20", "2000", "abc", "-200", "099", ""] {
        is_not_http(&format!("HTTP/1.1 {status} OK\r\nContent-Length: 2\r\n\r\n{{}}"));
    }
}

#[test]
fn a_header_that_is_none_is_not_taken() {
    for header in ["no colon", ": no name", "with space : 1", "X-Nul: a\0b", "X\u{1}: 1"] {
        is_not_http(&format!("HTTP/1.1 200 OK\r\n{header}\r\nContent-Length: 2\r\n\r\n{{}}"));
    }
}

#[test]
fn garbage_that_repeats_the_request_is_not_repeated() {
    for start in ["", "HTTP/1.1 ", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"] {
        let server = Server::http(move |request| {
            let headers: String =
                request.headers.iter().map(|(name, value)| format!("{name}\0: {value}\r\n")).collect();
            Reply::raw(format!("{start}{headers}\r\n{}", request.text()))
        });
        told(&server, config(server.url("/token")), ErrorKind::Response, &["127.0.0.1"]);
    }
}

#[test]
fn a_change_of_protocol_is_not_followed() {
    is_told(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
        ErrorKind::Server,
        &["HTTP 101", "check that the URL"],
    );
}

#[test]
fn compression_that_was_not_asked_for_is_named() {
    // The header of a gzip file and what may follow.
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xabV\xcaH\xcd\xc9\xc9W\xb2R*\xcf/\xcaI";
    for encoding in ["gzip", "br", "deflate"] {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {}\r\n\r\n", gzip.len());
        let answer = [head.as_bytes(), gzip].concat();
        is_told(answer, ErrorKind::Response, &["HTTP 200", encoding, "not asked for", "proxy"]);
    }
}

#[test]
fn a_compressed_refusal_is_named_as_one() {
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xabV\xcaH\xcd\xc9\xc9W\xb2R*\xcf/\xcaI";
    let head = format!("HTTP/1.1 401 \r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", gzip.len());
    is_told([head.as_bytes(), gzip].concat(), ErrorKind::Rejected, &["HTTP 401", "encoded as gzip", "`client_id`"]);
}

#[test]
fn a_token_that_comes_with_a_broken_frame_is_not_shown() {
    let body = format!(r#"{{"access_token":"{TOKEN}"}}"#);
    is_told(
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}\r\n"),
        ErrorKind::Response,
        &["127.0.0.1", "not HTTP"],
    );
}
