//! How a request under way is told to stop.

use std::fmt;
use std::sync::{Mutex, PoisonError};

/// Whether a client has been told to stop, and what breaks off the request that it is making.
#[derive(Default)]
pub struct Cancellation {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    is_cancelled: bool,
    interrupt: Option<Box<dyn FnOnce() + Send>>,
}

impl Cancellation {
    /// Whether the client has been told to stop.
    pub fn is_cancelled(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).is_cancelled
    }

    /// Runs `request`; if the client is told to stop meanwhile, `interrupt` is called, once, on the thread that says so.
    pub fn interruptible<T>(&self, interrupt: impl FnOnce() + Send + 'static, request: impl FnOnce() -> T) -> T {
        {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
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
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.is_cancelled = true;
            state.interrupt.take()
        };
        if let Some(interrupt) = interrupt {
            interrupt();
        }
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
        let interrupt = self.0.state.lock().unwrap_or_else(PoisonError::into_inner).interrupt.take();
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
}
