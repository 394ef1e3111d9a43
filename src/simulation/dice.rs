//! Chance that repeats itself.

use std::time::Duration;

/// Numbers that follow from a seed (splitmix64).
#[derive(Clone)]
pub(super) struct Dice(u64);

impl Dice {
    /// The dice for one purpose, so that throws for one never change those for another.
    pub(super) fn new(seed: u64, purpose: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0xD134_2543_DE82_EF95) ^ purpose.wrapping_mul(0x2545_F491_4F6C_DD1D));
        dice.number();
        dice
    }

    pub(super) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// In `[0, 1)`.
    pub(super) fn fraction(&mut self) -> f64 {
        (self.number() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// In `0..limit`.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.number() % limit
    }

    pub(super) fn one_in(&mut self, odds: u64) -> bool {
        self.below(odds) == 0
    }

    pub(super) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        let nth = self.below(choices.len() as u64) as usize;
        choices[nth]
    }

    /// Every duration between the two is as likely as every other.
    pub(super) fn even(&mut self, shortest: Duration, longest: Duration) -> Duration {
        shortest + longest.saturating_sub(shortest).mul_f64(self.fraction())
    }

    /// Every doubling between the two is as likely as every other. Without logarithms, whose last digit differs between
    /// machines.
    pub(super) fn stretch(&mut self, shortest: Duration, longest: Duration) -> Duration {
        let doublings = (longest.as_nanos() / shortest.as_nanos().max(1)).max(1).ilog2();
        let low = shortest * 2u32.pow(u32::try_from(self.below(u64::from(doublings) + 1)).unwrap_or(0));
        self.even(low, (low * 2).min(longest.max(low)))
    }
}
