//! Time as a value with two readings.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
use std::time::{Instant, SystemTime, UNIX_EPOCH};

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
use rustix::time::{ClockId, Timespec, clock_gettime};

use crate::cancellation::Cancellation;

/// A point in time, read from two clocks at once.
///
/// The monotonic reading counts the time that a machine spends suspended; the wall reading is the time of day,
/// which may be stepped. Of the two, the one that says more time has passed is believed: a wall clock that is
/// set back is harmless, one that is set forward costs one token request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Since an arbitrary point, the same for all moments of one clock.
    pub monotonic: Duration,
    /// Since 1970-01-01T00:00:00Z.
    pub wall: Duration,
}

impl Moment {
    /// How long ago `earlier` was, by the clock that says more.
    pub fn since(self, earlier: Moment) -> Duration {
        self.monotonic.saturating_sub(earlier.monotonic).max(self.wall.saturating_sub(earlier.wall))
    }

    /// The moment by which this much has passed on both clocks.
    pub(crate) fn after(self, duration: Duration) -> Moment {
        Moment { monotonic: self.monotonic.saturating_add(duration), wall: self.wall.saturating_add(duration) }
    }

    /// Whether neither clock has come to `other`.
    #[inline]
    pub(crate) fn is_before(self, other: Moment) -> bool {
        is_less(self.monotonic, other.monotonic) && is_less(self.wall, other.wall)
    }
}

/// As `<`, which looks at the nanoseconds too where the seconds have told.
#[inline]
fn is_less(one: Duration, other: Duration) -> bool {
    let (seconds, bound) = (one.as_secs(), other.as_secs());
    seconds < bound || (seconds == bound && one.subsec_nanos() < other.subsec_nanos())
}

/// Tells the time, and lets some of it pass.
///
/// It is a trait so that tests need not wait.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Moment;

    /// Blocks the calling thread for `duration`, or until the client is told to stop.
    fn sleep(&self, duration: Duration, cancellation: &Cancellation);
}

/// The clocks of this machine.
#[derive(Clone, Copy)]
pub struct SystemClock {
    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    origin: Instant,
}

/// One that counts suspend, and the time of day, which is a few milliseconds behind at most and costs a quarter of the fine
/// one.
#[cfg(any(target_os = "linux", target_os = "android"))]
const CLOCKS: (ClockId, ClockId) = (ClockId::Boottime, ClockId::RealtimeCoarse);

/// By clock_gettime(3), Apple's CLOCK_MONOTONIC goes on while the machine sleeps; CLOCK_UPTIME_RAW, which `Instant` reads,
/// does not.
#[cfg(target_vendor = "apple")]
const CLOCKS: (ClockId, ClockId) = (ClockId::Monotonic, ClockId::Realtime);

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
impl SystemClock {
    /// A clock whose moments may be compared with each other, not with those of another `SystemClock`.
    pub fn new() -> Self {
        Self {}
    }

    #[inline]
    fn read(&self) -> Moment {
        let (monotonic, wall) = CLOCKS;
        Moment { monotonic: since_zero(clock_gettime(monotonic)), wall: since_zero(clock_gettime(wall)) }
    }
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
#[inline]
fn since_zero(time: Timespec) -> Duration {
    // No clock gives nanoseconds beyond a second.
    Duration::new(time.tv_sec.max(0) as u64, time.tv_nsec as u32)
}

/// On Windows, `Instant` is QueryPerformanceCounter, of which Microsoft says that it goes on in standby, hibernation and
/// connected standby, as the biased interrupt time does; that one no safe crate reads. Elsewhere, and should that change,
/// the wall clock counts what a monotonic one leaves out.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
impl SystemClock {
    /// A clock whose moments may be compared with each other, not with those of another `SystemClock`.
    pub fn new() -> Self {
        Self { origin: Instant::now() }
    }

    #[inline]
    fn read(&self) -> Moment {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Moment { monotonic: self.origin.elapsed(), wall }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        self.read()
    }

    fn sleep(&self, duration: Duration, cancellation: &Cancellation) {
        cancellation.wait(duration);
    }
}

impl fmt::Debug for SystemClock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SystemClock")
    }
}

/// The clock of one client. The system's is read without a detour: of what a token in hand costs, that is the most.
#[derive(Clone)]
pub(crate) enum ClientClock {
    System(SystemClock),
    Given(Arc<dyn Clock>),
}

impl ClientClock {
    #[inline]
    pub(crate) fn now(&self) -> Moment {
        match self {
            Self::System(clock) => clock.read(),
            Self::Given(clock) => clock.now(),
        }
    }

    pub(crate) fn sleep(&self, duration: Duration, cancellation: &Cancellation) {
        match self {
            Self::System(clock) => clock.sleep(duration, cancellation),
            Self::Given(clock) => clock.sleep(duration, cancellation),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(monotonic: u64, wall: u64) -> Moment {
        Moment { monotonic: Duration::from_secs(monotonic), wall: Duration::from_secs(wall) }
    }

    #[test]
    fn the_clock_that_says_more_time_has_passed_is_believed() {
        let start = moment(100, 1_000_000);
        assert_eq!(moment(110, 1_000_010).since(start), Duration::from_secs(10));
        assert_eq!(moment(110, 1_003_600).since(start), Duration::from_secs(3600));
        assert_eq!(moment(3_700, 1_000_010).since(start), Duration::from_secs(3600));
    }

    #[test]
    fn a_wall_clock_set_back_does_not_lengthen_a_life() {
        let start = moment(100, 1_000_000);
        assert_eq!(moment(130, 10).since(start), Duration::from_secs(30));
    }

    #[test]
    fn the_system_clock_never_goes_back() {
        let clock = SystemClock::new();
        let first = clock.now();
        assert!(clock.now().monotonic >= first.monotonic);
        assert!(first.wall > Duration::from_secs(1_600_000_000));
    }
}
