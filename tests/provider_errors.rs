//! Every provider's way of saying no ends in a message with the provider's own words.

#![cfg(feature = "http")]

mod checks;
mod support;

use oauth_token::{Error, ErrorKind};
use serde_json::{Value, json};

use checks::{assert_error, config, token_error};
use support::{Reply, Server};

fn error_of(reply: Reply) -> Error {
    let server = Server::http(move |_| reply.clone());
    token_error(config(server.url("/token")))
}

/// An answer of 400 with this body must give this code and these words.
#[track_caller]
fn assert_reads(body: Value, code: Option<&str>, description: Option<&str>) -> Error {
    let error = error_of(Reply::json(400, body));
    assert_eq!((error.code(), error.description()), (code, description), "{error}");
    assert_eq!(error.http_status(), Some(400));
    for word in [code, description, Some("HTTP 400"), Some("token_url")].into_iter().flatten() {
        assert!(error.message().contains(word), "`{word}` is not said: {error}");
    }
    error
}

#[test]
fn the_error_of_rfc_6749_is_read() {
    let body = json!({"error": "invalid_client", "error_description": "Client authentication failed"});
    let error = assert_reads(body, Some("invalid_client"), Some("Client authentication failed"));
    assert_error(&error, ErrorKind::Rejected, &["check `client_id`, `client_secret` and `client_auth`"]);
}

#[test]
fn an_error_without_a_description_is_read() {
    let error = assert_reads(json!({"error": "invalid_scope"}), Some("invalid_scope"), None);
    assert_error(&error, ErrorKind::Rejected, &["check `scope`"]);
}

#[test]
fn a_null_description_is_taken_for_none() {
    assert_reads(json!({"error": "invalid_grant", "error_description": null}), Some("invalid_grant"), None);
}

#[test]
fn an_error_description_in_camel_case_is_read() {
    assert_reads(
        json!({"error": "access_denied", "errorDescription": "Not yours"}),
        Some("access_denied"),
        Some("Not yours"),
    );
}

#[test]
fn an_error_code_in_camel_case_is_read() {
    assert_reads(
        json!({"errorCode": "E0000011", "errorSummary": "Invalid key"}),
        Some("E0000011"),
        Some("Invalid key"),
    );
    assert_reads(json!({"errorCode": 4711, "errorMessage": "Unknown app"}), Some("4711"), Some("Unknown app"));
}

#[test]
fn an_error_that_is_an_object_is_read() {
    let body = json!({"error": {"code": 403, "message": "Permission denied", "status": "PERMISSION_DENIED"}});
    assert_reads(body, Some("PERMISSION_DENIED"), Some("Permission denied"));
    assert_reads(json!({"error": {"code": 190, "message": "Bad app"}}), Some("190"), Some("Bad app"));
}

#[test]
fn the_first_of_a_list_of_errors_is_read() {
    assert_reads(
        json!({"errors": [{"code": "1004", "message": "No such key"}, {"code": "1005"}]}),
        Some("1004"),
        Some("No such key"),
    );
    assert_reads(json!({"errors": ["No such key", "No such app"]}), None, Some("No such key"));
    assert_reads(json!({"errors": [{"detail": "No such key"}]}), None, Some("No such key"));
}

#[test]
fn an_error_that_is_a_list_is_read() {
    assert_reads(
        json!({"error": [{"code": "UNAUTHORIZED.GATEWAY", "description": "No such key", "severity": "ERROR"}]}),
        Some("UNAUTHORIZED.GATEWAY"),
        Some("No such key"),
    );
    assert_reads(json!({"error": ["No such key"]}), None, Some("No such key"));
}

#[test]
fn an_error_wrapped_in_something_else_is_read() {
    let errors = json!({"errors": [{"code": "10400", "message": "Invalid header"}]});
    assert_reads(json!({ "response": errors }), Some("10400"), Some("Invalid header"));
    let status = json!({"error": true, "code": 401, "type": "Unauthorized", "message": "Authentication Failure"});
    assert_reads(json!({ "status": status }), Some("401"), Some("Authentication Failure"));
    let named = json!([{"errorType": "Unauthorized", "message": "Access is denied"}]);
    assert_reads(json!({ "errors": named }), Some("Unauthorized"), Some("Access is denied"));
}

#[test]
fn names_in_other_capitals_are_read() {
    assert_reads(
        json!({"ErrorCode": "invalid_client", "Error": "Client credentials are invalid"}),
        Some("invalid_client"),
        Some("Client credentials are invalid"),
    );
    assert_reads(json!({"Error": "Account Inactive"}), None, Some("Account Inactive"));
    assert_reads(json!({"Message": "Not today"}), None, Some("Not today"));
}

#[test]
fn a_reason_beside_the_error_is_read() {
    assert_reads(
        json!({"reason": "Invalid client_id or client_secret", "error": "invalid_client"}),
        Some("invalid_client"),
        Some("Invalid client_id or client_secret"),
    );
}

#[test]
fn a_code_and_a_message_are_read() {
    assert_reads(json!({"code": "AUTH_017", "message": "Key expired"}), Some("AUTH_017"), Some("Key expired"));
    assert_reads(json!({"code": 40001, "msg": "Key expired"}), Some("40001"), Some("Key expired"));
}

#[test]
fn a_message_alone_is_read() {
    assert_reads(json!({"message": "Forbidden"}), None, Some("Forbidden"));
}

