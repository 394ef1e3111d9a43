//! Who leads, who waits and who is refused.

use super::*;

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
fn a_call_without_time_neither_leads_nor_waits() {
    let mut cache = Cache::new(SETTINGS);
    assert_eq!(name(&cache.ask(at(0.0), &with_time(somebody(), 0.0))), "refuse");
    led(&mut cache, 0.0);
    assert_eq!(name(&cache.ask(at(0.0), &with_time(somebody(), 0.0))), "refuse");
    let mut cache = holding(3600.0, 0.0);
    assert_eq!(name(&cache.ask(at(3400.0), &with_time(somebody(), 0.0))), "first");
}

#[test]
fn who_asks_again_from_its_own_exchange_is_refused_instead_of_waiting_for_itself() {
    let mut cache = Cache::new(SETTINGS);
    led(&mut cache, 0.0);
    match cache.ask(at(0.0), &leader()) {
        Decision::Refuse(error) => assert_eq!(error.kind(), ErrorKind::Reentrant),
        other => panic!("{}", name(&other)),
    }
    let mut cache = holding(3600.0, 0.0);
    led(&mut cache, 3400.0);
    assert_eq!(name(&cache.ask(at(3400.0), &leader())), "first", "with a token in hand nobody would wait");
}

#[test]
fn a_renewal_is_led_when_due_and_idle_when_fresh_busy_paused_or_out_of_time() {
    let renewal = Caller { purpose: Purpose::Renewal, ..leader() };
    let mut cache = holding(3600.0, 0.0);
    assert_eq!(name(&cache.ask(at(1.0), &renewal)), "idle");
    assert_eq!(name(&cache.ask(at(3400.0), &with_time(renewal, 0.0))), "idle");
    let flight = led_by(&mut cache, 3400.0, renewal);
    assert_eq!(name(&cache.ask(at(3400.0), &renewal)), "idle");
    cache.settle(flight, failed(ErrorKind::Network), at(3400.0), 0.0);
    assert_eq!(name(&cache.ask(at(3401.0), &renewal)), "idle");
    assert!(led_by(&mut cache, 3440.0, renewal).is_early);

    let mut empty = Cache::new(SETTINGS);
    let flight = led_by(&mut empty, 0.0, renewal);
    assert_eq!(name(&empty.ask(at(0.0), &renewal)), "idle");
    empty.settle(flight, failed(ErrorKind::Rejected), at(0.0), 0.0);
    assert_eq!(name(&empty.ask(at(1.0), &renewal)), "idle");
}

#[test]
fn with_manual_refresh_only_a_renewal_comes_early() {
    let mut cache = Cache::new(CacheSettings { is_refresh_manual: true, ..SETTINGS });
    let flight = led(&mut cache, 0.0);
    cache.settle(flight, granted("first", 0.0, 3600.0), at(0.0), 0.0);
    assert_eq!(asked(&mut cache, 3400.0), "first");
    assert!(led_by(&mut cache, 3400.0, Caller { purpose: Purpose::Renewal, ..leader() }).is_early);
    let mut cache = Cache::new(CacheSettings { is_refresh_manual: true, ..SETTINGS });
    assert_eq!(asked(&mut cache, 0.0), "lead", "without a token there is nothing early about it");
}

#[test]
fn a_cancelled_client_refuses_everybody_and_lets_nobody_wait() {
    let mut cache = holding(3600.0, 0.0);
    let flight = led(&mut cache, 3400.0);
    cache.cancel();
    assert!(!cache.is_in_flight(flight.id));
    match cache.ask(at(3400.0), &somebody()) {
        Decision::Refuse(error) => assert_eq!(error.kind(), ErrorKind::Cancelled),
        other => panic!("{}", name(&other)),
    }
}

#[test]
fn who_has_less_than_a_second_does_not_begin_a_renewal() {
    let mut cache = holding(3600.0, 0.0);
    assert_eq!(name(&cache.ask(at(3400.0), &with_time(leader(), 0.9))), "first");
    assert_eq!(name(&cache.ask(at(3400.0), &with_time(leader(), 1.0))), "lead");
}
