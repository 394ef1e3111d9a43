use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::clock::SystemClock;
use crate::protocol::Answer;
use crate::secret::Secret;

const SETTINGS: CacheSettings =
    CacheSettings { refresh_margin: Duration::from_secs(300), max_retry_after: Duration::from_secs(300) };

fn at(seconds: f64) -> Moment {
    let since = Duration::from_secs_f64(seconds);
    Moment { monotonic: since, wall: Duration::from_secs(1_700_000_000) + since }
}

fn token(text: &str, obtained: Moment, lifetime: f64) -> Token {
    let answer = Answer {
        access_token: Secret::new(text),
        token_type: None,
        scope: None,
        id_token: None,
        refresh_token: None,
        refresh_expires_in: None,
        expires_in: Duration::from_secs_f64(lifetime),
        expires_in_assumed: false,
        refresh_in: None,
        fields: Vec::new(),
    };
    Token::new(answer, obtained, Arc::new(SystemClock::new()))
}

fn granted(text: &str, obtained: f64, lifetime: f64) -> Result<Granted, Error> {
    Ok(Granted { token: token(text, at(obtained), lifetime), refresh_in: None })
}

fn failed(kind: ErrorKind) -> Result<Granted, Error> {
    Err(Error::new(kind, "it failed"))
}

/// A cache whose token was obtained at 0.
fn holding(lifetime: f64, jitter: f64) -> Cache {
    let mut cache = Cache::new(SETTINGS);
    let flight = led(&mut cache, 0.0);
    cache.settle(flight, granted("first", 0.0, lifetime), at(0.0), jitter);
    cache
}

fn led(cache: &mut Cache, now: f64) -> Flight {
    match cache.ask(at(now), None) {
        Decision::Lead(flight) => flight,
        other => panic!("{} instead of lead at {now}", name(&other)),
    }
}

fn name(decision: &Decision) -> String {
    match decision {
        Decision::HandOut(token) => token.access_token().to_owned(),
        Decision::Lead(_) => "lead".into(),
        Decision::Wait(_) => "wait".into(),
        Decision::Refuse(error) if error.is_repeated() => "refuse again".into(),
        Decision::Refuse(_) => "refuse".into(),
    }
}

fn asked(cache: &mut Cache, now: f64) -> String {
    name(&cache.ask(at(now), None))
}

#[test]
fn an_hour_is_due_between_3240_and_3300_and_over_at_3590() {
    for (jitter, due) in [(0.0, 3300.0), (0.5, 3270.0), (0.999_999, 3240.001)] {
        assert_eq!(asked(&mut holding(3600.0, jitter), due - 0.01), "first");
        assert_eq!(asked(&mut holding(3600.0, jitter), due + 0.01), "lead");
    }
    let mut cache = holding(3600.0, 0.0);
    let early = led(&mut cache, 3400.0);
    assert!(early.is_early);
    assert_eq!(asked(&mut cache, 3589.9), "first");
    assert_eq!(asked(&mut cache, 3590.0), "wait");
}

#[test]
fn ten_seconds_are_due_between_7_6_and_8_and_over_at_9() {
    assert_eq!(asked(&mut holding(10.0, 0.999_999), 7.59), "first");
    assert_eq!(asked(&mut holding(10.0, 0.999_999), 7.61), "lead");
    assert_eq!(asked(&mut holding(10.0, 0.0), 7.99), "first");
    assert!(!led(&mut holding(10.0, 0.0), 9.0).is_early);
}

#[test]
fn a_renewal_is_not_begun_when_too_little_is_left_for_it() {
    assert_eq!(asked(&mut holding(3600.0, 0.0), 3588.9), "lead");
    assert_eq!(asked(&mut holding(3600.0, 0.0), 3589.1), "first");
}

#[test]
fn a_server_s_refresh_in_replaces_the_margin_within_bounds() {
    for (wanted, due) in [(1800, 1800.0), (1, 360.0), (3599, 3300.0)] {
        let mut cache = Cache::new(SETTINGS);
        let flight = led(&mut cache, 0.0);
        let granted = Granted { token: token("first", at(0.0), 3600.0), refresh_in: Some(Duration::from_secs(wanted)) };
        cache.settle(flight, Ok(granted), at(0.0), 0.9);
        assert_eq!(asked(&mut cache, due - 0.1), "first", "{wanted}");
        assert_eq!(asked(&mut cache, due + 0.1), "lead", "{wanted}");
    }
}

#[test]
fn one_leads_and_all_others_wait_or_get_the_token_in_hand() {
    let mut empty = Cache::new(SETTINGS);
    let flight = led(&mut empty, 0.0);
    for _ in 0..10 {
        assert_eq!(asked(&mut empty, 0.0), "wait");
    }
    empty.settle(flight, granted("first", 0.0, 3600.0), at(1.0), 0.0);
    assert_eq!(asked(&mut empty, 1.0), "first");

    led(&mut empty, 3400.0);
    for _ in 0..10 {
        assert_eq!(asked(&mut empty, 3400.0), "first");
    }
}

