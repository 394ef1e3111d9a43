//! What an observer is told and what is counted, event by event.

use std::sync::{Arc, Mutex};
use std::thread;

use oauth_token::{Client, Config, Event, EventKind, Refresh};
use serde_json::json;

use crate::support::offline::{Setup, held_at, without_secret};
use crate::support::{Gate, Outcome, Request, answer};
use crate::{DUE, Opening, config, granted, in_turn, numbered, refused, seconds, setup, wait_until};

/// What has been told since it was last asked for.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn by(self, config: Config) -> Config {
        config.observer(move |event| self.0.lock().unwrap().push(outline(event)))
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

fn outline(event: &Event<'_>) -> String {
    let early = |is_early: bool| if is_early { " early" } else { "" };
    match &event.kind {
        EventKind::Started { is_early } => format!("started{}", early(*is_early)),
        EventKind::Succeeded { lifetime, attempts } => format!("succeeded for {lifetime:?} by {attempts}"),
        EventKind::Failed { is_early, error, attempts, next_attempt } => {
            format!("failed{} by {attempts}: {:?}, next {next_attempt:?}", early(*is_early), error.kind())
        }
        EventKind::ServedWhileDue => "served while due".into(),
        EventKind::Waited { .. } => "waited".into(),
        EventKind::Throttled { next_attempt } => format!("throttled, next {next_attempt:?}"),
        EventKind::Invalidated { is_dropped } => format!("invalidated, dropped: {is_dropped}"),
        EventKind::LifetimeAssumed { lifetime, reason } => format!("assumed {lifetime:?}: {reason}"),
        other => format!("{other:?}"),
    }
}

fn observed(config: Config, server: impl Fn(&Request) -> Outcome + Send + Sync + 'static) -> (Setup, Told) {
    let told = Told::default();
    (setup(told.clone().by(config), server), told)
}

/// The counts that are not zero.
fn counts(client: &Client) -> Vec<(&'static str, u64)> {
    let counted = client.statistics();
    let all = [
        ("handed out", counted.handed_out),
        ("served while due", counted.served_while_due),
        ("exchanges", counted.exchanges),
        ("requests", counted.requests),
        ("succeeded", counted.succeeded),
        ("failed", counted.failed),
        ("waited", counted.waited),
        ("throttled", counted.throttled),
        ("invalidated", counted.invalidated),
    ];
    all.into_iter().filter(|(_, count)| *count > 0).collect()
}

#[test]
fn a_first_token_is_told_as_begun_and_granted_and_a_fresh_one_is_not_told_at_all() {
    let (setup, told) = observed(config(), numbered());
    assert_eq!(counts(&setup.client), []);
    setup.token();
    assert_eq!(told.take(), ["started", "succeeded for 3600s by 1"]);
    let first = [("handed out", 1), ("exchanges", 1), ("requests", 1), ("succeeded", 1)];
    assert_eq!(counts(&setup.client), first);
    setup.token();
    setup.client.refresh_if_due(seconds(5)).unwrap();
    assert_eq!(told.take(), [] as [&str; 0]);
    assert_eq!(setup.client.statistics().handed_out, 2);
}

#[test]
fn retries_are_told_as_the_requests_of_one_exchange() {
    let (setup, told) = observed(config(), in_turn(|nth| if nth < 3 { answer(503, json!({})) } else { granted("t") }));
    setup.token();
    assert_eq!(told.take(), ["started", "succeeded for 3600s by 3"]);
    let expected = [("handed out", 1), ("exchanges", 1), ("requests", 3), ("succeeded", 1)];
    assert_eq!(counts(&setup.client), expected);
}

#[test]
fn a_failure_is_told_with_its_kind_and_the_next_attempt_and_its_repetitions_with_what_is_left() {
    let (setup, told) = observed(config(), |_| refused(401, "invalid_client"));
    setup.client.token().unwrap_err();
    assert_eq!(told.take(), ["started", "failed by 1: Rejected, next Some(5s)"]);
    setup.clock.advance(seconds(2));
    setup.client.token().unwrap_err();
    setup.client.token_within(seconds(0)).unwrap_err();
    assert_eq!(told.take(), ["throttled, next 3s"; 2]);
    setup.clock.advance(seconds(3));
    setup.client.token().unwrap_err();
    assert_eq!(told.take(), ["started", "failed by 1: Rejected, next Some(10s)"]);
    assert_eq!(counts(&setup.client), [("exchanges", 2), ("requests", 2), ("failed", 2), ("throttled", 2)]);
}

