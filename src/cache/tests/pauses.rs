//! What a failure makes callers wait for.

use super::*;

#[test]
fn all_who_waited_for_a_failed_flight_get_its_error_and_later_ones_get_it_repeated() {
    let mut cache = Cache::new(SETTINGS);
    let flight = led(&mut cache, 0.0);
    cache.settle(flight, failed(ErrorKind::Rejected), at(1.0), 0.0);
    for _ in 0..3 {
        assert_eq!(name(&cache.ask(at(1.0), &who_saw(flight))), "refuse");
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
fn a_failure_from_before_a_new_secret_means_nothing() {
    let mut cache = Cache::new(SETTINGS);
    let flight = led(&mut cache, 0.0);
    cache.secret_changed();
    cache.settle(flight, failed(ErrorKind::Rejected), at(1.0), 0.0);
    assert_eq!(name(&cache.ask(at(1.0), &who_saw(flight))), "lead");
}

#[test]
fn the_next_renewal_is_when_the_token_is_due_or_the_pause_is_over() {
    let mut cache = holding(3600.0, 0.0);
    assert_eq!(cache.next_renewal(at(300.0)), Some(Duration::from_secs(3000)));
    assert_eq!(cache.next_renewal(at(3400.0)), Some(Duration::ZERO));
    let flight = led(&mut cache, 3400.0);
    cache.settle(flight, failed(ErrorKind::Network), at(3400.0), 0.0);
    assert_eq!(cache.next_renewal(at(3400.0)), Some(Duration::from_secs(30)));
    assert_eq!(cache.next_renewal(at(3600.0)), None);
    assert_eq!(Cache::new(SETTINGS).next_renewal(at(0.0)), None);
}

#[test]
fn what_the_server_asked_for_outlasts_the_token_that_made_the_pause_longer() {
    let mut cache = holding(3600.0, 0.0);
    let flight = led(&mut cache, 3400.0);
    let busy = Error::new(ErrorKind::Server, "busy").with_retry_after(Some(Duration::from_secs(8)));
    cache.settle(flight, Outcome::Failed(busy), at(3400.0), 0.0);
    assert!(cache.invalidate(&token("first", at(0.0), 3600.0), at(3401.0)).is_dropped());
    assert_eq!(asked(&mut cache, 3407.9), "refuse again");
    assert_eq!(asked(&mut cache, 3408.0), "lead", "not the half minute that a usable token would make of it");
}

#[test]
fn a_timer_is_told_to_wait_out_a_pause_and_an_exchange_under_way() {
    let mut cache = Cache::new(SETTINGS);
    let flight = led(&mut cache, 0.0);
    assert_eq!(cache.next_renewal(at(0.0)), Some(WHILE_BUSY));
    cache.settle(flight, failed(ErrorKind::Rejected), at(0.0), 0.0);
    assert_eq!(cache.next_renewal(at(1.0)), Some(Duration::from_secs(4)));
    assert_eq!(cache.next_renewal(at(5.0)), None);
}

#[test]
fn a_pause_that_is_over_does_not_come_back_with_a_clock_that_is_set_back() {
    let mut cache = Cache::new(SETTINGS);
    let flight = led(&mut cache, 0.0);
    cache.settle(flight, failed(ErrorKind::Rejected), at(0.0), 0.0);
    let stepped = Moment { monotonic: at(1.0).monotonic, wall: at(10.0).wall };
    let Decision::Lead(flight) = cache.ask(stepped, &leader()) else { panic!("the wall clock says that it is over") };
    asked(&mut cache, 1.0);
    cache.settle(flight, abandoned(), at(1.5), 0.0);
    assert_eq!(cache.next_attempt(at(1.5)), None);
}
