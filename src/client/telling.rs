//! Keeps an observer from hearing of what it does itself.

use std::cell::Cell;

thread_local! {
    /// The address of the observer that this thread runs, or 0. It has no destructor, which would have to run after the
    /// library is unloaded.
    static TOLD: Cell<usize> = const { Cell::new(0) };
}

/// While it lives, an observer, which several clients may share, runs on this thread.
pub(super) struct Telling {
    before: usize,
}

impl Telling {
    /// `None` where that observer runs here already: one that asks for a token whenever it hears that a token was asked
    /// for would never return.
    pub(super) fn begin(observer: usize) -> Option<Self> {
        let before = TOLD.replace(observer);
        (before != observer).then_some(Self { before })
    }
}

impl Drop for Telling {
    fn drop(&mut self) {
        TOLD.set(self.before);
    }
}
