//! How a request under way is told to stop.

use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Whether a client has been told to stop, and what breaks off what it is doing.
#[derive(Default)]
pub struct Cancellation {
    state: Mutex<State>,
    cancelled: Condvar,
}

#[derive(Default)]
struct State {
    is_cancelled: bool,
    interrupt: Option<Box<dyn FnOnce() + Send>>,
}

impl Cancellation {
    /// Whether the client has been told to stop.
    pub fn is_cancelled(&self) -> bool {
        self.lock().is_cancelled
    }

    /// Returns after `limit`, or as soon as the client is told to stop.
    pub fn wait(&self, limit: Duration) {
        let waited = self.cancelled.wait_timeout_while(self.lock(), limit, |state| !state.is_cancelled);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// Runs `request`; if the client is told to stop meanwhile, `interrupt` is called, once, on the thread that says so.
    pub fn interruptible<T>(&self, interrupt: impl FnOnce() + Send + 'static, request: impl FnOnce() -> T) -> T {
        {
            let mut state = self.lock();
            if state.is_cancelled {
                drop(state);
                interrupt();
            } else {
                state.interrupt = Some(Box::new(interrupt));
            }
        }
        let _registered = Registered(self);
        request()
    }

    pub(crate) fn cancel(&self) {
        let interrupt = {
            let mut state = self.lock();
            state.is_cancelled = true;
            state.interrupt.take()
        };
        self.cancelled.notify_all();
        if let Some(interrupt) = interrupt {
            interrupt();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Cancellation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Cancellation").field("is_cancelled", &self.is_cancelled()).finish()
    }
}

/// Forgets the interrupt when the request is over, even by a panic.
struct Registered<'a>(&'a Cancellation);

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        let interrupt = self.0.lock().interrupt.take();
        drop(interrupt);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn counter() -> (Arc<AtomicUsize>, impl FnOnce() + Send + 'static) {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        (count, move || {
            counted.fetch_add(1, Ordering::SeqCst);
        })
    }

    #[test]
    fn a_request_under_way_is_interrupted_once() {
        let cancellation = Cancellation::default();
        let (count, interrupt) = counter();
        cancellation.interruptible(interrupt, || {
            cancellation.cancel();
            cancellation.cancel();
        });
        assert_eq!(count.load(Ordering::SeqCst), 1);
        assert!(cancellation.is_cancelled());
    }

    #[test]
    fn a_request_that_is_over_is_not_interrupted() {
        let cancellation = Cancellation::default();
        let (count, interrupt) = counter();
        cancellation.interruptible(interrupt, || ());
        cancellation.cancel();
        assert_eq!(count.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn a_request_that_begins_after_the_cancellation_is_interrupted_at_once() {
        let cancellation = Cancellation::default();
        cancellation.cancel();
        let (count, interrupt) = counter();
        cancellation.interruptible(interrupt, || assert_eq!(count.load(Ordering::SeqCst), 1));
    }

    /// So long that only a wait that is not broken off lasts it.
    const LONG: Duration = Duration::from_secs(3_600);

    #[test]
    fn a_wait_is_broken_off_whenever_the_client_is_told_to_stop() {
        let cancellation = Cancellation::default();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| cancellation.wait(LONG));
            cancellation.cancel();
            waiting.join().expect("no panic");
        });
        cancellation.wait(LONG);
    }

    #[test]
    fn a_wait_ends_by_itself_too() {
        let cancellation = Cancellation::default();
        cancellation.wait(Duration::from_millis(1));
        assert!(!cancellation.is_cancelled());
    }
}
