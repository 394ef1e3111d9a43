//! Where the token stands, and what its type and status may be.

use serde_json::json;

use oauth_token::ErrorKind;

use crate::{ask, config, token_in};

#[test]
fn a_token_is_found_by_its_path_through_objects_and_arrays() {
    for (path, body) in [
        ("token", json!({"token": "found", "access_token": "another"})),
        ("data.access_token", json!({"data": {"access_token": "found"}, "access_token": "another"})),
        ("data.0.token", json!({"data": [{"token": "found"}, {"token": "another"}]})),
        ("0", json!(["found"])),
        ("0.a.1", json!([{"a": ["another", "found"]}])),
        ("data.2", json!({"data": {"2": "found"}})),
        ("Envelope.Body.session-id", json!({"Envelope": {"Body": {"session-id": "found"}}})),
    ] {
        assert_eq!(token_in(config().token_path(path), body).access_token(), "found", "{path}");
    }
}

#[test]
fn a_path_that_leads_nowhere_is_named_with_what_there_is_instead() {
    for body in [json!({"data": {}, "other": 1}), json!({"data": ["x"]}), json!({"data": {"token": {}}}), json!([])] {
        let error = ask(config().token_path("data.token"), 200, &[], &body.to_string()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Response, "{error}");
        assert!(error.message().contains("`data.token`"), "{error}");
    }
}

#[test]
fn what_stands_beside_the_token_is_read_there() {
    let body = json!({"data": {"token": "t", "expires_in": 60, "scope": "a", "token_type": "bearer", "id_token": "i"}});
    let token = token_in(config().token_path("data.token"), body);
    assert_eq!((token.expires_in().as_secs(), token.is_expiry_assumed()), (60, false));
    assert_eq!((token.scope(), token.token_type(), token.id_token()), (Some("a"), Some("bearer"), Some("i")));
}

#[test]
fn a_body_of_text_is_the_token_where_the_path_says_so() {
    for body in ["a.b-c_d", "\"a.b-c_d\"", " a.b-c_d\r\n"] {
        for content_type in ["text/plain", "application/json", "application/octet-stream"] {
            let token = ask(config().token_path("."), 200, &[("Content-Type", content_type)], body).unwrap();
            assert_eq!(token.access_token(), "a.b-c_d");
            assert!(token.is_expiry_assumed());
        }
    }
}

#[test]
fn a_body_of_text_that_is_no_token_is_refused() {
    for body in ["", " ", "two words", "<html>x</html> y", "a\nb", "\u{fc}"] {
        let error = ask(config().token_path("."), 200, &[], body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Response, "{body:?}: {error}");
    }
}

#[test]
fn a_refusal_in_json_is_no_token_even_where_the_body_would_be_one() {
    let error =
        ask(config().token_path("."), 200, &[], r#"{"error":"invalid_scope","error_description":"none"}"#).unwrap_err();
    assert_eq!(error.code(), Some("invalid_scope"), "{error}");
    let error = ask(config().token_path("."), 200, &[], r#"{"code":40013,"message":"bad-key"}"#).unwrap_err();
    assert!(error.message().contains("bad-key"), "{error}");
    for body in ["{}", r#"{"access_token":"t"}"#, "[]", r#"["t"]"#] {
        let error = ask(config().token_path("."), 200, &[], body).unwrap_err();
        assert!(error.message().contains("`token_path`"), "{error}");
    }
}

#[test]
fn every_status_of_success_may_bring_a_token() {
    for status in [200, 201, 202, 203, 206] {
        let token = ask(config(), status, &[], r#"{"access_token":"t","expires_in":60}"#).unwrap();
        assert_eq!(token.access_token(), "t", "{status}");
    }
}

#[test]
fn odd_token_types_are_bearers() {
    for kind in
        [json!("BearerToken"), json!("Application Access Token"), json!("JWT"), json!(""), json!(null), json!(7)]
    {
        let token = token_in(config(), json!({"access_token": "t", "token_type": kind}));
        assert_eq!(token.authorization(), "Bearer t", "{kind}");
    }
}

#[test]
fn a_token_that_needs_a_proof_is_refused() {
    for kind in ["DPoP", "dpop", "MAC", "PoP"] {
        let body = json!({"access_token": "t0ken", "token_type": kind});
        let error = ask(config(), 200, &[], &body.to_string()).unwrap_err();
        assert!(error.message().contains(kind), "{error}");
        assert!(!error.message().contains("t0ken"), "{error}");
    }
}
