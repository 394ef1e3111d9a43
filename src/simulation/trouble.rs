//! What may be wrong with the server for a while.

use std::time::Duration;

use super::dice::Dice;

/// Something wrong from `start` to `end`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trouble {
    pub(super) start: Duration,
    pub(super) end: Duration,
    pub(super) kind: TroubleKind,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum TroubleKind {
    /// Connections are refused.
    Unreachable,
    /// Connections are accepted, and nothing ever comes back.
    Silent,
    /// A 5xx, with nothing that helps.
    Broken(u16),
    /// 429 or 503 with `Retry-After`, in seconds or as a date.
    Busy { status: u16, wait: u64, is_date: bool },
    /// Answers take up to this long.
    Slow(Duration),
    /// The server does what it is asked, and its answers are lost.
    Deaf,
    /// The server says no, with this status and code.
    Refusing(u16, &'static str),
    /// A gateway answers with a page for people.
    Gateway(u16),
}

impl TroubleKind {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        match dice.below(9) {
            0 | 1 => Self::Unreachable,
            2 => Self::Silent,
            3 => Self::Broken(dice.pick(&[500, 502, 503, 504])),
            4 => Self::Busy {
                status: dice.pick(&[429, 503]),
                wait: dice.stretch(Duration::from_secs(1), Duration::from_secs(1000)).as_secs(),
                is_date: dice.one_in(3),
            },
            5 => Self::Slow(dice.stretch(Duration::from_secs(1), Duration::from_secs(90))),
            6 => Self::Deaf,
            7 => dice.pick(&[
                Self::Refusing(400, "invalid_scope"),
                Self::Refusing(400, "unauthorized_client"),
                Self::Refusing(403, "access_denied"),
            ]),
            _ => Self::Gateway(dice.pick(&[200, 404, 403])),
        }
    }
}
