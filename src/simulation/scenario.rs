//! What a seed chooses.

use std::time::Duration;

use super::agenda::Turn;
use super::dice::Dice;
use super::trouble::{Trouble, TroubleKind};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);
const YEAR: Duration = Duration::from_secs(365 * 86_400);

/// All that is fixed before the first call. It is the same for whoever is put through it.
#[derive(Debug, Clone)]
pub(super) struct Scenario {
    pub(super) seed: u64,
    /// What the server grants, in whole seconds.
    pub(super) lifetime: Duration,
    pub(super) horizon: Duration,
    pub(super) callers: usize,
    /// Callers come together as often as alone.
    pub(super) is_herd: bool,
    /// How long a caller is usually away.
    pub(super) absence: Duration,
    /// How long the server usually takes.
    pub(super) latency: Duration,
    pub(super) troubles: Vec<Trouble>,
    pub(super) turns: Vec<(Duration, Turn)>,
    pub(super) rotation: Option<Rotation>,
    /// The server hands out one token until it dies.
    pub(super) repeats_tokens: bool,
    pub(super) refresh_tokens: RefreshTokens,
    pub(super) refresh_in: Option<u64>,
    /// One in so many tokens is revoked while it is used.
    pub(super) revokes_one_in: Option<u64>,
    /// When the API refuses every token.
    pub(super) api_refuses: Option<(Duration, Duration)>,
    /// Renewals are left to a caller with a timer, and inline ones may be turned off.
    pub(super) has_timer: bool,
    pub(super) is_refresh_manual: bool,
    /// The machine is put to sleep in the middle of one in so many requests.
    pub(super) suspends_one_in: Option<u64>,
    /// One in so many exchanges ends in a panic.
    pub(super) panics_one_in: Option<u64>,
}

/// A change of the client's secret.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rotation {
    /// From then on the server knows the new secret.
    pub(super) new_from: Duration,
    /// From then on it refuses the old one.
    pub(super) old_until: Duration,
    /// When the program learns of it.
    pub(super) told_at: Duration,
    pub(super) learnt: Learnt,
}

/// How the client comes to know a new secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Learnt {
    /// It is told.
    Told,
    /// It knew both from the start (`client_secret_alternate`).
    Alternate,
    /// It asks for the secret at every exchange.
    Asks,
}

/// What the server does about refresh tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RefreshTokens {
    None,
    /// One for good.
    Lasting,
    /// Each may be used once.
    Rotating,
    /// They die sooner than they should.
    Unreliable,
}

