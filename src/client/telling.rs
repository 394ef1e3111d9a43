//! Keeps an observer from hearing of what it does itself.

use std::cell::Cell;

thread_local! {
    /// The address of the client whose observer this thread runs, or 0. It has no destructor, which would have to run
    /// after the library is unloaded.
    static TOLD: Cell<usize> = const { Cell::new(0) };
}

/// While it lives, the observer of one client runs on this thread.
pub(super) struct Telling {
    before: usize,
}

impl Telling {
    /// `None` where that observer runs here already: one that asks for a token whenever it hears that a token was asked
    /// for would never return.
    pub(super) fn begin(client: usize) -> Option<Self> {
        let before = TOLD.replace(client);
        (before != client).then_some(Self { before })
    }
}

impl Drop for Telling {
    fn drop(&mut self) {
        TOLD.set(self.before);
    }
}
