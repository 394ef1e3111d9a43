//! Where randomness comes from.

/// A source of random bytes, for jitter and for `{uuid}`.
///
/// It is a trait so that tests can repeat themselves.
pub trait Random: Send + Sync {
    /// Fills the whole slice.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        if getrandom::getrandom(bytes).is_err() {
            // Jitter spreads load and `{uuid}` names a request; neither is worth failing for. The address of a
            // local and the time differ between processes and calls.
            let local = bytes.as_ptr() as u64;
            let now = std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .map_or(0, |since| since.as_nanos() as u64);
            let mut state = local.rotate_left(32) ^ now;
            for byte in bytes {
                state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
                *byte = (state >> 56) as u8;
            }
        }
    }
}

/// A fraction in `[0, 1)`.
pub(crate) fn fraction(random: &dyn Random) -> f64 {
    let mut bytes = [0; 8];
    random.fill(&mut bytes);
    (u64::from_le_bytes(bytes) >> 11) as f64 / (1u64 << 53) as f64
}

/// A random UUID, version 4 (RFC 9562 §5.4).
pub(crate) fn uuid(random: &dyn Random) -> String {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    let mut value = u128::from_be_bytes(bytes);
    value = value & !(0xF << 76) | 0x4 << 76;
    value = value & !(0x3 << 62) | 0x2 << 62;
    let hex = format!("{value:032x}");
    let (a, rest) = hex.split_at(8);
    let (b, rest) = rest.split_at(4);
    let (c, rest) = rest.split_at(4);
    let (d, e) = rest.split_at(4);
    format!("{a}-{b}-{c}-{d}-{e}")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Constant(u8);

    impl Random for Constant {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn a_uuid_carries_version_four_and_the_rfc_variant() {
        assert_eq!(uuid(&Constant(0x00)), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(&Constant(0xFF)), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn a_fraction_stays_below_one() {
        assert_eq!(fraction(&Constant(0x00)), 0.0);
        assert!(fraction(&Constant(0xFF)) < 1.0);
    }

    #[test]
    fn two_uuids_of_the_system_differ() {
        assert_ne!(uuid(&SystemRandom), uuid(&SystemRandom));
    }
}
