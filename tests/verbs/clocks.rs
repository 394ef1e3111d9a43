//! Machines that sleep and clocks that are set: an expired token is never handed out, and little is asked in vain.

use std::time::Duration;

use crate::{EXPIRED, config, granted, in_turn, numbered, refused, seconds, setup};

const HOUR: Duration = seconds(3_600);

#[test]
fn a_token_that_expired_while_the_machine_was_suspended_is_not_handed_out() {
    let setup = setup(config(), numbered());
    setup.token();
    setup.clock.advance_monotonic(EXPIRED);
    assert_eq!(setup.token(), "token-2");
}

#[test]
fn a_suspension_that_only_the_time_of_day_saw_counts_too() {
    let setup = setup(config(), numbered());
    setup.token();
    setup.clock.step_wall_forward(EXPIRED);
    assert_eq!(setup.token(), "token-2");
    assert_eq!(setup.token(), "token-2", "a step forward costs one request");
    assert_eq!(setup.asked(), 2);
}

#[test]
fn a_clock_that_is_set_back_neither_lengthens_nor_shortens_a_life() {
    for step in [seconds(1), HOUR, 24 * HOUR] {
        let setup = setup(config(), numbered());
        setup.token();
        setup.clock.step_wall_back(step);
        assert_eq!(setup.token(), "token-1");
        setup.clock.advance(EXPIRED - Duration::from_millis(1));
        assert_eq!(setup.client.token_within(Duration::ZERO).unwrap().access_token(), "token-1", "{step:?}");
        setup.clock.advance(Duration::from_millis(1));
        assert_eq!(setup.token(), "token-2", "{step:?}");
        assert_eq!(setup.asked(), 2);
    }
}

#[test]
fn a_clock_that_was_ahead_and_is_put_right_costs_nothing() {
    let setup = setup(config(), numbered());
    setup.clock.step_wall_forward(24 * HOUR);
    setup.token();
    setup.clock.step_wall_back(24 * HOUR);
    for _ in 0..3 {
        setup.clock.advance(seconds(1_000));
        assert_eq!(setup.token(), "token-1");
    }
    assert_eq!(setup.asked(), 1);
}

#[test]
fn a_clock_set_forward_and_back_again_brings_a_token_back_only_while_it_lives() {
    let setup = setup(config(), numbered());
    setup.token();
    setup.clock.step_wall_forward(HOUR);
    assert!(setup.client.token_within(Duration::ZERO).is_err());
    setup.clock.step_wall_back(HOUR);
    assert_eq!(setup.token(), "token-1");
    setup.clock.advance(EXPIRED);
    assert_eq!(setup.token(), "token-2");
}

#[test]
fn what_is_left_of_a_life_is_told_by_the_clock_that_says_less() {
    let setup = setup(config(), numbered());
    let token = setup.client.token().unwrap();
    setup.clock.advance_monotonic(seconds(600));
    assert_eq!(token.expires_in(), seconds(3_000));
    setup.clock.step_wall_forward(seconds(1_000));
    assert_eq!(token.expires_in(), seconds(2_600));
    setup.clock.step_wall_back(HOUR);
    assert_eq!(token.expires_in(), seconds(3_000));
    assert_eq!(token.expires_at(), 1_700_000_000 + 3_600, "which was settled when it was granted");
}

#[test]
fn a_pause_is_over_after_a_suspension_and_not_lengthened_by_a_clock_that_is_set_back() {
    let server = || in_turn(|nth| if nth == 1 { refused(400, "invalid_scope") } else { granted("t") });
    let suspended = setup(config(), server());
    suspended.client.token().unwrap_err();
    suspended.clock.advance_monotonic(HOUR);
    assert_eq!(suspended.token(), "t");

    let set_back = setup(config(), server());
    set_back.client.token().unwrap_err();
    set_back.clock.step_wall_back(HOUR);
    set_back.clock.advance(seconds(4));
    assert!(set_back.client.token().unwrap_err().is_repeated());
    set_back.clock.advance(seconds(1));
    assert_eq!(set_back.token(), "t");
}

#[test]
fn the_timer_follows_the_clock_that_says_more() {
    let setup = setup(config(), numbered());
    setup.token();
    let next = setup.client.next_refresh().unwrap();
    setup.clock.advance_monotonic(seconds(100));
    setup.clock.step_wall_forward(seconds(300));
    assert_eq!(setup.client.next_refresh(), Some(next - seconds(300)));
}
