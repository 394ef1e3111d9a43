//! Which token to hand out, and who fetches the next: a state machine without I/O, told the time.
//!
//! [`Cache::ask`] decides, [`Cache::settle`] takes the outcome of an exchange. The lock, the waiting and the exchange
//! itself are the client's.

mod life;
mod pause;

use std::time::Duration;

use crate::clock::Moment;
use crate::config::CacheSettings;
use crate::error::{Error, ErrorKind};
use crate::token::Token;

pub(crate) use life::kept_back;
use life::{Life, Stage};
use pause::Pause;

/// The state of one client.
pub(crate) struct Cache {
    settings: CacheSettings,
    life: Option<Life>,
    flight: Option<Flight>,
    pause: Option<Pause>,
    /// Exchanges that failed in a row.
    failures: u32,
    /// Counts what makes a failure of an earlier exchange meaningless: another secret, a reset.
    epoch: u64,
    /// Counts what makes the token of an earlier exchange unwanted: a reset.
    generation: u64,
    flights: u64,
    /// The last flight that failed, so that those who waited for it are told of it as its own.
    failed_flight: Option<FlightId>,
}

/// An exchange in progress; who holds it must settle it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Flight {
    pub(crate) id: FlightId,
    /// A usable token is there; this one only comes early.
    pub(crate) is_early: bool,
    epoch: u64,
    generation: u64,
}

/// Names a flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FlightId(u64);

/// What a caller is to do.
pub(crate) enum Decision {
    /// Return this token.
    HandOut(Token),
    /// Run the exchange, settle, and ask again.
    Lead(Flight),
    /// Wait until this flight is settled, and ask again.
    Wait(FlightId),
    /// Return this error.
    Refuse(Error),
}

/// What an exchange brought.
pub(crate) struct Granted {
    pub(crate) token: Token,
    pub(crate) refresh_in: Option<Duration>,
}

impl Cache {
    pub(crate) fn new(settings: CacheSettings) -> Self {
        Self {
            settings,
            life: None,
            flight: None,
            pause: None,
            failures: 0,
            epoch: 0,
            generation: 0,
            flights: 0,
            failed_flight: None,
        }
    }

    /// What a caller is to do now. `witnessed` is the flight that this caller has led or waited for, if any.
    pub(crate) fn ask(&mut self, now: Moment, witnessed: Option<FlightId>) -> Decision {
        if let Some(life) = &self.life {
            match life.stage(now) {
                Stage::Fresh | Stage::Ending => return Decision::HandOut(life.token.clone()),
                Stage::Due if self.flight.is_some() || self.is_paused(now) => {
                    return Decision::HandOut(life.token.clone());
                }
                Stage::Due => return Decision::Lead(self.take_off(true)),
                Stage::Expired => {}
            }
        }
        if let Some(flight) = self.flight {
            return Decision::Wait(flight.id);
        }
        if let Some(pause) = &self.pause {
            let remaining = pause.remaining(now);
            if witnessed.is_some() && witnessed == self.failed_flight {
                return Decision::Refuse(pause.error.clone().with_retry_in(remaining.unwrap_or_default()));
            }
            if let Some(remaining) = remaining {
                return Decision::Refuse(pause.error.clone().with_retry_in(remaining).repeated());
            }
        }
        Decision::Lead(self.take_off(false))
    }

    /// Whether a flight has yet to be settled.
    pub(crate) fn is_in_flight(&self, id: FlightId) -> bool {
        self.flight.is_some_and(|flight| flight.id == id)
    }

    /// Takes the outcome of a flight. `jitter` in `[0, 1)`.
    pub(crate) fn settle(&mut self, flight: Flight, outcome: Result<Granted, Error>, now: Moment, jitter: f64) {
        if self.is_in_flight(flight.id) {
            self.flight = None;
        }
        match outcome {
            Ok(granted) if flight.generation == self.generation => self.land(flight, granted, now, jitter),
            Ok(_) => {}
            Err(error) => self.fail(flight, error, now, jitter),
        }
    }

    /// Drops the token that an API refused, if it is still the one that is handed out.
    pub(crate) fn invalidate(&mut self, refused: &Token) {
        if self.life.as_ref().is_some_and(|life| life.token.is_same(refused)) {
            self.life = None;
        }
    }

    /// The secret has changed: what was refused before may be granted now.
    pub(crate) fn secret_changed(&mut self) {
        self.epoch += 1;
        self.clear_failures();
    }

    /// Forgets the token and the pause.
    pub(crate) fn reset(&mut self) {
        self.epoch += 1;
        self.generation += 1;
        self.life = None;
        self.clear_failures();
    }

    fn take_off(&mut self, is_early: bool) -> Flight {
        self.flights += 1;
        let flight = Flight { id: FlightId(self.flights), is_early, epoch: self.epoch, generation: self.generation };
        self.flight = Some(flight);
        flight
    }

    fn land(&mut self, flight: Flight, granted: Granted, now: Moment, jitter: f64) {
        let arrived = Life::new(granted.token, granted.refresh_in, self.settings.refresh_margin, jitter);
        if !arrived.is_usable(now) {
            return self.fail(flight, arrived_expired(&arrived.token), now, jitter);
        }
        self.life = Some(match &self.life {
            Some(held) if held.token.is_same(&arrived.token) && held.is_usable(now) => held.again(&arrived, now),
            _ => arrived,
        });
        self.clear_failures();
    }

    fn fail(&mut self, flight: Flight, error: Error, now: Moment, jitter: f64) {
        if flight.epoch != self.epoch {
            return;
        }
        self.failures = self.failures.saturating_add(1);
        self.failed_flight = Some(flight.id);
        let own = match self.life.as_ref().filter(|life| life.is_usable(now)) {
            Some(life) => pause::with_token(life.usable_for(now)),
            None => pause::without_token(&error, self.failures, jitter),
        };
        let wanted = error.retry_after().unwrap_or_default().min(self.settings.max_retry_after);
        self.pause = Some(Pause::new(now, own.max(wanted), error));
    }

    fn clear_failures(&mut self) {
        self.pause = None;
        self.failures = 0;
        self.failed_flight = None;
    }

    fn is_paused(&self, now: Moment) -> bool {
        self.pause.as_ref().is_some_and(|pause| pause.remaining(now).is_some())
    }
}

fn arrived_expired(token: &Token) -> Error {
    Error::new(
        ErrorKind::Server,
        format!(
            "the token arrived expired: the server granted {} s and the answer took longer; check the server's clock \
             and its token lifetime",
            token.lifetime().as_secs()
        ),
    )
}

#[cfg(test)]
mod tests;