#[test]
fn the_fault_of_a_gateway_is_read() {
    let fault = json!({"faultstring": "Invalid ApiKey", "detail": {"errorcode": "oauth.v2.InvalidApiKey"}});
    assert_reads(json!({"fault": fault}), Some("oauth.v2.InvalidApiKey"), Some("Invalid ApiKey"));
}

#[test]
fn a_problem_of_rfc_9457_is_read() {
    let problem = json!({"type": "about:blank", "title": "Bad Request", "status": 400, "detail": "No such tenant"});
    assert_reads(problem, None, Some("No such tenant"));
    assert_reads(json!({"title": "Bad Request"}), None, Some("Bad Request"));
}

#[test]
fn json_without_a_known_word_still_says_the_status() {
    for body in [json!({"outcome": "unknown shape"}), json!([]), json!(null), json!(7), json!({"error": {}})] {
        assert_error(&assert_reads(body, None, None), ErrorKind::Server, &["check"]);
    }
}

#[test]
fn the_title_of_a_page_is_read() {
    let page = "<html><head><TITLE lang=\"en\">403 Forbidden</TITLE></head><body>Go away</body></html>";
    let error = error_of(Reply::text(403, "text/html", page));
    assert_error(&error, ErrorKind::Rejected, &["HTTP 403", "HTML", "403 Forbidden"]);
}

#[test]
fn the_text_of_a_page_without_a_title_is_read() {
    let error = error_of(Reply::text(404, "text/html", "<h1>Not\u{a0}Found</h1><p>No&nbsp;such <b>tenant</b>"));
    assert_error(&error, ErrorKind::Server, &["HTTP 404", "HTML", "tenant", "check the path"]);
    assert!(!error.message().contains("<b>"), "{error}");
}

#[test]
fn plain_text_is_read() {
    let error = error_of(Reply::text(400, "text/plain", "tenant is suspended"));
    assert_error(&error, ErrorKind::Server, &["HTTP 400", "tenant is suspended"]);
}

#[test]
fn an_empty_refusal_says_what_was_sent_and_what_to_check() {
    for status in [401, 403] {
        let error = error_of(Reply::empty(status));
        assert_error(
            &error,
            ErrorKind::Rejected,
            &[&format!("HTTP {status}"), "client_secret_basic", "test-client", "check"],
        );
        assert_eq!((error.code(), error.description()), (None, None));
    }
}

#[test]
fn what_was_sent_is_told_in_full_but_for_the_secret() {
    let server = Server::http(|_| Reply::empty(400));
    let config = config(server.url("/token?tenant=a")).scope("read write").audience("https://api.example.test/");
    let error = token_error(config.resource("urn:one urn:two"));
    let words = [
        "scope `read write`",
        "audience `https://api.example.test/`",
        "resource `urn:one urn:two`",
        "grant_type `client_credentials`",
        "/token?…",
    ];
    assert_error(&error, ErrorKind::Server, &words);
}

#[test]
fn too_many_requests_are_told_with_the_wait_that_was_asked_for() {
    let error = error_of(Reply::empty(429).header("Retry-After", "120"));
    assert_error(&error, ErrorKind::Server, &["HTTP 429", "too many requests"]);
    let retry_in = error.retry_in().expect("the server said when");
    assert!((100..=120).contains(&retry_in.as_secs()), "{retry_in:?}");
}

#[test]
fn a_long_story_is_cut_to_a_sane_length() {
    for body in [
        json!({"error": "invalid_request", "error_description": "word ".repeat(10_000)}),
        json!({"error": "x".repeat(50_000)}),
    ] {
        let error = error_of(Reply::json(400, body));
        assert!(error.message().contains('…') && error.message().len() < 1_000, "{error}");
    }
}

#[test]
fn a_long_page_is_cut_to_a_sane_length() {
    let error = error_of(Reply::text(502, "text/html", format!("<p>{}</p>", "word ".repeat(10_000))));
    assert!(error.message().contains("word") && error.message().len() < 1_000, "{error}");
}

#[test]
fn a_cut_does_not_split_a_character() {
    let error = error_of(Reply::json(400, json!({"message": "ü☂🦀".repeat(500)})));
    assert!(error.message().contains("ü☂🦀") && error.message().chars().count() < 1_000, "{error}");
}

#[test]
fn control_characters_are_replaced() {
    let hostile = "first\r\nsecond\u{0b}third\u{1b}[31mred\u{1b}[0m\u{7f}\u{9b}end\u{2028}line\u{202e}rtl\u{feff}";
    for reply in [
        Reply::json(400, json!({"error": "invalid_request", "error_description": hostile})),
        Reply::json(400, json!({"error": hostile})),
        Reply::text(400, "text/plain", hostile),
        Reply::text(400, "text/html", format!("<title>{hostile}</title>")),
    ] {
        let error = error_of(reply);
        assert!(error.message().contains("first second"), "{error}");
        let disguising = |character: char| character.is_control() || "\u{2028}\u{202e}\u{feff}".contains(character);
        assert!(!error.message().contains(disguising), "{error:?}");
    }
}

#[test]
fn text_in_another_encoding_is_still_told() {
    let error = error_of(Reply::text(400, "text/plain", b"Schl\xFCssel fehlt".as_slice()));
    assert_error(&error, ErrorKind::Server, &["Schl", "ssel fehlt"]);
}