#[test]
fn a_failure_before_any_request_is_told_as_one_without_requests() {
    let config = without_secret().secret_source(|_| Err("the vault is sealed"));
    let (setup, told) = observed(config, numbered());
    setup.client.token().unwrap_err();
    let told = told.take();
    assert_eq!((told.len(), &*told[0]), (2, "started"));
    assert!(told[1].starts_with("failed by 0: Secret, next Some("), "{told:?}");
    assert_eq!(counts(&setup.client), [("exchanges", 1), ("failed", 1)]);
}

#[test]
fn a_renewal_that_fails_is_told_and_the_token_in_hand_is_served() {
    let (setup, told) = observed(config(), in_turn(|nth| if nth == 1 { granted("t") } else { refused(403, "denied") }));
    setup.token();
    setup.clock.advance(DUE);
    told.take();
    setup.token();
    assert_eq!(told.take(), ["started early", "failed early by 1: Rejected, next Some(30s)", "served while due"]);
    setup.token();
    assert_eq!(told.take(), ["served while due"]);
    let expected = [
        ("handed out", 3),
        ("served while due", 2),
        ("exchanges", 2),
        ("requests", 2),
        ("succeeded", 1),
        ("failed", 1),
    ];
    assert_eq!(counts(&setup.client), expected);
}

#[test]
fn who_is_served_while_another_renews_is_told_between_the_beginning_and_the_end() {
    let gate = Gate::new();
    let (setup, told) = observed(config(), held_at(2, &gate, |_| granted("t")));
    setup.token();
    setup.clock.advance(DUE);
    told.take();
    thread::scope(|scope| {
        let _opening = Opening(&gate);
        scope.spawn(|| setup.token());
        wait_until(|| setup.asked() == 2);
        setup.token();
        setup.token();
        assert_eq!(setup.client.statistics().requests, 1, "what is under way is not counted yet");
    });
    let expected = ["started early", "served while due", "served while due", "succeeded for 3600s by 1"];
    assert_eq!(told.take(), expected);
    let expected = [("handed out", 4), ("served while due", 2), ("exchanges", 2), ("requests", 2), ("succeeded", 2)];
    assert_eq!(counts(&setup.client), expected);
}

#[test]
fn with_manual_refresh_a_due_token_is_told_as_served_while_due() {
    let (setup, told) = observed(config().refresh(Refresh::Manual), numbered());
    setup.token();
    setup.clock.advance(DUE);
    told.take();
    setup.token();
    assert_eq!(told.take(), ["served while due"]);
    setup.client.refresh_if_due(seconds(5)).unwrap();
    assert_eq!(told.take(), ["started early", "succeeded for 3600s by 1"]);
}

#[test]
fn who_waited_is_told_and_counted_each() {
    let gate = Gate::new();
    let (setup, told) = observed(config(), held_at(1, &gate, |_| granted("t")));
    thread::scope(|scope| {
        let _opening = Opening(&gate);
        scope.spawn(|| setup.token());
        wait_until(|| setup.asked() == 1);
        for _ in 0..3 {
            scope.spawn(|| setup.token());
        }
        wait_until(|| setup.client.statistics().waited == 3);
    });
    let mut told = told.take();
    assert_eq!(told.remove(0), "started");
    told.sort();
    assert_eq!(told, ["succeeded for 3600s by 1", "waited", "waited", "waited"]);
    let expected = [("handed out", 4), ("exchanges", 1), ("requests", 1), ("succeeded", 1), ("waited", 3)];
    assert_eq!(counts(&setup.client), expected);
}

#[test]
fn no_event_holds_a_secret_or_a_token_even_where_a_server_repeats_them() {
    const SECRET: &str = "MARKED+secret";
    let shown = Arc::new(Mutex::new(String::new()));
    let seen = Arc::clone(&shown);
    let config = config().client_secret(SECRET).param("password", "MARKED-password").observer(move |event| {
        seen.lock().unwrap().push_str(&format!("{event}\n{event:?}\n{event:#?}\n"));
    });
    let setup = setup(
        config,
        in_turn(|nth| match nth {
            1 => granted("MARKED-token"),
            2 => answer(401, json!({"error": "invalid_client", "error_description": format!("not {SECRET}!")})),
            3 => answer(400, json!({"error": "MARKED-password"})),
            _ => answer(200, json!({"access_token": "MARKED token with spaces", "expires_in": "MARKED-password"})),
        }),
    );
    setup.token();
    setup.clock.advance(DUE);
    setup.token();
    setup.token();
    for _ in 0..3 {
        setup.clock.advance(DUE);
        let _ = setup.client.token();
        let _ = setup.client.token();
    }
    let shown = shown.lock().unwrap();
    for begun in ["Started", "Succeeded", "Failed", "ServedWhileDue", "Throttled"] {
        assert!(shown.contains(begun), "{begun} did not happen: {shown}");
    }
    assert!(!shown.contains("MARKED"), "{shown}");
}

