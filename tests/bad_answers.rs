//! Answers that hold no token, or not one that may be used: what came is said, and nothing of the token.

#![cfg(feature = "http")]

mod checks;
mod support;

use oauth_token::{Error, ErrorKind};
use serde_json::json;

use checks::{TOKEN, assert_error, assert_is_the_token, config, token_error};
use support::{Reply, Server};

fn error_of(reply: Reply) -> Error {
    let server = Server::http(move |_| reply.clone());
    let error = token_error(config(server.url("/token")));
    assert_eq!(server.requests().len(), 1);
    error
}

fn error_of_body(body: &str) -> Error {
    error_of(Reply::text(200, "application/json", body))
}

#[test]
fn a_page_for_people_instead_of_a_token_is_called_one() {
    let error = error_of(Reply::text(200, "text/html", "<!DOCTYPE html><html><title>Sign in</title></html>"));
    assert_error(&error, ErrorKind::Response, &["token_url http://", "HTTP 200", "HTML", "check that the URL"]);
    assert_eq!(error.http_status(), Some(200));
}

#[test]
fn a_page_for_people_about_a_breakdown_is_told_with_its_title() {
    let page = "<html><head><title>502 Bad\nGateway</title></head><body><h1>nginx</h1></body></html>";
    let error = error_of(Reply::text(500, "text/html", page));
    assert_error(&error, ErrorKind::Server, &["token_url http://", "HTTP 500", "HTML", "502 Bad Gateway"]);
    assert_eq!(error.http_status(), Some(500));
}

#[test]
fn an_empty_answer_is_called_empty() {
    for body in ["", " \r\n"] {
        let error = error_of_body(body);
        assert_error(&error, ErrorKind::Response, &["HTTP 200", "empty", "`access_token`", "check that the URL"]);
    }
}

#[test]
fn an_answer_of_no_content_is_called_empty() {
    assert_error(&error_of(Reply::empty(204)), ErrorKind::Response, &["HTTP 204", "empty"]);
}

#[test]
fn an_empty_answer_about_a_breakdown_says_the_status_and_what_was_sent() {
    let error = error_of(Reply::empty(500));
    assert_error(&error, ErrorKind::Server, &["HTTP 500", "nothing else", "client_secret_basic", "`test-client`"]);
}

#[test]
fn a_long_answer_is_taken_by_whoever_allows_it() {
    let body = json!({"access_token": TOKEN, "padding": "x".repeat(300 << 10)});
    let server = Server::http(move |_| Reply::json(200, body.clone()));
    let mut config = config(server.url("/token"));
    config.set("max_response_bytes", "1MiB").expect("it is a size");
    assert_is_the_token(oauth_token::Client::new(config).expect("the options are good").token());
}

