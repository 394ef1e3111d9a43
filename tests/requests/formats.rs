//! Parameters that are more than text.

use oauth_token::{BodyFormat, Config, ErrorKind};
use serde_json::json;

use crate::{bare, pairs, request_of};

#[test]
fn a_json_body_keeps_the_types_of_its_parameters() {
    let params = json!({
        "text": "1", "whole": 1, "negative": -1, "fraction": 1.5, "huge": 9_007_199_254_740_993_u64, "yes": true,
        "no": false, "list": ["a", 1, false, ["b"], {"c": "d"}], "none": [], "nested": {"number": 2, "text": "{client_id}"}
    });
    let request = request_of(|server| {
        let mut config = bare(server).client_id("me").body_format(BodyFormat::Json);
        config.set_json(&json!({ "param": params }).to_string()).unwrap();
        config
    });
    let mut expected = params.clone();
    expected["nested"]["text"] = json!("me");
    assert_eq!(request.json(), expected);
}

#[test]
fn a_form_writes_them_as_text_and_repeats_the_members_of_lists() {
    for format in [BodyFormat::Form, BodyFormat::Query] {
        let request = request_of(|server| {
            let mut config = bare(server).body_format(format);
            config.set_json(r#"{"param": {"list": ["a", "b c", 3], "number": 7, "yes": true, "empty": []}}"#).unwrap();
            config
        });
        let sent = if format == BodyFormat::Form { request.form() } else { request.query() };
        let expected = [("list", "a"), ("list", "b c"), ("list", "3"), ("number", "7"), ("yes", "true")];
        assert_eq!(sent, pairs(&expected));
    }
}

#[test]
fn placeholders_are_filled_in_inside_lists_and_the_objects_in_them() {
    let of = |format| {
        request_of(move |server| {
            let mut config = bare(server).client_id("me").client_secret("s3cret").body_format(format);
            let list = r#"{"param": {"keys": ["{client_id}", {"secret": "{base64:{client_secret}}", "n": 1}, "{{", 2, true]}}"#;
            config.set_json(list).unwrap();
            config
        })
    };
    let filled = json!(["me", {"secret": "czNjcmV0", "n": 1}, "{", 2, true]);
    assert_eq!(of(BodyFormat::Json).json(), json!({ "keys": filled }));
    let texts = ["me", r#"{"secret":"czNjcmV0","n":1}"#, "{", "2", "true"].map(|text| ("keys", text));
    assert_eq!(of(BodyFormat::Form).form(), pairs(&texts));
}

#[test]
fn a_placeholder_inside_a_list_that_there_is_not_is_refused_by_the_option_s_name() {
    let error = r#"{"param": {"keys": ["a", {"b": "{hunter2}"}]}}"#.parse::<Config>().unwrap_err();
    assert!(error.message().contains("option `param.keys`") && error.message().contains("`{{`"), "{error}");
    assert!(!error.message().contains("hunter2"), "{error}");
}

#[test]
fn several_resources_are_repeated_in_a_form_and_a_list_in_json() {
    let request = request_of(|server| bare(server).resource("https://a https://b"));
    assert_eq!(request.form(), pairs(&[("resource", "https://a"), ("resource", "https://b")]));
    let request = request_of(|server| bare(server).resource("https://a https://b").body_format(BodyFormat::Json));
    assert_eq!(request.json(), json!({"resource": ["https://a", "https://b"]}));
    let request = request_of(|server| bare(server).resource("https://a").body_format(BodyFormat::Json));
    assert_eq!(request.json(), json!({"resource": "https://a"}), "one is no list");
}

#[test]
fn null_is_no_value() {
    for json in [
        r#"{"param": {"a": null}}"#,
        r#"{"param.a": null}"#,
        r#"{"header": {"a": null}}"#,
        r#"{"assertion_claim": {"a": null}}"#,
        r#"{"scope": null}"#,
    ] {
        let error = json.parse::<Config>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.message().contains("null"), "{json}: {error}");
    }
}

#[test]
fn a_parameter_that_is_a_text_and_an_object_is_refused() {
    let config = Config::new()
        .token_url("https://a.test/")
        .client_id("me")
        .client_secret("s")
        .body_format(BodyFormat::Json)
        .param("a.b", "1")
        .param("a", "2");
    let error = oauth_token::Client::new(config).unwrap_err();
    assert!(error.message().contains("`param.a`") && error.message().contains("`param.a.b`"), "{error}");
}

#[test]
fn a_dot_in_a_name_is_only_a_dot_in_a_form() {
    let request = request_of(|server| bare(server).param("a.b", "1").param("a", "2"));
    assert_eq!(request.form(), pairs(&[("a.b", "1"), ("a", "2")]));
}

#[test]
fn credentials_go_by_other_names_into_other_places() {
    let request = request_of(|server| {
        bare(server)
            .client_id("me")
            .client_secret("s3cret")
            .body_format(BodyFormat::Json)
            .param("auth.apiKey", "{client_id}")
            .param("auth.apiSecret", "{base64:{base64:{client_secret}}}")
            .header("X-Basic", "Basic {base64:{client_id}:{client_secret}}")
    });
    assert_eq!(request.json(), json!({"auth": {"apiKey": "me", "apiSecret": "Y3pOamNtVjA="}}));
    assert_eq!(request.header("X-Basic"), Some("Basic bWU6czNjcmV0"));
}
