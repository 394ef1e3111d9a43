use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::clock::SystemClock;
use crate::error::ErrorKind;
use crate::protocol::Answer;
use crate::secret::Secret;
use crate::sync::ThreadMark;

const SETTINGS: CacheSettings = CacheSettings {
    refresh_margin: Duration::from_secs(300),
    max_retry_after: Duration::from_secs(300),
    is_refresh_manual: false,
};

/// Somebody with half a minute, on a thread that leads nothing.
fn somebody() -> Caller {
    Caller {
        purpose: Purpose::Token,
        witnessed: None,
        remaining: Duration::from_secs(30),
        thread: ThreadMark::for_test(1),
    }
}

fn who_saw(flight: Flight) -> Caller {
    Caller { witnessed: Some(flight.id), ..somebody() }
}

fn with_time(caller: Caller, seconds: f64) -> Caller {
    Caller { remaining: Duration::from_secs_f64(seconds), ..caller }
}

/// The thread that leads in these tests.
fn leader() -> Caller {
    Caller { thread: ThreadMark::for_test(0), ..somebody() }
}

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
        assumption: None,
        refresh_in: None,
        fields: Vec::new(),
    };
    Token::new(answer, obtained, Arc::new(SystemClock::new()))
}

fn granted(text: &str, obtained: f64, lifetime: f64) -> Outcome {
    Outcome::Granted(Granted { token: token(text, at(obtained), lifetime), refresh_in: None })
}

fn failed(kind: ErrorKind) -> Outcome {
    Outcome::Failed(Error::new(kind, "it failed"))
}

fn abandoned() -> Outcome {
    Outcome::Abandoned(Error::new(ErrorKind::Timeout, "the leader's own time was over"))
}

/// A cache whose token was obtained at 0.
fn holding(lifetime: f64, jitter: f64) -> Cache {
    let mut cache = Cache::new(SETTINGS);
    let flight = led(&mut cache, 0.0);
    cache.settle(flight, granted("first", 0.0, lifetime), at(0.0), jitter);
    cache
}

fn led(cache: &mut Cache, now: f64) -> Flight {
    led_by(cache, now, leader())
}

fn led_by(cache: &mut Cache, now: f64, caller: Caller) -> Flight {
    match cache.ask(at(now), &caller) {
        Decision::Lead(flight) => flight,
        other => panic!("{} instead of lead at {now}", name(&other)),
    }
}

fn name(decision: &Decision) -> String {
    match decision {
        Decision::HandOut { token, .. } => token.access_token().to_owned(),
        Decision::Idle => "idle".into(),
        Decision::Lead(_) => "lead".into(),
        Decision::Wait(_) => "wait".into(),
        Decision::Refuse(error) if error.is_repeated() => "refuse again".into(),
        Decision::Refuse(_) => "refuse".into(),
    }
}

fn asked(cache: &mut Cache, now: f64) -> String {
    name(&cache.ask(at(now), &somebody()))
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
        cache.settle(flight, Outcome::Granted(granted), at(0.0), 0.9);
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
    assert_eq!(name(&cache.ask(at(1.0), &who_saw(flight))), "lead");
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
    assert!(!cache.invalidate(&token("older", at(0.0), 3600.0), at(1.0)).is_dropped());
    assert_eq!(asked(&mut cache, 1.0), "first");
    assert!(cache.invalidate(&token("first", at(0.0), 3600.0), at(1.0)).is_dropped());
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
fn a_call_without_time_neither_leads_nor_waits() {
    let mut cache = Cache::new(SETTINGS);
    assert_eq!(name(&cache.ask(at(0.0), &with_time(somebody(), 0.0))), "refuse");
    led(&mut cache, 0.0);
    assert_eq!(name(&cache.ask(at(0.0), &with_time(somebody(), 0.0))), "refuse");
    let mut cache = holding(3600.0, 0.0);
    assert_eq!(name(&cache.ask(at(3400.0), &with_time(somebody(), 0.0))), "first");
}

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
fn a_failure_from_before_a_refused_token_sets_no_pause() {
    let mut cache = holding(3600.0, 0.0);
    let flight = led(&mut cache, 3400.0);
    assert!(cache.invalidate(&token("first", at(0.0), 3600.0), at(3400.0)).is_dropped());
    cache.settle(flight, failed(ErrorKind::Rejected), at(3401.0), 0.0);
    assert_eq!(asked(&mut cache, 3401.0), "lead");
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
fn who_has_less_than_a_second_does_not_begin_a_renewal() {
    let mut cache = holding(3600.0, 0.0);
    assert_eq!(name(&cache.ask(at(3400.0), &with_time(leader(), 0.9))), "first");
    assert_eq!(name(&cache.ask(at(3400.0), &with_time(leader(), 1.0))), "lead");
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