#[test]
fn json_that_breaks_off_is_called_cut() {
    let error = error_of_body(&format!(r#"{{"access_token":"{TOKEN}","expi"#));
    assert_error(&error, ErrorKind::Response, &["HTTP 200", "breaks off", "proxy"]);
}

#[test]
fn json_that_is_wrong_is_not_repeated() {
    for body in
        [format!(r#"{{"access_token":"{TOKEN}" "#), format!("access_token={TOKEN}&token_type=bearer"), TOKEN.into()]
    {
        assert_error(&error_of_body(&body), ErrorKind::Response, &["HTTP 200", "JSON"]);
    }
}

#[test]
fn json_of_hostile_depth_is_refused() {
    let error = error_of_body(&format!(r#"{{"access_token":"{TOKEN}","deep":{}"#, "[".repeat(100_000)));
    assert_error(&error, ErrorKind::Response, &["HTTP 200", "deeper than 32"]);
}

#[test]
fn an_access_token_that_is_no_text_is_refused() {
    assert_error(
        &error_of_body(r#"{"access_token": 5}"#),
        ErrorKind::Response,
        &["`access_token`", "a number", "text"],
    );
    assert_error(&error_of_body(r#"{"access_token": null}"#), ErrorKind::Response, &["`access_token`", "null"]);
    assert_error(&error_of_body(r#"{"access_token": ""}"#), ErrorKind::Response, &["`access_token` is empty"]);
}

#[test]
fn an_access_token_that_no_header_can_carry_is_refused() {
    for between in [" ", "\t", "\n", "\r\nX-Evil: 1", "\u{7f}", "\u{1b}", "ü"] {
        let error = error_of(Reply::json(200, json!({"access_token": format!("{TOKEN}{between}{TOKEN}")})));
        assert_error(&error, ErrorKind::Response, &["`access_token`", "header"]);
    }
}

#[test]
fn an_access_token_with_a_nul_is_refused() {
    let error = error_of(Reply::json(200, json!({"access_token": format!("{TOKEN}\0")})));
    assert_error(&error, ErrorKind::Response, &["HTTP 200"]);
}

#[test]
fn an_empty_object_points_to_the_url() {
    assert_error(&error_of_body("{}"), ErrorKind::Response, &["is empty", "check that the URL is the token endpoint"]);
}

#[test]
fn an_answer_without_a_token_names_what_it_holds_instead() {
    let error = error_of(Reply::json(200, json!({"token": TOKEN, "ttl": 60})));
    assert_error(&error, ErrorKind::Response, &["no `access_token`", "`token`", "`ttl`"]);
    assert_error(&error_of_body("{}"), ErrorKind::Response, &["no `access_token`", "empty"]);
    assert_error(&error_of_body("[]"), ErrorKind::Response, &["an array", "`access_token`"]);
}

#[test]
fn a_body_that_could_be_the_token_itself_names_the_option_for_that() {
    for body in [TOKEN, &format!("{TOKEN}=="), &format!("{TOKEN}\n"), &format!("\"{TOKEN}\"")] {
        assert_error(
            &error_of_body(body),
            ErrorKind::Response,
            &["if that text is the token, set `token_path` to `.`"],
        );
    }
    for body in [format!("access_token={TOKEN}&expires_in=60"), format!("{{{TOKEN}}}"), "log in first".into()] {
        let error = error_of_body(&body);
        assert!(error.kind() == ErrorKind::Response && !error.message().contains("`.`"), "{error}");
    }
}

#[test]
fn a_path_to_the_token_that_leads_nowhere_names_what_there_is_where_it_ends() {
    let error_at = |path: &str, body: serde_json::Value| {
        let server = Server::http(move |_| Reply::json(200, body.clone()));
        token_error(config(server.url("/token")).token_path(path))
    };
    let error = error_at("data.tok", json!({"data": {"token": TOKEN, "ttl": 60}}));
    assert_error(&error, ErrorKind::Response, &["no `data.tok`; `data` has `token`, `ttl`; check `token_path`"]);
    let error = error_at("data.tok", json!({"data": [{"token": TOKEN}]}));
    assert_error(&error, ErrorKind::Response, &["no `data.tok`; `data` is an array of length 1;"]);
    let error = error_at("data.0.tok.text", json!({"data": [{"tok": {}}]}));
    assert_error(&error, ErrorKind::Response, &["no `data.0.tok.text`; `data.0.tok` is empty;"]);
    let error = error_at("data.tok", json!({"data": TOKEN}));
    assert_error(&error, ErrorKind::Response, &["no `data.tok`; `data` is text;"]);
    let error = error_at("data.tok", json!({"result": {}}));
    assert_error(&error, ErrorKind::Response, &["no `data.tok`; it has `result`;"]);
    let many: serde_json::Map<_, _> = (0..500).map(|nth| (format!("{nth}{}", "x".repeat(99)), json!(0))).collect();
    let error = error_at("data.tok", json!({ "data": many }));
    assert_error(&error, ErrorKind::Response, &["and 490 more"]);
    assert!(error.message().len() < 1_000, "{error}");
}

#[test]
fn an_error_that_calls_itself_a_success_is_an_error() {
    let answer = json!({"access_token": TOKEN, "error": "invalid_scope", "error_description": "No such scope"});
    let error = error_of(Reply::json(200, answer));
    assert_error(&error, ErrorKind::Rejected, &["HTTP 200", "invalid_scope", "No such scope", "`scope`"]);
    assert_eq!(error.code(), Some("invalid_scope"));
}

#[test]
fn a_token_that_is_bound_to_a_key_is_refused() {
    for kind in ["DPoP", "mac", "PoP"] {
        let error = error_of(Reply::json(200, json!({"access_token": TOKEN, "token_type": kind})));
        assert_error(&error, ErrorKind::Response, &["`token_type`", kind, "Bearer"]);
    }
}

#[test]
fn a_token_without_any_life_left_is_not_handed_out() {
    for expires_in in [json!(0), json!(-5), json!("0")] {
        let error = error_of(Reply::json(200, json!({"access_token": TOKEN, "expires_in": expires_in})));
        assert_error(&error, ErrorKind::Server, &["arrived expired", "`token_url` and `expires_format`"]);
    }
}
