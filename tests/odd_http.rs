//! HTTP as few servers write it, and which is understood.

#![cfg(feature = "http")]

mod checks;
mod support;

use oauth_token::Client;

use checks::{TOKEN, assert_is_the_token, config};
use support::{Reply, Server};

fn body() -> String {
    format!(r#"{{"access_token":"{TOKEN}"}}"#)
}

#[track_caller]
fn assert_is_understood(answer: String) {
    let server = Server::http(move |_| Reply::raw(answer.clone()));
    let client = Client::new(config(server.url("/token")).max_retries(0)).expect("the options are good");
    assert_is_the_token(client.token());
}

#[test]
fn a_status_line_without_a_reason_is_understood() {
    for status_line in ["HTTP/1.1 200", "HTTP/1.1 200 ", "HTTP/1.0 200 OK"] {
        assert_is_understood(format!("{status_line}\r\nContent-Length: {}\r\n\r\n{}", body().len(), body()));
    }
}

#[test]
fn an_answer_that_ends_with_its_connection_is_understood() {
    assert_is_understood(format!("HTTP/1.1 200 OK\r\n\r\n{}", body()));
}

#[test]
fn a_chunked_answer_is_understood() {
    let body = body();
    let (first, second) = body.split_at(9);
    let chunk = |text: &str| format!("{:x};name=value\r\n{text}\r\n", text.len());
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_is_understood(format!("{head}{}{}0\r\nTrailer: 1\r\n\r\n", chunk(first), chunk(second)));
}

#[test]
fn interim_answers_before_the_answer_are_passed_over() {
    for interim in ["100 Continue", "102 Processing", "103 Early Hints\r\nLink: </style.css>; rel=preload"] {
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body().len(), body());
        assert_is_understood(format!("HTTP/1.1 {interim}\r\n\r\n{answer}"));
    }
}

#[test]
fn headers_of_ordinary_size_and_number_are_understood() {
    let headers: String = (0..60).map(|number| format!("X-Header-{number}: {}\r\n", "x".repeat(200))).collect();
    assert_is_understood(format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n{}", body().len(), body()));
}

#[test]
fn a_header_that_is_not_utf_8_is_no_obstacle() {
    let answer = [b"HTTP/1.1 200 OK\r\nX-Town: M\xFCnchen\r\n\r\n".as_slice(), body().as_bytes()].concat();
    let server = Server::http(move |_| Reply::raw(answer.clone()));
    let client = Client::new(config(server.url("/token")).max_retries(0)).expect("the options are good");
    assert_is_the_token(client.token());
}

#[test]
fn a_byte_order_mark_before_the_answer_is_no_obstacle() {
    assert_is_understood(format!("HTTP/1.1 200 OK\r\n\r\n\u{feff}{}", body()));
}

#[test]
fn a_token_counts_whatever_its_answer_calls_its_content() {
    for content_type in ["text/plain", "text/javascript; charset=utf-8", "text/html; charset=UTF-8", "nonsense"] {
        assert_is_understood(format!("HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n\r\n{}", body()));
    }
}

#[test]
fn every_status_of_success_may_bring_a_token() {
    for status in [200, 201, 202, 203, 207] {
        assert_is_understood(format!("HTTP/1.1 {status} \r\n\r\n{}", body()));
    }
}
