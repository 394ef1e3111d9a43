//! State in this process, and in those that are forked off it.

use std::sync::{Arc, OnceLock};

use crate::cache::Cache;
use crate::cancellation::Cancellation;
use crate::event::Statistics;
use crate::exchange::Memory;
use crate::sync::{self, Condvar, Mutex, MutexGuard};

/// All that changes in a client.
#[derive(Clone)]
pub(super) struct State {
    pub(super) cache: Cache,
    pub(super) memory: Memory,
    pub(super) statistics: Statistics,
    /// The secret that it knows of; see [`Source::epoch`](super::source::Source::epoch).
    pub(super) source_epoch: u64,
    /// Breaks the request under way off.
    pub(super) cancellation: Arc<Cancellation>,
}

/// State that a child goes on with.
pub(super) trait Inherit: Clone {
    /// The state for a process that was forked off.
    fn inherited(&self) -> Self;
}

impl Inherit for State {
    /// All but the exchange under way. Its connection is the parent's.
    fn inherited(&self) -> Self {
        Self { cache: self.cache.inherited(), cancellation: Arc::default(), ..self.clone() }
    }
}

/// The state of one process, and behind it that of a child which could not use it.
///
/// A fork copies the state in whatever condition it is in: locked by a thread that the child does not have, or with
/// an exchange under way that only the parent goes on with. The child then goes on with a copy that is neither.
pub(super) struct Generation<S: Inherit> {
    process: u32,
    state: Mutex<S>,
    pub(super) settled: Condvar,
    /// The state as it was last left, twice, never both locked at once: a fork finds at least one of them free. Each is a
    /// pointer, which is the old or the new one whenever a fork comes.
    published: [Mutex<Box<S>>; 2],
    child: OnceLock<Box<Generation<S>>>,
}

impl<S: Inherit> Generation<S> {
    pub(super) fn new(state: S) -> Self {
        Self {
            process: sync::process(),
            published: [Mutex::new(Box::new(state.inherited())), Mutex::new(Box::new(state.inherited()))],
            state: Mutex::new(state),
            settled: Condvar::new(),
            child: OnceLock::new(),
        }
    }

    /// The youngest generation, locked.
    #[inline]
    pub(super) fn enter(&self) -> (&Self, MutexGuard<'_, S>) {
        if self.child.get().is_none() {
            if let Some(state) = sync::try_lock(&self.state) {
                return (self, state);
            }
        }
        self.enter_youngest()
    }

    /// The generation of this process, locked: what is changed there, all its threads see. A child whose lock was free
    /// makes one now, since a thread that came meanwhile would, and would miss the change. A system call.
    pub(super) fn enter_own(&self) -> (&Self, MutexGuard<'_, S>) {
        let (generation, state) = self.enter();
        if generation.is_own() { (generation, state) } else { generation.succeed(&state) }
    }

    /// Only where the lock stays taken is it looked at whether this is a child: that is a system call.
    #[cold]
    #[inline(never)]
    fn enter_youngest(&self) -> (&Self, MutexGuard<'_, S>) {
        let mut generation = self;
        while let Some(child) = generation.child.get() {
            generation = child;
        }
        if let Some(state) = sync::try_lock_for_a_while(&generation.state) {
            return (generation, state);
        }
        if generation.is_own() {
            return (generation, sync::lock(&generation.state));
        }
        let child = generation.child.get_or_init(|| Box::new(Generation::new(generation.last_published())));
        child.enter()
    }

    /// Locks this generation, whichever is the youngest.
    pub(super) fn lock(&self) -> MutexGuard<'_, S> {
        sync::lock(&self.state)
    }

    /// Whether this process is the one that the generation was made in; a system call.
    pub(super) fn is_own(&self) -> bool {
        self.process == sync::process()
    }

    #[cfg(test)]
    pub(super) fn leave_to_parent(&mut self) {
        self.process = 0;
    }

    /// Goes on in a child from a state that is the parent's in everything but the exchange under way. Called with that
    /// state locked.
    pub(super) fn succeed(&self, state: &S) -> (&Self, MutexGuard<'_, S>) {
        self.child.get_or_init(|| Box::new(Generation::new(state.inherited()))).enter()
    }

    /// Leaves a copy for children. Called with the state locked, so that the two copies are written one after another.
    pub(super) fn publish(&self, state: &S) {
        for copy in &self.published {
            let inherited = Box::new(state.inherited());
            let outdated = std::mem::replace(&mut *sync::lock(copy), inherited);
            drop(outdated);
        }
    }

    fn last_published(&self) -> S {
        loop {
            for copy in &self.published {
                if let Some(state) = sync::try_lock(copy) {
                    return S::clone(&state);
                }
            }
        }
    }
}

impl<S: Inherit> Drop for Generation<S> {
    /// Only in a child can the lock be taken now, by a thread of the parent's that was in the middle of a change: what it
    /// left cannot be dropped, and is given up.
    fn drop(&mut self) {
        if sync::try_lock(&self.state).is_some() {
            return;
        }
        let sound = Mutex::new(self.last_published());
        std::mem::forget(std::mem::replace(&mut self.state, sound));
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[derive(Clone)]
    struct Counted(#[allow(dead_code)] Arc<()>);

    impl Inherit for Counted {
        fn inherited(&self) -> Self {
            self.clone()
        }
    }

    #[test]
    fn what_a_thread_of_the_parent_was_in_the_middle_of_is_given_up_and_not_dropped() {
        let count = Arc::new(());
        let generation = Generation::new(Counted(Arc::clone(&count)));
        std::mem::forget(generation.lock());
        drop(generation);
        assert_eq!(Arc::strong_count(&count), 2);

        drop(Generation::new(Counted(Arc::clone(&count))));
        assert_eq!(Arc::strong_count(&count), 2);
    }
}
