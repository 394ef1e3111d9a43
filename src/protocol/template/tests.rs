//! What placeholders stand for.

use super::*;

fn render(text: &str) -> String {
    Template::parse(text).unwrap().render(&values()).expose().to_owned()
}

fn values() -> Values<'static> {
    Values {
        client_id: "id",
        client_secret: "s3cret",
        uuid: "00000000-0000-4000-8000-000000000000".into(),
        now_ms: 951_827_696_789,
        client_assertion: Secret::default(),
        assertion: Secret::new("signed"),
    }
}

#[test]
fn every_placeholder_is_replaced() {
    assert_eq!(render("{client_id}/{client_secret}"), "id/s3cret");
    assert_eq!(render("{uuid}"), "00000000-0000-4000-8000-000000000000");
    assert_eq!(render("{now}"), "2000-02-29T12:34:56Z");
    assert_eq!(render("{now_unix}"), "951827696");
    assert_eq!(render("{now_ms}"), "951827696789");
    assert_eq!(render("{date}"), "2000-02-29");
    assert_eq!(render("Bearer {assertion}"), "Bearer signed");
}

#[test]
fn moments_are_moved_by_an_offset_in_each_unit() {
    assert_eq!(render("{now+7d}"), "2000-03-07T12:34:56Z");
    assert_eq!(render("{now-1h}"), "2000-02-29T11:34:56Z");
    assert_eq!(
        render("{date+1d} {date+7d} {date-29d} {date+11h} {date+12h}"),
        "2000-03-01 2000-03-07 2000-01-31 2000-02-29 2000-03-01"
    );
    assert_eq!(
        render("{now_unix+300} {now_unix+300s} {now_unix+5m} {now_unix-0}"),
        "951827996 951827996 951827996 951827696"
    );
    assert_eq!(render("{now_ms+300}"), "951827996789");
    assert_eq!(render("{base64:{now_unix+1}}"), "OTUxODI3Njk3");
    assert_eq!(render("{now_unix-36525d}"), "0", "there is nothing before the beginning");
}

#[test]
fn an_offset_that_is_none_is_refused_with_what_one_looks_like() {
    for text in [
        "{now+}",
        "{now+d}",
        "{now+-1}",
        "{now+1w}",
        "{now +1d}",
        "{now+1.5h}",
        "{now+36526d}",
        "{now+99999999999}",
        "{now+٣}",
        "{now_ms-}",
    ] {
        let error = Template::parse(text).expect_err(text);
        assert!(error.contains("+7d"), "{error}");
    }
    for text in ["{client_id+1}", "{uuid-1d}"] {
        assert!(Template::parse(text).unwrap_err().contains("no known placeholder"), "{text}");
    }
}

#[test]
fn texts_inside_lists_and_objects_are_filled_in_and_all_else_stays() {
    let json = r#"["{client_id}",{"secret":"{base64:{client_secret}}","{uuid}":["{{",7,-7,1.5,true,null,{}]}]"#;
    let template = Template::from_json(&Json::parse(json.as_bytes()).unwrap()).unwrap();
    let filled = r#"["id",{"secret":"czNjcmV0","{uuid}":["{",7,-7,1.5,true,null,{}]}]"#;
    assert_eq!(template.render_json(&values()).to_document().expose(), filled);
    assert_eq!(template.render(&values()).expose(), filled);
    assert!(template.needs_client_id() && template.needs_client_secret() && !template.needs_assertion());
    let fragments = template.fragments(&values());
    assert!(fragments.contains(&Secret::new("czNjcmV0")), "a server may repeat one of them");
}

#[test]
fn base64_encodes_what_it_encloses_nested_too() {
    assert_eq!(render("Basic {base64:{client_id}:{client_secret}}"), "Basic aWQ6czNjcmV0");
    assert_eq!(render("{base64:{base64:a}b}"), "WVE9PWI=");
    assert_eq!(render("{base64:}"), "");
}

#[test]
fn a_doubled_brace_is_a_brace_and_a_closing_one_stands_for_itself() {
    assert_eq!(render("{{client_id}"), "{client_id}");
    assert_eq!(render(r#"{{"a":{{"b":1}}"#), r#"{"a":{"b":1}}"#);
    assert_eq!(render("a}b"), "a}b");
    assert_eq!(render("{base64:{{a}"), "e2E=");
    assert_eq!(render(""), "");
}

#[test]
fn what_cannot_be_meant_is_refused_and_not_repeated() {
    for text in ["{", "{secret-value", "{secret-value}", "{Client_Id}", "{base64:secret-value", "{}"] {
        let error = Template::parse(text).expect_err(text);
        assert!(!error.contains("secret-value"), "{error}");
    }
    assert!(Template::parse(&"{base64:".repeat(100_000)).is_err());
}

#[test]
fn it_is_known_which_credentials_a_value_needs() {
    let nested = Template::parse("x{base64:{base64:{client_secret}}}").unwrap();
    assert!(nested.needs_client_secret() && !nested.needs_client_id());
    assert!(Template::parse("{client_id}").unwrap().needs_client_id());
    assert!(!Template::parse("{{client_id}").unwrap().needs_client_id());
}
