use super::*;

fn rules() -> AnswerRules {
    AnswerRules {
        token_path: "access_token".parse().unwrap(),
        expires_path: None,
        expires_format: ExpiresFormat::Seconds,
        expires_utc_offset: UtcOffset::default(),
        default_expires_in: Duration::from_secs(300),
        is_lifetime_expected: true,
        max_expires_in: Duration::from_secs(315_360_000),
    }
}

fn read(body: &str) -> Result<Answer, Error> {
    let document = Json::parse(body.as_bytes());
    Answer::read(
        &Response::new(200, body),
        document,
        &rules(),
        0,
        &Redactor::default(),
        "token_url https://example.com/token",
    )
}

fn expires_in(written: &str) -> (Duration, bool) {
    let answer = read(&format!(r#"{{"access_token":"t","expires_in":{written}}}"#)).unwrap();
    (answer.expires_in, answer.expires_in_assumed)
}

#[test]
fn a_lifetime_may_be_an_integer_a_fraction_or_text() {
    for written in ["3600", "3600.0", r#""3600""#, r#"" 3600 ""#, r#""3600.0""#, "3.6e3"] {
        assert_eq!(expires_in(written), (Duration::from_secs(3600), false), "{written}");
    }
}

#[test]
fn a_lifetime_that_makes_no_sense_is_assumed_and_marked() {
    for written in ["null", "true", "{}", "[3600]", r#""""#, r#""soon""#, r#""NaN""#, r#""inf""#] {
        assert_eq!(expires_in(written), (rules().default_expires_in, true), "{written}");
    }
    assert!(read(r#"{"access_token":"t"}"#).unwrap().expires_in_assumed);
}

#[test]
fn a_lifetime_beyond_all_sense_is_cut_and_a_negative_one_is_nothing() {
    for written in ["9223372036854775", "18446744073709551615", "1e300", r#""1e300""#] {
        assert_eq!(expires_in(written), (rules().max_expires_in, false), "{written}");
    }
    for written in ["0", "-1", "-0.5", r#""-7""#] {
        assert_eq!(expires_in(written), (Duration::ZERO, false), "{written}");
    }
}

#[test]
fn missing_and_odd_token_types_are_taken_for_bearer() {
    for kind in [r#""Bearer""#, r#""bearer""#, r#""BearerToken""#, r#""Application Access Token""#, "null", "7"] {
        assert!(read(&format!(r#"{{"access_token":"t","token_type":{kind}}}"#)).is_ok(), "{kind}");
    }
}

#[test]
fn a_token_that_is_bound_to_a_key_is_refused() {
    for kind in ["DPoP", "dpop", "MAC", "PoP"] {
        let error = read(&format!(r#"{{"access_token":"t","token_type":"{kind}"}}"#)).err().unwrap();
        assert!(error.message().contains(kind), "{error}");
    }
}

#[test]
fn a_token_with_characters_that_no_header_carries_is_refused_and_not_repeated() {
    for token in ["", "a b", "hunter2\\n", "hünter2", "hunter2\\u0000"] {
        let error = read(&format!(r#"{{"access_token":"{token}"}}"#)).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Response);
        assert!(!error.message().contains("nter2"), "{error}");
    }
    assert_eq!(read(r#"{"access_token":"a%2Fb=="}"#).unwrap().access_token.expose(), "a%2Fb==");
}

#[test]
fn what_is_no_token_answer_says_what_it_is() {
    for (body, said) in [
        ("", "empty body"),
        ("  \n", "empty body"),
        ("<!DOCTYPE html><p>Log in", "HTML"),
        (r#"{"access_token":"hunter2","expi"#, "breaks off"),
        (r#"{"access_token":5}"#, "is a number, not text"),
        (r#"["hunter2"]"#, "an array"),
        ("hunter2", "not JSON"),
        (r#"{"token":"hunter2","ttl":5}"#, "it has `token`, `ttl`;"),
        ("{}", "empty"),
    ] {
        let error = read(body).err().unwrap();
        assert!(error.message().contains(said), "{body}: {error}");
        assert!(!error.message().contains("hunter2"), "{error}");
    }
}

#[test]
fn every_other_member_is_kept_texts_as_they_are() {
    let answer =
        read(r#"{"access_token":"t","scope":["a","b"],"instance_url":"https://x","id":7,"extra":{"a":[1]}}"#).unwrap();
    let field =
        |name: &str| answer.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.expose().to_owned());
    assert_eq!(answer.scope.as_ref().map(Secret::expose), Some("a b"));
    assert_eq!(field("instance_url").as_deref(), Some("https://x"));
    assert_eq!(field("id").as_deref(), Some("7"));
    assert_eq!(field("extra").as_deref(), Some(r#"{"a":[1]}"#));
    assert_eq!(field("access_token"), None);
}
