//! What a caller is to do: take the token in hand, ask the server, wait for who does, or hear why there is none.

use std::time::Duration;

use crate::clock::Moment;
use crate::token::Token;

use super::invalidation::Spacing;
use super::life::Stage;
use super::refusals::{cancelled, out_of_time, reentrant};
use super::{Cache, Caller, Decision, Flight, FlightId, Purpose};

/// The least time that a caller needs to take over from a leader that gave up.
const LEAST_TO_TAKE_OVER: Duration = Duration::from_secs(1);

impl Cache {
    /// The token in hand, where there is nothing to decide: it is fresh, and no API refused it.
    pub(crate) fn fresh_token(&self, now: Moment) -> Option<&Token> {
        let life = self.life.as_ref().filter(|life| !life.is_refused && !self.is_cancelled)?;
        life.is_fresh(now).then_some(&life.token)
    }

    /// What a caller is to do now.
    pub(crate) fn ask(&mut self, now: Moment, caller: &Caller) -> Decision {
        if self.is_cancelled {
            return Decision::Refuse(cancelled());
        }
        self.drop_refused(now);
        if let Some(life) = &self.life {
            let stage = life.stage(now);
            if stage != Stage::Fresh && !life.is_refused {
                // It was used until it was due, so whatever an API refused before is over.
                self.spacing = Spacing::default();
            }
            if stage != Stage::Expired {
                return self.with_usable_token(now, caller, stage, life.token.clone());
            }
        }
        match caller.purpose {
            Purpose::Token => self.without_usable_token(now, caller),
            Purpose::Renewal if self.flight.is_some() || self.is_paused(now) || !self.has_time_to_lead(caller) => {
                Decision::Idle
            }
            Purpose::Renewal => Decision::Lead(self.take_off(caller, false)),
        }
    }

    fn with_usable_token(&mut self, now: Moment, caller: &Caller, stage: Stage, token: Token) -> Decision {
        let is_wanted = caller.purpose == Purpose::Renewal || !self.settings.is_refresh_manual;
        // Who has less time would break it off, and hold up others by its failure.
        let has_time = caller.remaining >= LEAST_TO_TAKE_OVER;
        let is_free = self.flight.is_none() && !self.is_paused(now) && has_time;
        if stage == Stage::Due && is_wanted && is_free {
            return Decision::Lead(self.take_off(caller, true));
        }
        match caller.purpose {
            Purpose::Token => Decision::HandOut { token, is_due: stage != Stage::Fresh },
            Purpose::Renewal => Decision::Idle,
        }
    }

    fn without_usable_token(&mut self, now: Moment, caller: &Caller) -> Decision {
        if let Some(flight) = self.flight {
            if flight.thread == caller.thread {
                return Decision::Refuse(reentrant());
            }
            if caller.remaining.is_zero() {
                return Decision::Refuse(out_of_time(caller));
            }
            self.waiters += 1;
            return Decision::Wait(flight.id);
        }
        if self.waiters == 0 && self.handover.as_ref().is_some_and(|handover| caller.witnessed != Some(handover.of.id))
        {
            // Nobody is left who could take over.
            self.handover = None;
        }
        if self.handover.is_some() {
            return self.take_over(now, caller);
        }
        if let Some(pause) = &self.pause {
            let remaining = pause.remaining(now);
            if caller.witnessed.is_some() && caller.witnessed == self.failed_flight {
                return Decision::Refuse(pause.error.clone().with_retry_in(remaining.unwrap_or_default()));
            }
            if let Some(remaining) = remaining.filter(|_| pause.holds_for(caller.remaining)) {
                return Decision::Refuse(pause.error.clone().repeated(remaining));
            }
        }
        if !self.has_time_to_lead(caller) {
            return Decision::Refuse(out_of_time(caller));
        }
        Decision::Lead(self.take_off(caller, false))
    }

    /// The first caller with enough time leads in the place of the one that gave up; those who waited for it and have
    /// too little are told why it did.
    fn take_over(&mut self, now: Moment, caller: &Caller) -> Decision {
        if self.has_time_to_lead(caller) {
            return Decision::Lead(self.take_off(caller, false));
        }
        match self.handover.clone() {
            Some(handover) if caller.witnessed == Some(handover.of.id) => {
                if self.waiters == 0 {
                    // Nobody could go on, so this counts as what it looks like to the next caller: a failure.
                    self.handover = None;
                    self.fail(handover.of, handover.error.clone(), now, 0.5);
                }
                Decision::Refuse(handover.error)
            }
            // Somebody waits for the lead, and may have the time that this caller has not.
            _ => Decision::Refuse(out_of_time(caller)),
        }
    }

    /// Whether a caller may lead; to take over it needs more time.
    fn has_time_to_lead(&self, caller: &Caller) -> bool {
        match self.handover {
            Some(_) => caller.remaining >= LEAST_TO_TAKE_OVER,
            None => !caller.remaining.is_zero(),
        }
    }

    fn take_off(&mut self, caller: &Caller, is_early: bool) -> Flight {
        self.flights += 1;
        // It is over, and a clock that is set back must not bring it back.
        self.pause = None;
        let flight = Flight {
            id: FlightId(self.flights),
            is_early,
            thread: caller.thread,
            limit: caller.remaining,
            is_taken_over: self.handover.take().is_some(),
            epoch: self.epoch,
            generation: self.generation,
        };
        self.flight = Some(flight);
        flight
    }

    fn is_paused(&self, now: Moment) -> bool {
        self.pause.as_ref().is_some_and(|pause| pause.remaining(now).is_some())
    }
}