#[test]
fn a_token_that_an_api_refused_is_told_whether_it_goes_or_stays_and_one_that_is_no_longer_in_hand_is_not() {
    let (setup, told) = observed(config(), numbered());
    let first = setup.client.token().unwrap();
    setup.client.invalidate(&first);
    let second = setup.client.token().unwrap();
    told.take();
    setup.client.invalidate(&first);
    assert_eq!(told.take(), [] as [&str; 0]);
    setup.client.invalidate(&second);
    assert_eq!(told.take(), ["invalidated, dropped: false"]);
    setup.clock.advance(seconds(1));
    setup.client.invalidate(&second);
    assert_eq!(told.take(), ["invalidated, dropped: true"]);
}

/// What is told when a token is granted whose lifetime is assumed to be `lifetime`, and when the next one is.
#[track_caller]
fn assert_assumed(config: Config, answer: impl Fn() -> Outcome + Send + Sync + 'static, lifetime: u64, reason: &str) {
    let (setup, told) = observed(config, move |_| answer());
    setup.token();
    let lifetime = seconds(lifetime);
    let granted = format!("succeeded for {lifetime:?} by 1");
    let assumed = format!("assumed {lifetime:?}: {reason}");
    assert_eq!(told.take(), ["started", &granted, &assumed]);
    setup.client.reset();
    setup.token();
    assert_eq!(told.take(), ["started", &granted], "it is told once");
}

#[test]
fn a_lifetime_that_is_not_where_the_options_say_is_told_once_with_the_names_that_there_are() {
    let nested = || answer(200, json!({"access_token": "t", "meta": {"ttl": 60, "at": "now"}}));
    let reason = "the answer holds no `meta.expires`; `meta` has `at`, `ttl`; check `expires_path`, or set \
                  `default_expires_in` to what the provider documents";
    assert_assumed(config().expires_path("meta.expires"), nested, 300, reason);
    let reason = "the answer holds no `expires_in`; the answer has `access_token`, `meta`; check `expires_path`, or set \
                  `default_expires_in` to what the provider documents";
    assert_assumed(config(), nested, 300, reason);
    let reason = "the `meta.at` of the answer, text, cannot be read as a number of seconds; check `expires_path` and `expires_format`, or set \
                  `default_expires_in` to what the provider documents";
    assert_assumed(config().expires_path("meta.at").default_expires_in(seconds(60)), nested, 60, reason);
}

#[test]
fn a_lifetime_that_an_option_gives_because_the_answer_has_none_is_not_told_as_assumed() {
    let (setup, told) =
        observed(config().default_expires_in(seconds(60)), |_| answer(200, json!({"access_token": "t"})));
    setup.token();
    assert_eq!(told.take(), ["started", "succeeded for 60s by 1"]);
}

#[test]
fn each_line_says_which_of_the_clients_speaks_that_share_an_observer() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&lines);
    let setup = setup(config().observer(move |event| seen.lock().unwrap().push(event.to_string())), numbered());
    setup.token();
    for scope in ["read", "write"] {
        setup.client.derive(Config::new().scope(scope)).unwrap().token().unwrap();
    }
    let lines = lines.lock().unwrap();
    let clients: Vec<_> = lines.iter().map(|line| line.split(']').next().unwrap()).collect();
    assert_eq!(
        clients,
        ["[me", "[me", "[me #1, scope=read", "[me #1, scope=read", "[me #2, scope=write", "[me #2, scope=write"]
    );
}

#[test]
fn a_token_that_arrives_expired_is_told_as_a_failure() {
    let (setup, told) = observed(config(), |_| answer(200, json!({"access_token": "t", "expires_in": 0})));
    setup.client.token().unwrap_err();
    let told = told.take();
    assert_eq!((told.len(), &*told[0]), (2, "started"));
    assert!(told[1].starts_with("failed by 1: Server, next Some("), "{told:?}");
    assert_eq!(counts(&setup.client), [("exchanges", 1), ("requests", 1), ("failed", 1)]);
}
