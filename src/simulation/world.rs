//! Time, and what happens in it.

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::cache::Purpose;
use crate::clock::Moment;

use super::agenda::{Agenda, Event, Turn};
use super::callers::{Call, Ending, PATIENCE, Person};
use super::dice::Dice;
use super::scenario::Scenario;
use super::server::Server;
use super::shared::Shared;
use super::tally::Tally;

/// Whoever is put through a scenario. It may let time pass ([`World::send`], [`World::pass`]), and is called from there
/// again for other callers.
pub(super) trait Subject: Send + Sync {
    /// A call begins. `None` where it ends later, by [`World::end`].
    fn call(&self, world: &World, call: Call) -> Option<Ending>;
    /// A caller that waits looks around.
    fn wake(&self, world: &World, caller: usize);
    /// An API answered 401 to a token.
    fn unauthorized(&self, world: &World, token: usize);
    /// The secret has changed.
    fn secret_told(&self, world: &World);
    fn reset(&self, world: &World);
    fn cancel(&self, world: &World);
    /// The last token it got and has no reason to doubt.
    fn in_hand(&self) -> Option<usize>;
    /// Nothing more happens: whatever must hold at the end is checked.
    fn ended(&self, world: &World);
}

pub(super) struct World {
    pub(super) scenario: Scenario,
    pub(super) server: Shared<Server>,
    subject: Box<dyn Subject>,
    now: Shared<Moment>,
    agenda: Shared<Agenda>,
    people: Shared<Vec<Person>>,
    chance: Shared<Dice>,
    tally: Shared<Tally>,
    /// When the machine woke last.
    last_suspend: Shared<Option<Duration>>,
    /// The program has told its client to stop, and asks no more.
    is_over: Shared<bool>,
    is_told: bool,
}

impl World {
    /// The world of a scenario, for the subject that `subject` makes. With `is_told`, what happens is printed.
    pub(super) fn new(
        scenario: Scenario,
        is_told: bool,
        subject: impl FnOnce(&Weak<World>, &Scenario) -> Box<dyn Subject>,
    ) -> Arc<Self> {
        let mut people: Vec<Person> = (0..scenario.callers).map(|number| Person::new(&scenario, number)).collect();
        let mut agenda = Agenda::default();
        for (caller, person) in people.iter_mut().enumerate() {
            agenda.plan(person.first_call(&scenario), Event::Call { caller });
        }
        for (at, turn) in &scenario.turns {
            agenda.plan(*at, Event::Turn(*turn));
        }
        Arc::new_cyclic(|world| Self {
            subject: subject(world, &scenario),
            server: Shared::new(Server::new(scenario.seed)),
            now: Shared::new(Moment { monotonic: Duration::ZERO, wall: Duration::from_secs(1_700_000_000) }),
            agenda: Shared::new(agenda),
            people: Shared::new(people),
            chance: Shared::new(Dice::new(scenario.seed, 3)),
            tally: Shared::new(Tally::default()),
            last_suspend: Shared::new(None),
            is_over: Shared::new(false),
            scenario,
            is_told,
        })
    }

    /// Lets everything happen.
    pub(super) fn run(&self) -> Tally {
        while let Some((at, event)) = self.agenda.with(|agenda| agenda.next(Duration::MAX)) {
            self.happen(at, event);
        }
        // All troubles are over at the horizon, and the longest pause five minutes later.
        self.pass_until(self.now().monotonic.max(self.scenario.horizon) + Duration::from_secs(300));
        self.subject.ended(self);
        let requests = self.server.with(|server| server.requests);
        self.tally.with(|tally| Tally { requests, ..*tally })
    }

    /// A call of somebody who is not among the callers, and has nobody to wait for.
    pub(super) fn ask_once(&self) -> Ending {
        let call = Call {
            caller: self.scenario.callers,
            purpose: Purpose::Token,
            start: self.now(),
            limit: PATIENCE,
            witnessed: None,
            in_hand: None,
        };
        self.subject.call(self, call).expect("nobody else asks")
    }

    pub(super) fn now(&self) -> Moment {
        self.now.with(|now| *now)
    }

    pub(super) fn plan(&self, after: Duration, event: Event) {
        let at = self.now().monotonic + after;
        self.agenda.with(|agenda| agenda.plan(at, event));
    }

    pub(super) fn chance<R>(&self, throw: impl FnOnce(&mut Dice) -> R) -> R {
        self.chance.with(throw)
    }

    pub(super) fn say(&self, what: impl FnOnce() -> String) {
        if self.is_told {
            println!("{:>16.6} s  {}", self.now().monotonic.as_secs_f64(), what());
        }
    }

    /// Lets time pass, and everything happen that falls into it.
    pub(super) fn pass(&self, duration: Duration) {
        self.pass_until(self.now().monotonic + duration);
    }

