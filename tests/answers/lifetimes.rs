//! How long a token lives, in each way in which providers write that.

use std::time::Duration;

use oauth_token::{Config, ExpiresFormat};
use serde_json::{Value, json};

use crate::{ask, config, lifetime_in};

fn expiring(format: ExpiresFormat, value: Value) -> Option<u64> {
    lifetime_in(config().expires_format(format), json!({"access_token": "t", "expires_in": value}))
}

#[test]
fn a_lifetime_is_found_by_its_path() {
    for (path, body) in [
        ("expires", json!({"access_token": "t", "expires": 60, "expires_in": 7})),
        ("meta.ttl", json!({"access_token": "t", "meta": {"ttl": "60"}})),
        ("data.1", json!({"access_token": "t", "data": [1, 60]})),
    ] {
        assert_eq!(lifetime_in(config().expires_path(path), body), Some(60), "{path}");
    }
}

#[test]
fn a_lifetime_that_is_not_where_it_should_be_is_assumed() {
    let body = json!({"access_token": "t", "expires_in": 60});
    assert_eq!(lifetime_in(config().expires_path("nowhere.to_be.found"), body), None);
}

#[test]
fn each_unit_is_read_as_number_and_as_text() {
    use ExpiresFormat::{Duration, Milliseconds, Minutes, Seconds};
    for (format, number, text) in [
        (Seconds, json!(5400), "5400"),
        (Seconds, json!(5400.9), " 5400.9 "),
        (Milliseconds, json!(5_400_000), "5400000"),
        (Minutes, json!(90), "90"),
        (Duration, json!(5400), "90m"),
        (Duration, json!(5400), "1.5h"),
        (Duration, json!(5400), "01:30:00"),
    ] {
        assert_eq!(expiring(format, number), Some(5400), "{format:?}");
        assert_eq!(expiring(format, json!(text)), Some(5400), "{format:?} {text}");
    }
}

#[test]
fn a_moment_is_read_in_each_form() {
    use ExpiresFormat::{Datetime, Unix, UnixMs};
    for (format, value) in [
        (Unix, json!(1_700_000_060)),
        (Unix, json!("1700000060")),
        (UnixMs, json!(1_700_000_060_000_u64)),
        (UnixMs, json!("1700000060000")),
        (Datetime, json!("2023-11-14T22:14:20Z")),
        (Datetime, json!("2023-11-14T22:14:20.123Z")),
        (Datetime, json!("2023-11-15T00:14:20+02:00")),
        (Datetime, json!("2023-11-14 22:14:20")),
        (Datetime, json!("20231114221420")),
    ] {
        assert_eq!(expiring(format, value.clone()), Some(60), "{value}");
    }
}

#[test]
fn a_moment_without_a_zone_is_in_the_zone_that_was_chosen() {
    let config = || config().expires_format(ExpiresFormat::Datetime).expires_utc_offset("+02:00");
    let body = |moment: &str| json!({"access_token": "t", "expires_in": moment});
    assert_eq!(lifetime_in(config(), body("2023-11-15T00:14:20")), Some(60));
    assert_eq!(lifetime_in(config(), body("2023-11-14T22:14:20Z")), Some(60), "one that it names counts");
}

#[test]
fn a_moment_is_taken_relative_to_the_server_s_clock_where_it_tells_it() {
    // The server is an hour ahead, and so is what it writes.
    let date = [("Date", "Tue, 14 Nov 2023 23:13:20 GMT")];
    for (format, moment) in [
        (ExpiresFormat::Unix, json!(1_700_003_660)),
        (ExpiresFormat::UnixMs, json!(1_700_003_660_000_u64)),
        (ExpiresFormat::Datetime, json!("2023-11-14T23:14:20Z")),
    ] {
        let body = json!({"access_token": "t", "expires_in": moment}).to_string();
        let token = ask(config().expires_format(format), 200, &date, &body).unwrap();
        assert_eq!(token.expires_in(), Duration::from_secs(60), "{format:?}");
        let token = ask(config().expires_format(format), 200, &[("Date", "yesterday")], &body).unwrap();
        assert_eq!(token.expires_in(), Duration::from_secs(3660), "{format:?} without a clock of the server");
    }
}

#[test]
fn a_relative_lifetime_does_not_depend_on_the_server_s_clock() {
    let date = [("Date", "Tue, 14 Nov 2023 23:13:20 GMT")];
    let token = ask(config(), 200, &date, r#"{"access_token":"t","expires_in":60}"#).unwrap();
    assert_eq!(token.expires_in(), Duration::from_secs(60));
}

#[test]
fn a_moment_that_has_passed_leaves_no_token() {
    for (format, moment) in [
        (ExpiresFormat::Unix, json!(1_600_000_000)),
        (ExpiresFormat::UnixMs, json!(0)),
        (ExpiresFormat::Datetime, json!("2001-01-01T00:00:00Z")),
        (ExpiresFormat::Seconds, json!(-1)),
        (ExpiresFormat::Seconds, json!(0)),
    ] {
        let body = json!({"access_token": "t", "expires_in": moment}).to_string();
        let error = ask(config().expires_format(format), 200, &[], &body).unwrap_err();
        assert!(error.message().contains("arrived expired"), "{error}");
    }
}

#[test]
fn a_lifetime_that_says_nothing_is_assumed() {
    for value in [json!(null), json!("soon"), json!(""), json!(true), json!([]), json!({})] {
        for format in [ExpiresFormat::Seconds, ExpiresFormat::Duration, ExpiresFormat::Unix, ExpiresFormat::Datetime] {
            assert_eq!(expiring(format, value.clone()), None, "{format:?} {value}");
        }
    }
}

#[test]
fn a_lifetime_beyond_all_sense_is_cut_to_the_longest_that_is_taken() {
    for value in [json!(9_223_372_036_854_775_807_u64), json!(u64::MAX), json!(1e300), json!("99999999999999999999")] {
        for format in [ExpiresFormat::Seconds, ExpiresFormat::Minutes, ExpiresFormat::UnixMs] {
            let config: Config = config().expires_format(format);
            let body = json!({"access_token": "t", "expires_in": value});
            assert_eq!(lifetime_in(config, body), Some(315_360_000), "{format:?} {value}");
        }
    }
}
