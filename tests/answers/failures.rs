//! Failures with a status of success, in the shapes in which providers write them.

use oauth_token::ErrorKind;
use serde_json::{Value, json};

use crate::{ask, config};

#[track_caller]
fn assert_reads(body: Value, code: Option<&str>, words: &str) {
    let error = ask(config(), 200, &[], &body.to_string()).expect_err("that is no token");
    assert_eq!(error.code(), code, "{error}");
    assert!(error.message().contains(words), "`{words}` is not said: {error}");
    assert!(error.message().contains("HTTP 200"), "{error}");
    assert_eq!(error.http_status(), Some(200));
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Rejected, false), "{error}");
}

/// The answer is not taken for a refusal: the token is somewhere else in it.
#[track_caller]
fn assert_is_misplaced(body: Value) {
    let error = ask(config(), 200, &[], &body.to_string()).expect_err("that is no token");
    assert_eq!((error.kind(), error.code()), (ErrorKind::Response, None), "{error}");
    assert!(error.message().contains("check `token_path`"), "{error}");
}

#[test]
fn a_number_and_a_message_are_read() {
    assert_reads(json!({"code": 999, "msg": "app key is invalid"}), Some("999"), "app key is invalid");
    assert_reads(json!({"code": "E42", "message": "app key is invalid", "data": null}), Some("E42"), "app key");
    assert_reads(json!({"errcode": 40013, "errmsg": "invalid appid"}), Some("40013"), "invalid appid");
    assert_reads(json!({"errorCode": "X1", "errorMessage": "no such app"}), Some("X1"), "no such app");
}

#[test]
fn a_lack_of_success_with_a_message_is_read() {
    assert_reads(json!({"success": false, "message": "wrong key"}), None, "wrong key");
    assert_reads(json!({"success": false, "message": "wrong key", "data": {}}), None, "wrong key");
}

#[test]
fn errors_in_lists_and_objects_are_read() {
    assert_reads(json!({"errors": [{"code": "A1", "message": "wrong key"}]}), Some("A1"), "wrong key");
    assert_reads(json!({"error": {"code": 7, "message": "wrong key"}}), Some("7"), "wrong key");
}

#[test]
fn a_field_for_the_token_that_holds_none_hides_no_failure() {
    for token in [json!(null), json!("")] {
        assert_reads(json!({"access_token": token, "code": 7, "message": "wrong key"}), Some("7"), "wrong key");
    }
}

#[test]
fn a_refusal_of_rfc_6749_is_a_refusal_whatever_its_status() {
    let body = json!({"error": "invalid_client", "error_description": "wrong key"}).to_string();
    let error = ask(config(), 200, &[], &body).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Rejected, Some("invalid_client")));
    let body = json!({"access_token": "t", "error": "invalid_scope"}).to_string();
    assert_eq!(ask(config(), 200, &[], &body).unwrap_err().code(), Some("invalid_scope"));
}

#[test]
fn a_success_may_say_that_it_is_one() {
    for body in [
        json!({"access_token": "t", "code": 0, "msg": "ok"}),
        json!({"access_token": "t", "success": true, "message": "granted"}),
        json!({"access_token": "t", "errcode": 0, "errmsg": "ok"}),
        json!({"access_token": "t", "error": null, "error_description": ""}),
        json!({"access_token": "t", "error": ""}),
        json!({"access_token": "t", "error": false}),
    ] {
        assert_eq!(ask(config(), 200, &[], &body.to_string()).unwrap().access_token(), "t", "{body}");
    }
}

#[test]
fn a_code_of_success_without_a_token_says_that_it_was_looked_for_in_the_wrong_place() {
    let data = json!({"token": "t"});
    for code in [json!(0), json!("0000"), json!(200), json!("200"), json!("OK"), json!("SUCCESS")] {
        assert_is_misplaced(json!({"code": code, "msg": "ok", "data": data}));
    }
    assert_is_misplaced(json!({"errcode": 0, "errmsg": "ok", "data": data}));
    assert_is_misplaced(json!({"success": true, "message": "granted", "data": data}));
    assert_is_misplaced(json!({"type": "bearer", "data": data}));
}

#[test]
fn a_server_that_is_busy_in_its_own_words_may_be_asked_again() {
    for body in [
        json!({"errcode": -1, "errmsg": "system busy"}),
        json!({"error": "temporarily_unavailable"}),
        json!({"error": "server_error", "error_description": "no database"}),
        json!({"code": 429, "message": "too many requests"}),
        json!({"code": "503", "message": "maintenance"}),
    ] {
        let error = ask(config(), 200, &[], &body.to_string()).unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Server, true), "{error}");
        assert!(error.message().contains("may work later"), "{error}");
    }
    let body = json!({"code": 99_991_400, "msg": "frequency limit"}).to_string();
    let error = ask(config(), 200, &[("Retry-After", "7")], &body).unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Server, true), "{error}");
}

#[test]
fn a_code_of_the_provider_s_own_is_to_be_looked_up_and_not_taken_for_a_wrong_url() {
    let error = ask(config(), 200, &[], &json!({"errcode": 40001, "errmsg": "invalid credential"}).to_string());
    let error = error.unwrap_err();
    assert!(error.message().contains("HTTP 200 40001: invalid credential"), "{error}");
    assert!(error.message().contains("provider's documentation") && !error.message().contains("URL"), "{error}");
}

#[test]
fn a_failure_never_repeats_the_secret_and_stays_one_short_line() {
    let body = json!({"code": 7, "message": format!("s3cret is\r\n\u{1b}[31mwrong{}", "!".repeat(9999))}).to_string();
    let error = ask(config(), 200, &[], &body).unwrap_err();
    assert!(!error.message().contains("s3cret"), "{error}");
    assert!(!error.message().contains(char::is_control) && error.message().len() < 1000, "{error}");
}