impl Scenario {
    pub(super) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, 1);
        let lifetime = Duration::from_secs(dice.stretch(SECOND, 30 * DAY + SECOND).as_secs().min(30 * 86_400));
        let horizon = (lifetime * 30).clamp(10 * 60 * SECOND, YEAR);
        let callers = match dice.below(4) {
            0 => 1,
            1 => 2 + dice.below(3) as usize,
            2 => 2 + dice.below(15) as usize,
            _ => 2 + dice.below(63) as usize,
        };
        let calls = dice.pick(&[200, 400, 800]);
        let mut turns = Vec::new();
        for _ in 0..dice.below(3) {
            let at = dice.even(SECOND, horizon);
            turns.push((at, Turn::Suspend(dice.stretch(SECOND, (lifetime * 3).max(HOUR)))));
        }
        for _ in 0..dice.below(4) {
            let (at, step) = (dice.even(SECOND, horizon), dice.stretch(SECOND, 400 * DAY));
            turns.push((at, if dice.one_in(2) { Turn::WallForward(step) } else { Turn::WallBack(step) }));
        }
        if dice.one_in(6) {
            turns.push((dice.even(SECOND, horizon), Turn::Reset));
        }
        if dice.one_in(12) {
            turns.push((dice.even(horizon / 2, horizon), Turn::Cancel));
        }
        let rotation = dice.one_in(3).then(|| Rotation::draw(&mut dice, lifetime, horizon));
        if let Some(rotation) = rotation.filter(|rotation| rotation.learnt == Learnt::Told) {
            turns.push((rotation.told_at, Turn::SecretTold));
        }
        let has_timer = callers > 1 && dice.one_in(5);
        Self {
            seed,
            lifetime,
            horizon,
            callers,
            is_herd: dice.one_in(3),
            absence: horizon / calls * u32::try_from(callers).unwrap_or(1),
            latency: dice.stretch(SECOND / 200, SECOND.min(lifetime / 4)),
            troubles: draw_troubles(&mut dice, lifetime, horizon),
            turns,
            rotation,
            repeats_tokens: dice.one_in(6),
            refresh_tokens: match dice.below(8) {
                0 => RefreshTokens::Lasting,
                1 => RefreshTokens::Rotating,
                2 => RefreshTokens::Unreliable,
                _ => RefreshTokens::None,
            },
            refresh_in: dice.one_in(8).then(|| dice.stretch(SECOND, lifetime * 2).as_secs()),
            revokes_one_in: dice.one_in(4).then(|| dice.pick(&[50, 500])),
            api_refuses: dice.one_in(8).then(|| {
                let start = dice.even(SECOND, horizon);
                (start, start + dice.stretch(SECOND, (horizon / 10).max(2 * SECOND)))
            }),
            has_timer,
            is_refresh_manual: has_timer && dice.one_in(2),
            suspends_one_in: dice.one_in(5).then(|| dice.pick(&[10, 40])),
            panics_one_in: dice.one_in(10).then_some(10),
        }
    }

    /// A day with hourly tokens, nobody who calls by himself, and nothing wrong.
    pub(super) fn calm() -> Self {
        Self {
            seed: 0,
            lifetime: HOUR,
            horizon: DAY,
            callers: 0,
            is_herd: false,
            absence: SECOND,
            latency: SECOND / 10,
            troubles: Vec::new(),
            turns: Vec::new(),
            rotation: None,
            repeats_tokens: false,
            refresh_tokens: RefreshTokens::None,
            refresh_in: None,
            revokes_one_in: None,
            api_refuses: None,
            has_timer: false,
            is_refresh_manual: false,
            suspends_one_in: None,
            panics_one_in: None,
        }
    }

    /// The same where no exchange ends in a panic, which is the library's to bear and not that of others.
    pub(super) fn without_panics(&self) -> Self {
        Self { panics_one_in: None, ..self.clone() }
    }

    /// What is wrong with the server at that time.
    pub(super) fn trouble_at(&self, now: Duration) -> Option<TroubleKind> {
        self.troubles.iter().find(|trouble| (trouble.start..trouble.end).contains(&now)).map(|trouble| trouble.kind)
    }

    /// Whether the server would grant a token at that time to a program that asks with the secret it has been told.
    pub(super) fn is_well_at(&self, now: Duration) -> bool {
        let is_secret_wrong = self.rotation.is_some_and(|rotation| {
            let is_new = now >= rotation.told_at;
            if is_new { now < rotation.new_from } else { now >= rotation.old_until }
        });
        self.trouble_at(now).is_none() && !is_secret_wrong
    }

    /// Whether the wall clock is ever set back.
    pub(super) fn is_clock_set_back(&self) -> bool {
        self.turns.iter().any(|(_, turn)| matches!(turn, Turn::WallBack(_)))
    }

    /// Whether the server takes the new or the old secret at that time.
    pub(super) fn accepts(&self, is_new: bool, now: Duration) -> bool {
        match self.rotation {
            None => !is_new,
            Some(rotation) if is_new => now >= rotation.new_from,
            Some(rotation) => now < rotation.old_until,
        }
    }
}

impl Rotation {
    fn draw(dice: &mut Dice, lifetime: Duration, horizon: Duration) -> Self {
        let new_from = dice.even(SECOND, horizon / 2);
        let old_until = new_from + dice.stretch(SECOND, lifetime * 2);
        let learnt = dice.pick(&[Learnt::Told, Learnt::Told, Learnt::Alternate, Learnt::Asks]);
        let told_at = match learnt {
            Learnt::Alternate => old_until,
            // Often in time, sometimes late.
            Learnt::Told | Learnt::Asks if dice.one_in(2) => dice.even(new_from, old_until),
            Learnt::Told | Learnt::Asks => old_until + dice.stretch(SECOND, HOUR),
        };
        Self { new_from, old_until, told_at: told_at.min(horizon), learnt }
    }
}

/// From none to four, half of them about when the first tokens should be renewed.
fn draw_troubles(dice: &mut Dice, lifetime: Duration, horizon: Duration) -> Vec<Trouble> {
    (0..dice.below(5))
        .map(|_| {
            let start = if dice.one_in(2) {
                let margin = (lifetime / 5).min(300 * SECOND);
                let life = u32::try_from(1 + dice.below(3)).unwrap_or(1);
                ((lifetime - margin) * life).saturating_sub(dice.even(Duration::ZERO, margin * 3))
            } else {
                dice.even(Duration::ZERO, horizon)
            };
            let end = start + dice.stretch(SECOND, (horizon / 3).min(12 * HOUR));
            Trouble { start, end: end.min(horizon), kind: TroubleKind::draw(dice) }
        })
        .collect()
}
