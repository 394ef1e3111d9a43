mod asking;
mod handover;
mod invalidation;
mod life;
mod pauses;

use std::time::Duration;

use super::*;
use crate::clock::{ClientClock, SystemClock};
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
    Token::new(answer, obtained, ClientClock::System(SystemClock::new()))
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
