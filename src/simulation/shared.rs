//! A `RefCell` for types that the traits want to be `Sync`.

use std::sync::Mutex;

/// Something that several parts change in turn. Using it twice at once is a mistake and fails at once.
pub(super) struct Shared<T>(Mutex<T>);

impl<T> Shared<T> {
    pub(super) fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    pub(super) fn with<R>(&self, action: impl FnOnce(&mut T) -> R) -> R {
        let mut value = self.0.try_lock().expect("a part of the simulation is used while it is in use");
        action(&mut value)
    }
}