#[test]
fn all_who_waited_for_a_failed_flight_get_its_error_and_later_ones_get_it_repeated() {
    let mut cache = Cache::new(SETTINGS);
    let flight = led(&mut cache, 0.0);
    cache.settle(flight, failed(ErrorKind::Rejected), at(1.0), 0.0);
    for _ in 0..3 {
        assert_eq!(name(&cache.ask(at(1.0), Some(flight.id))), "refuse");
    }
    assert_eq!(asked(&mut cache, 1.0), "refuse again");
    assert_eq!(asked(&mut cache, 5.9), "refuse again");
    assert_eq!(asked(&mut cache, 6.0), "lead");
}

#[test]
fn a_failed_renewal_pauses_for_a_quarter_of_what_is_left_and_ends_a_second_after_the_token() {
    let mut cache = holding(3600.0, 0.0);
    let flight = led(&mut cache, 3550.0);
    cache.settle(flight, failed(ErrorKind::Rejected), at(3550.0), 0.0);
    assert_eq!(asked(&mut cache, 3559.9), "first");
    let flight = led(&mut cache, 3560.0);
    cache.settle(flight, failed(ErrorKind::Rejected), at(3589.9), 0.0);
    assert_eq!(asked(&mut cache, 3589.95), "first");
    assert_eq!(asked(&mut cache, 3590.8), "refuse again");
    assert_eq!(asked(&mut cache, 3591.0), "lead");
}

#[test]
fn a_renewal_that_brings_the_same_token_changes_nothing_but_when_to_ask_again() {
    let mut cache = holding(1000.0, 0.0);
    let flight = led(&mut cache, 800.0);
    cache.settle(flight, granted("first", 800.0, 200.0), at(800.0), 0.0);
    assert_eq!(asked(&mut cache, 899.9), "first");
    let flight = led(&mut cache, 900.1);
    cache.settle(flight, granted("first", 900.0, 1000.0), at(900.1), 0.0);
    assert_eq!(asked(&mut cache, 949.9), "first", "a longer life that is claimed later is not believed");
    assert_eq!(asked(&mut cache, 990.0), "lead", "the end stays where it was");
}

#[test]
fn a_renewal_that_brings_another_token_always_replaces_even_by_one_that_lives_shorter() {
    let mut cache = holding(3600.0, 0.0);
    let flight = led(&mut cache, 3300.0);
    cache.settle(flight, granted("second", 3300.0, 60.0), at(3300.0), 0.0);
    assert_eq!(asked(&mut cache, 3301.0), "second");
    assert_eq!(asked(&mut cache, 3354.0), "lead");
}

#[test]
fn a_failure_from_before_a_new_secret_means_nothing() {
    let mut cache = Cache::new(SETTINGS);
    let flight = led(&mut cache, 0.0);
    cache.secret_changed();
    cache.settle(flight, failed(ErrorKind::Rejected), at(1.0), 0.0);
    assert_eq!(name(&cache.ask(at(1.0), Some(flight.id))), "lead");
}

#[test]
fn a_token_from_before_a_reset_is_not_kept() {
    let mut cache = Cache::new(SETTINGS);
    let flight = led(&mut cache, 0.0);
    cache.reset();
    assert_eq!(asked(&mut cache, 0.5), "wait", "there are never two flights");
    cache.settle(flight, granted("old", 0.0, 3600.0), at(1.0), 0.0);
    assert_eq!(asked(&mut cache, 1.0), "lead");
}

#[test]
fn only_the_token_that_is_handed_out_can_be_invalidated() {
    let mut cache = holding(3600.0, 0.0);
    cache.invalidate(&token("older", at(0.0), 3600.0));
    assert_eq!(asked(&mut cache, 1.0), "first");
    cache.invalidate(&token("first", at(0.0), 3600.0));
    assert_eq!(asked(&mut cache, 1.0), "lead");
}

#[test]
fn time_that_only_one_clock_saw_counts_in_full() {
    let mut cache = holding(3600.0, 0.0);
    let suspended = Moment { monotonic: Duration::from_secs(3600), wall: at(1.0).wall };
    assert_eq!(name(&cache.ask(suspended, None)), "lead");
    let mut cache = holding(3600.0, 0.0);
    let stepped = Moment { monotonic: Duration::from_secs(1), wall: at(3600.0).wall };
    assert_eq!(name(&cache.ask(stepped, None)), "lead");
    let mut cache = holding(3600.0, 0.0);
    let set_back = Moment { monotonic: Duration::from_secs(1), wall: Duration::from_secs(5) };
    assert_eq!(name(&cache.ask(set_back, None)), "first");
}
