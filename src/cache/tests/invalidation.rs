//! What an API's refusals do to the token in hand.

use super::*;

#[test]
fn only_the_token_that_is_handed_out_can_be_invalidated() {
    let mut cache = holding(3600.0, 0.0);
    assert!(!cache.invalidate(&token("older", at(0.0), 3600.0), at(1.0)).is_dropped());
    assert_eq!(asked(&mut cache, 1.0), "first");
    assert!(cache.invalidate(&token("first", at(0.0), 3600.0), at(1.0)).is_dropped());
    assert_eq!(asked(&mut cache, 1.0), "lead");
}

/// Refuses the token in hand at `now` and lets the next one be called `next`.
fn refused_at(cache: &mut Cache, now: f64, refused: &str, next: &str) -> bool {
    if !cache.invalidate(&token(refused, at(now), 3600.0), at(now)).is_dropped() {
        return false;
    }
    let flight = led(cache, now);
    cache.settle(flight, granted(next, now, 3600.0), at(now), 0.0);
    true
}

#[test]
fn refusals_in_a_row_are_spaced_and_callers_get_the_token_in_hand_meanwhile() {
    let mut cache = holding(3600.0, 0.0);
    assert!(refused_at(&mut cache, 1.0, "first", "second"), "the first refusal drops at once");
    assert!(!refused_at(&mut cache, 1.5, "second", "third"), "its replacement stays for a second");
    assert_eq!(asked(&mut cache, 1.9), "second");
    assert_eq!(asked(&mut cache, 2.0), "lead", "and goes then, without being refused again");
}

#[test]
fn an_api_that_refuses_everything_costs_a_request_a_minute_in_the_end() {
    let mut cache = holding(100_000.0, 0.0);
    let (mut requests, mut name) = (0, "first".to_owned());
    for second in 0..600 {
        let next = format!("token-{second}");
        if refused_at(&mut cache, f64::from(second), &name, &next) {
            (requests, name) = (requests + 1, next);
        }
    }
    assert!(requests <= 15, "{requests}");
    assert!(requests >= 12, "{requests}");
}

#[test]
fn a_token_that_lived_until_it_was_due_ends_the_spacing() {
    let mut cache = holding(3600.0, 0.0);
    assert!(refused_at(&mut cache, 1.0, "first", "second"));
    let flight = led(&mut cache, 3400.0);
    cache.settle(flight, granted("third", 3400.0, 3600.0), at(3400.0), 0.0);
    assert!(refused_at(&mut cache, 3400.1, "third", "fourth"));
}

#[test]
fn a_failure_from_before_a_refused_token_sets_no_pause() {
    let mut cache = holding(3600.0, 0.0);
    let flight = led(&mut cache, 3400.0);
    assert!(cache.invalidate(&token("first", at(0.0), 3600.0), at(3400.0)).is_dropped());
    cache.settle(flight, failed(ErrorKind::Rejected), at(3401.0), 0.0);
    assert_eq!(asked(&mut cache, 3401.0), "lead");
}
