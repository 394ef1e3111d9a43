//! TLS sessions to resume, kept where a fork cannot lock them away.

use std::sync::{Arc, Mutex, MutexGuard, TryLockError};

use rustls::NamedGroup;
use rustls::client::{
    ClientSessionMemoryCache, ClientSessionStore, Resumption, Tls12ClientSessionValue, Tls13ClientSessionValue,
};
use rustls::pki_types::ServerName;

/// What a client remembers of its handshakes.
pub(super) fn in_memory() -> Resumption {
    Resumption::store(Arc::new(Sessions {
        gate: Mutex::new(()),
        // One host, or two with `refresh_url`; a session may bring several tickets.
        cache: ClientSessionMemoryCache::new(8),
    }))
}

/// A cache that is passed by while somebody else uses it, who may be a thread that a forked child does not have. A full
/// handshake always works.
#[derive(Debug)]
struct Sessions {
    /// Held while the cache, which waits for its own lock, is used.
    gate: Mutex<()>,
    cache: ClientSessionMemoryCache,
}

impl Sessions {
    fn enter(&self) -> Option<MutexGuard<'_, ()>> {
        match self.gate.try_lock() {
            Ok(entered) => Some(entered),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

impl ClientSessionStore for Sessions {
    fn set_kx_hint(&self, server_name: ServerName<'static>, group: NamedGroup) {
        if let Some(_entered) = self.enter() {
            self.cache.set_kx_hint(server_name, group);
        }
    }

    fn kx_hint(&self, server_name: &ServerName<'_>) -> Option<NamedGroup> {
        let _entered = self.enter()?;
        self.cache.kx_hint(server_name)
    }

    fn set_tls12_session(&self, server_name: ServerName<'static>, value: Tls12ClientSessionValue) {
        if let Some(_entered) = self.enter() {
            self.cache.set_tls12_session(server_name, value);
        }
    }

    fn tls12_session(&self, server_name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        let _entered = self.enter()?;
        self.cache.tls12_session(server_name)
    }

    fn remove_tls12_session(&self, server_name: &ServerName<'static>) {
        if let Some(_entered) = self.enter() {
            self.cache.remove_tls12_session(server_name);
        }
    }

    fn insert_tls13_ticket(&self, server_name: ServerName<'static>, value: Tls13ClientSessionValue) {
        if let Some(_entered) = self.enter() {
            self.cache.insert_tls13_ticket(server_name, value);
        }
    }

    fn take_tls13_ticket(&self, server_name: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        let _entered = self.enter()?;
        self.cache.take_tls13_ticket(server_name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_fork_left_locked_is_passed_by() {
        let sessions = Sessions { gate: Mutex::new(()), cache: ClientSessionMemoryCache::new(8) };
        let name = ServerName::try_from("localhost").unwrap();
        sessions.set_kx_hint(name.clone(), NamedGroup::X25519);
        let held_by_nobody_here = sessions.gate.lock();
        assert_eq!(sessions.kx_hint(&name), None);
        sessions.set_kx_hint(name.clone(), NamedGroup::secp256r1);
        assert!(sessions.take_tls13_ticket(&name).is_none());
        assert!(sessions.tls12_session(&name).is_none());
        sessions.remove_tls12_session(&name);
        drop(held_by_nobody_here);
        assert_eq!(sessions.kx_hint(&name), Some(NamedGroup::X25519));
    }
}
