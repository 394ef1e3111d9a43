//! What happens when.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

/// Something that happens at a point of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Event {
    /// A caller wants a token.
    Call {
        caller: usize,
    },
    /// A caller that waits looks around: its time is over, or what it waits for has been settled.
    Wake {
        caller: usize,
    },
    /// An API answered 401 to this token.
    Unauthorized {
        token: usize,
    },
    Turn(Turn),
}

/// A turn of fate that the scenario has planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    WallForward(Duration),
    WallBack(Duration),
    /// The machine sleeps: both clocks go on, nobody acts.
    Suspend(Duration),
    /// The program tells the client its new secret.
    SecretTold,
    Reset,
    Cancel,
}

/// Events in the order of their time; those of one time in the order in which they were planned.
#[derive(Default)]
pub(super) struct Agenda {
    events: BinaryHeap<Reverse<(Duration, u64, Event)>>,
    planned: u64,
}

impl Agenda {
    pub(super) fn plan(&mut self, at: Duration, event: Event) {
        self.events.push(Reverse((at, self.planned, event)));
        self.planned += 1;
    }

    /// The next event, if it comes no later than `until`.
    pub(super) fn next(&mut self, until: Duration) -> Option<(Duration, Event)> {
        if self.events.peek()?.0.0 > until {
            return None;
        }
        self.events.pop().map(|Reverse((at, _, event))| (at, event))
    }
}
