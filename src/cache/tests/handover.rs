//! What becomes of the lead when a leader gives up.

use super::*;

#[test]
fn a_leader_that_gives_up_passes_the_lead_once_to_a_waiter_with_a_second_left() {
    let mut cache = Cache::new(SETTINGS);
    let first = led(&mut cache, 0.0);
    for _ in 0..3 {
        assert_eq!(asked(&mut cache, 0.0), "wait");
    }
    cache.settle(first, abandoned(), at(1.0), 0.0);
    for _ in 0..3 {
        cache.stopped_waiting();
    }
    assert_eq!(name(&cache.ask(at(1.0), &with_time(who_saw(first), 29.0))), "lead");
    assert_eq!(name(&cache.ask(at(1.0), &with_time(who_saw(first), 29.0))), "refuse", "the same thread leads");
}

#[test]
fn a_waiter_without_a_second_left_is_told_why_its_leader_gave_up() {
    let mut cache = Cache::new(SETTINGS);
    let first = led(&mut cache, 0.0);
    asked(&mut cache, 0.0);
    asked(&mut cache, 0.0);
    cache.settle(first, abandoned(), at(1.0), 0.0);
    cache.stopped_waiting();
    assert_eq!(name(&cache.ask(at(1.0), &with_time(who_saw(first), 0.9))), "refuse");
    cache.stopped_waiting();
    let second = led_by(&mut cache, 1.0, with_time(who_saw(first), 5.0));
    cache.settle(second, abandoned(), at(2.0), 0.0);
    assert_eq!(asked(&mut cache, 2.0), "refuse again", "the lead is passed on once");
}

#[test]
fn a_newcomer_without_a_second_leaves_the_lead_to_those_who_wait_for_it() {
    for seconds in [0.0, 0.9] {
        let mut cache = Cache::new(SETTINGS);
        let first = led(&mut cache, 0.0);
        asked(&mut cache, 0.0);
        cache.settle(first, abandoned(), at(1.0), 0.0);
        assert_eq!(name(&cache.ask(at(1.0), &with_time(somebody(), seconds))), "refuse");
        cache.stopped_waiting();
        let second = led_by(&mut cache, 1.0, with_time(who_saw(first), 5.0));
        asked(&mut cache, 1.0);
        cache.settle(second, abandoned(), at(2.0), 0.0);
        assert_eq!(asked(&mut cache, 2.0), "refuse again", "the lead is passed on once");
    }
}

#[test]
fn a_newcomer_who_takes_over_the_lead_passes_it_on_no_further() {
    let mut cache = Cache::new(SETTINGS);
    let first = led(&mut cache, 0.0);
    asked(&mut cache, 0.0);
    cache.settle(first, abandoned(), at(1.0), 0.0);
    let second = led(&mut cache, 1.0);
    cache.stopped_waiting();
    assert_eq!(name(&cache.ask(at(1.0), &Caller { thread: ThreadMark::for_test(2), ..who_saw(first) })), "wait");
    cache.settle(second, abandoned(), at(2.0), 0.0);
    assert_eq!(asked(&mut cache, 2.0), "refuse again");
}

#[test]
fn a_renewal_takes_over_the_lead_like_any_other_call() {
    for (seconds, decision) in [(0.9, "idle"), (5.0, "lead")] {
        let mut cache = Cache::new(SETTINGS);
        let first = led(&mut cache, 0.0);
        asked(&mut cache, 0.0);
        cache.settle(first, abandoned(), at(1.0), 0.0);
        let timer = Caller { purpose: Purpose::Renewal, ..with_time(somebody(), seconds) };
        let decided = cache.ask(at(1.0), &timer);
        assert_eq!(name(&decided), decision);
        if let Decision::Lead(second) = decided {
            cache.settle(second, abandoned(), at(2.0), 0.0);
            assert_eq!(asked(&mut cache, 2.0), "refuse again", "the lead is passed on once");
        }
    }
}

#[test]
fn a_lead_that_nobody_can_take_over_sets_no_pause_if_the_secret_has_changed() {
    let mut cache = Cache::new(SETTINGS);
    let first = led(&mut cache, 0.0);
    asked(&mut cache, 0.0);
    cache.secret_changed();
    cache.settle(first, abandoned(), at(1.0), 0.0);
    cache.stopped_waiting();
    assert_eq!(name(&cache.ask(at(1.0), &with_time(who_saw(first), 0.5))), "refuse");
    assert_eq!(asked(&mut cache, 1.0), "lead");
}

#[test]
fn a_renewal_given_up_after_its_token_expired_passes_the_lead_to_a_waiter() {
    let mut cache = holding(3600.0, 0.0);
    let renewal = led(&mut cache, 3588.0);
    assert_eq!(asked(&mut cache, 3588.0), "first");
    assert_eq!(asked(&mut cache, 3590.0), "wait");
    cache.settle(renewal, abandoned(), at(3591.0), 0.0);
    cache.stopped_waiting();
    assert_eq!(name(&cache.ask(at(3591.0), &with_time(who_saw(renewal), 29.0))), "lead");
}

#[test]
fn a_leader_that_gives_up_with_nobody_waiting_has_failed() {
    let mut cache = Cache::new(SETTINGS);
    let flight = led(&mut cache, 0.0);
    cache.settle(flight, abandoned(), at(1.0), 0.0);
    assert_eq!(name(&cache.ask(at(1.0), &who_saw(flight))), "refuse");
    assert_eq!(asked(&mut cache, 1.1), "refuse again");
    assert_eq!(asked(&mut cache, 1.6), "lead");
}

#[test]
fn one_caller_s_short_limit_does_not_hold_up_those_who_have_more_time() {
    let mut cache = Cache::new(SETTINGS);
    let hasty = with_time(leader(), 0.05);
    let flight = led_by(&mut cache, 0.0, hasty);
    cache.settle(flight, abandoned(), at(0.05), 0.0);
    assert_eq!(name(&cache.ask(at(0.1), &hasty)), "refuse again", "the same haste would end the same way");
    assert_eq!(asked(&mut cache, 0.1), "lead");
}

#[test]
fn a_lead_that_nobody_is_left_to_take_over_is_free_for_all() {
    let mut cache = Cache::new(SETTINGS);
    let flight = led(&mut cache, 0.0);
    asked(&mut cache, 0.0);
    cache.settle(flight, abandoned(), at(1.0), 0.0);
    cache.stopped_waiting();
    assert_eq!(name(&cache.ask(at(1.0), &with_time(somebody(), 0.5))), "lead");
}
