//! The lock and the condition that the client is built on, so that a model checker can put its own in their place.

#[cfg(not(loom))]
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard};

#[cfg(loom)]
pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard};

use std::sync::{LockResult, PoisonError, TryLockError};
use std::time::Duration;

/// Locks; a panic of another thread while it held the lock left nothing half done.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    sound(mutex.lock())
}

/// Locks unless somebody else holds the lock.
#[inline]
pub(crate) fn try_lock<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    match mutex.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// Locks as soon as somebody else gives the lock back, which takes no longer than a copy.
#[cfg(not(loom))]
pub(crate) fn try_lock_for_a_while<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    const ATTEMPTS: usize = 16;
    (0..ATTEMPTS).find_map(|_| {
        std::hint::spin_loop();
        try_lock(mutex)
    })
}

/// In a model, a while is no time.
#[cfg(loom)]
pub(crate) fn try_lock_for_a_while<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    try_lock(mutex)
}

/// Waits for a notification, at most as long as `limit`.
#[cfg(not(loom))]
pub(crate) fn wait<'a, T>(condition: &Condvar, guard: MutexGuard<'a, T>, limit: Duration) -> MutexGuard<'a, T> {
    condition.wait_timeout(guard, limit).unwrap_or_else(PoisonError::into_inner).0
}

/// Waits for a notification; in a model, time passes by an event of its own, which notifies.
#[cfg(loom)]
pub(crate) fn wait<'a, T>(condition: &Condvar, guard: MutexGuard<'a, T>, _limit: Duration) -> MutexGuard<'a, T> {
    sound(condition.wait(guard))
}

fn sound<T>(result: LockResult<T>) -> T {
    result.unwrap_or_else(PoisonError::into_inner)
}

/// Tells threads apart. It has no destructor, which would have to run after the library is unloaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ThreadMark(usize);

impl ThreadMark {
    /// The mark of the calling thread, different from those of all other threads alive.
    #[cfg(not(loom))]
    pub(crate) fn current() -> Self {
        thread_local! {
            static MARK: u8 = const { 0 };
        }
        Self(MARK.with(|mark| std::ptr::from_ref(mark).addr()))
    }

    /// A mark that the test chose.
    #[cfg(test)]
    pub(crate) fn for_test(number: usize) -> Self {
        Self(number)
    }

    #[cfg(loom)]
    pub(crate) fn current() -> Self {
        let mut hasher = std::hash::DefaultHasher::new();
        std::hash::Hash::hash(&loom::thread::current().id(), &mut hasher);
        Self(std::hash::Hasher::finish(&hasher) as usize)
    }
}

/// The process that is running; a system call.
pub(crate) fn process() -> u32 {
    std::process::id()
}
