//! All that the real client meets of the world: time, chance and the network.

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::cancellation::Cancellation;
use crate::clock::{Clock, Moment};
use crate::protocol::rfc3339;
use crate::random::Random;
use crate::transport::{Request, Response, Transport, TransportError};

use super::server::{Asked, Reply};
use super::world::World;

pub(super) const OLD_SECRET: &str = "old-secret";
pub(super) const NEW_SECRET: &str = "new-secret";

/// The world as the traits of the client see it.
pub(super) struct Outside(pub(super) Weak<World>);

impl Outside {
    pub(super) fn world(&self) -> Arc<World> {
        self.0.upgrade().expect("the world outlives its client")
    }
}

impl Clock for Outside {
    fn now(&self) -> Moment {
        self.world().now()
    }

    fn sleep(&self, duration: Duration, _: &Cancellation) {
        self.world().pass(duration);
    }
}

impl Random for Outside {
    fn fill(&self, bytes: &mut [u8]) {
        self.world().chance(|dice| {
            for chunk in bytes.chunks_mut(8) {
                chunk.copy_from_slice(&dice.number().to_le_bytes()[..chunk.len()]);
            }
        });
    }
}

impl Transport for Outside {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let world = self.world();
        let body = request.body().unwrap_or_default();
        let field = |name: &str| {
            let mut pairs = body.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
        };
        let asked = Asked {
            is_secret_new: field("client_secret") == Some(NEW_SECRET),
            refresh_token: field("refresh_token").and_then(|text| text.strip_prefix("refresh-")?.parse().ok()),
        };
        match world.send(asked, request.timeout()) {
            Ok(reply) => Ok(response(&world, reply)),
            Err(failure) => Err(TransportError::new(failure.kind, "there was no answer", failure.sent)),
        }
    }
}

/// The text of a token; [`number`] reads it back.
fn text(token: usize) -> String {
    format!("token-{token}")
}

/// The number of a token with that text.
pub(super) fn number(text: &str) -> usize {
    text.strip_prefix("token-").and_then(|number| number.parse().ok()).expect("only the server makes tokens")
}

fn response(world: &World, reply: Reply) -> Response {
    let json =
        |status: u16, body: String| Response::new(status, body.as_str()).header("Content-Type", "application/json");
    match reply {
        Reply::Granted { token, expires_in, refresh_token } => {
            let mut body = format!(r#"{{"access_token":"{}","expires_in":{expires_in}"#, text(token));
            if let Some(refresh_token) = refresh_token {
                body.push_str(&format!(r#","refresh_token":"refresh-{refresh_token}""#));
            }
            if let Some(refresh_in) = world.scenario.refresh_in {
                body.push_str(&format!(r#","refresh_in":{refresh_in}"#));
            }
            body.push('}');
            json(200, body)
        }
        Reply::Refused { status, code } => json(status, format!(r#"{{"error":"{code}"}}"#)),
        Reply::Busy { status, wait, is_date: false } => {
            Response::new(status, "").header("Retry-After", wait.to_string())
        }
        Reply::Busy { status, wait, is_date: true } => {
            Response::new(status, "").header("Retry-After", http_date(world.now().wall.as_secs() + wait))
        }
        Reply::Page(status) => Response::new(status, "<!DOCTYPE html><title>Welcome</title>"),
    }
}

/// A date as HTTP writes it (RFC 9110 §5.6.7); nobody looks at the weekday.
fn http_date(seconds: u64) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let date = rfc3339(seconds);
    let month = date[5..7].parse::<usize>().expect("the month of a date is a number");
    format!("Thu, {} {} {} {} GMT", &date[8..10], MONTHS[month - 1], &date[..4], &date[11..19])
}