    pub(super) fn pass_until(&self, until: Duration) {
        while let Some((at, event)) = self.agenda.with(|agenda| agenda.next(until)) {
            self.happen(at, event);
        }
        self.reach(until);
    }

    /// A call is over: it is counted, and the caller comes back later.
    pub(super) fn end(&self, call: &Call, ending: Ending) {
        let now = self.now();
        self.say(|| format!("caller {}: {ending:?}", call.caller));
        self.count(call, ending, now);
        let after = self.people.with(|people| {
            let person = &mut people[call.caller];
            match ending {
                Ending::Token(token) => {
                    let left = self.server.with(|server| server.end_of(token)).saturating_sub(now.monotonic);
                    person.after_success(&self.scenario, now.monotonic, left)
                }
                Ending::Failed(retry_in) => person.after_failure(&self.scenario, retry_in),
                Ending::Nothing => person.after_failure(&self.scenario, None),
            }
        });
        if now.monotonic + after < self.scenario.horizon && !self.is_over() {
            self.plan(after, Event::Call { caller: call.caller });
        }
        if let Ending::Token(token) = ending {
            if self.server.with(|server| server.api_refuses(&self.scenario, token, now.monotonic)) {
                let wait = self.chance(|dice| dice.stretch(Duration::from_millis(5), Duration::from_secs(2)));
                self.plan(wait, Event::Unauthorized { token });
            }
        }
    }

    fn count(&self, call: &Call, ending: Ending, now: Moment) {
        let is_good = |token: Option<usize>, at: Duration| {
            token.is_some_and(|token| self.server.with(|server| server.is_good(token, at)))
        };
        let second = Duration::from_secs(1);
        let taken = now.monotonic.saturating_sub(call.start.monotonic);
        let has_slept = self.last_suspend.with(|last| last.is_some_and(|last| last >= call.start.monotonic));
        let is_waiting = call.is_patient() && taken > second && !has_slept;
        let waited_with_token = is_waiting && is_good(call.in_hand, now.monotonic.min(call.start.monotonic + second));
        let failed = call.is_patient() && matches!(ending, Ending::Failed(_)) && !self.is_over();
        let failed_with_token = failed && is_good(self.subject.in_hand(), now.monotonic);
        let failed_while_well = failed && !failed_with_token && self.scenario.is_well_at(now.monotonic);
        let expired = match ending {
            Ending::Token(token) => now.monotonic >= self.server.with(|server| server.end_of(token)),
            _ => false,
        };
        self.tally.with(|tally| {
            tally.calls += 1;
            tally.expired += u64::from(expired);
            tally.expired_by_steady_clock += u64::from(expired && !self.scenario.is_clock_set_back());
            tally.failed_with_token += u64::from(failed_with_token);
            tally.failed_while_well += u64::from(failed_while_well);
            tally.waited_with_token += u64::from(waited_with_token);
            if call.is_patient() && !has_slept {
                tally.longest_wait = tally.longest_wait.max(taken);
            }
        });
    }

    fn is_over(&self) -> bool {
        self.is_over.with(|is_over| *is_over)
    }

    fn happen(&self, at: Duration, event: Event) {
        self.reach(at);
        match event {
            Event::Call { caller } => {
                let is_one_left = self.people.with(|people| {
                    let person = &mut people[caller];
                    person.calls = person.calls.saturating_sub(1);
                    person.calls > 0
                });
                if is_one_left && !self.is_over() {
                    let in_hand = self.subject.in_hand();
                    let call = self.people.with(|people| people[caller].call(caller, self.now(), in_hand));
                    self.say(|| format!("caller {caller}: asks, within {:?}", call.limit));
                    if let Some(ending) = self.subject.call(self, call) {
                        self.end(&call, ending);
                    }
                }
            }
            Event::Wake { caller } => self.subject.wake(self, caller),
            Event::Unauthorized { token } => {
                self.say(|| format!("the API refused token {token}"));
                self.subject.unauthorized(self, token);
            }
            Event::Turn(turn) => self.turn(turn),
        }
    }

    pub(super) fn turn(&self, turn: Turn) {
        self.say(|| format!("{turn:?}"));
        match turn {
            Turn::WallForward(step) => self.now.with(|now| now.wall += step),
            Turn::WallBack(step) => self.now.with(|now| now.wall -= step),
            Turn::Suspend(duration) => {
                self.reach(self.now().monotonic + duration);
                self.last_suspend.with(|last| *last = Some(self.now().monotonic));
            }
            Turn::SecretTold => self.subject.secret_told(self),
            Turn::Reset => self.subject.reset(self),
            Turn::Cancel => {
                self.is_over.with(|is_over| *is_over = true);
                self.subject.cancel(self);
            }
        }
    }

    /// Sets the clocks on; what should have happened earlier happens late, as after a suspend.
    fn reach(&self, at: Duration) {
        self.now.with(|now| {
            let step = at.saturating_sub(now.monotonic);
            now.monotonic += step;
            now.wall += step;
        });
    }
}
