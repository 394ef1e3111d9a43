//! How long a token is fresh, due and usable.

use super::*;

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
        cache.settle(flight, Outcome::Granted(granted), at(0.0), 0.9);
        assert_eq!(asked(&mut cache, due - 0.1), "first", "{wanted}");
        assert_eq!(asked(&mut cache, due + 0.1), "lead", "{wanted}");
    }
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
fn a_token_from_before_a_reset_is_not_kept() {
    let mut cache = Cache::new(SETTINGS);
    let flight = led(&mut cache, 0.0);
    cache.reset();
    assert_eq!(asked(&mut cache, 0.5), "wait", "there are never two flights");
    cache.settle(flight, granted("old", 0.0, 3600.0), at(1.0), 0.0);
    assert_eq!(asked(&mut cache, 1.0), "lead");
}

#[test]
fn time_that_only_one_clock_saw_counts_in_full() {
    let mut cache = holding(3600.0, 0.0);
    let suspended = Moment { monotonic: Duration::from_secs(3600), wall: at(1.0).wall };
    assert_eq!(name(&cache.ask(suspended, &somebody())), "lead");
    let mut cache = holding(3600.0, 0.0);
    let stepped = Moment { monotonic: Duration::from_secs(1), wall: at(3600.0).wall };
    assert_eq!(name(&cache.ask(stepped, &somebody())), "lead");
    let mut cache = holding(3600.0, 0.0);
    let set_back = Moment { monotonic: Duration::from_secs(1), wall: Duration::from_secs(5) };
    assert_eq!(name(&cache.ask(set_back, &somebody())), "first");
}

#[test]
fn a_token_is_handed_out_unasked_exactly_while_asking_would_hand_it_out_as_fresh() {
    let walls = [0.0, 1.0, 600.0, 3239.0, 3300.0, 3599.0, -500.0];
    let mut counts = [0, 0];
    for (lifetime, jitter) in [(3600.0, 0.0), (3600.0, 0.9), (60.0, 0.5), (10.0, 0.1), (1.0, 0.0)] {
        for monotonic in (0..40).map(|step| lifetime * f64::from(step) / 39.0) {
            for wall in walls.map(|wall| monotonic + wall) {
                let wall_clock = Duration::from_secs_f64(1_700_000_000.0 + wall);
                let now = Moment { wall: wall_clock, ..at(monotonic) };
                let mut cache = holding(lifetime, jitter);
                let unasked = cache.fresh_token(now).is_some();
                let fresh = matches!(cache.ask(now, &somebody()), Decision::HandOut { is_due: false, .. });
                assert_eq!(unasked, fresh, "{lifetime} s, at {monotonic} s and {wall} s by the wall clock");
                counts[usize::from(fresh)] += 1;
            }
        }
    }
    assert!(counts.iter().all(|count| *count > 200), "{counts:?}");
}

#[test]
fn neither_a_refused_token_nor_that_of_a_cancelled_client_is_handed_out_unasked() {
    let mut cache = holding(3600.0, 0.0);
    assert!(cache.fresh_token(at(1.0)).is_some());
    let held = token("first", at(0.0), 3600.0);
    cache.invalidate(&held, at(1.0));
    assert!(cache.fresh_token(at(1.0)).is_none());

    let mut cache = holding(3600.0, 0.0);
    cache.cancel();
    assert!(cache.fresh_token(at(1.0)).is_none());
}
