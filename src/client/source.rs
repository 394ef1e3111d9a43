//! What a client and those derived from it share about their secret: which one it is, and who has refused it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::cache::Refusal;
use crate::clock::Moment;
use crate::credentials::{Credentials, CredentialsState};
use crate::error::Error;
use crate::protocol::ClientAuth;
use crate::secret::Secret;

use super::lineage::{Generation, Inherit};

/// A source of secrets, shared by all clients that ask it.
///
/// Its lock is held for as long as it takes to copy, and no other is taken meanwhile.
pub(super) struct Source {
    pub(super) credentials: Arc<Credentials>,
    pub(super) lineage: Generation<SourceState>,
    /// Counts the secrets: what was refused before may be granted now. Read by every call, so it needs no lock.
    epoch: AtomicU64,
}

/// All that changes in a source.
#[derive(Clone, Default)]
pub(super) struct SourceState {
    credentials: CredentialsState,
    refusals: Vec<SharedRefusal>,
    /// When the secret file was last looked at during a pause.
    looked_at: Option<Moment>,
}

/// One client's credentials were refused, which is true for all that present the same at the same server.
#[derive(Clone)]
struct SharedRefusal {
    presented: Presented,
    /// The client that was told.
    by: Mark,
    refusal: Refusal,
}

/// Who presents a secret, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Presented {
    pub(super) client_id: Option<String>,
    pub(super) client_auth: ClientAuth,
    /// The token URL or the issuer.
    pub(super) server: String,
    /// Stands for all else by which a client proves who it is.
    pub(super) proof: Mark,
}

/// Equal to its clones and to nothing else.
#[derive(Debug, Clone, Default)]
pub(super) struct Mark(Arc<()>);

impl PartialEq for Mark {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Mark {}

/// What an exchange says about the credentials.
pub(super) enum Verdict {
    Accepted,
    Refused(Refusal),
    /// Nothing.
    None,
}

/// What a source gives for one exchange.
pub(super) struct Given {
    pub(super) credentials: CredentialsState,
    pub(super) epoch: u64,
}

impl Source {
    pub(super) fn new(credentials: Arc<Credentials>) -> Self {
        Self { credentials, lineage: Generation::new(SourceState::default()), epoch: AtomicU64::new(0) }
    }

    /// How often the secret has changed.
    pub(super) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::SeqCst)
    }

    /// What to begin an exchange with.
    pub(super) fn give(&self) -> Given {
        let (_, state) = self.lineage.enter_own();
        Given { credentials: state.credentials.clone(), epoch: self.epoch() }
    }

    /// What another client was told of the same credentials.
    pub(super) fn refusal(&self, presented: &Presented, but_by: &Mark) -> Option<Refusal> {
        let (_, state) = self.lineage.enter_own();
        let found = state.refusals.iter().find(|shared| shared.presented == *presented)?;
        (found.by != *but_by).then(|| found.refusal.clone())
    }

    /// Takes over what an exchange learnt about its secrets, unless they have changed meanwhile.
    pub(super) fn learn(&self, given: Given, presented: &Presented, by: &Mark, verdict: Verdict) {
        self.change(|state| {
            if self.epoch() != given.epoch {
                return;
            }
            state.credentials.merge(given.credentials);
            if !matches!(verdict, Verdict::None) {
                state.forgive(presented);
            }
            if let Verdict::Refused(refusal) = verdict {
                state.refusals.push(SharedRefusal { presented: presented.clone(), by: by.clone(), refusal });
            }
        });
    }

    /// Forgets that these credentials were refused.
    pub(super) fn forgive(&self, presented: &Presented) {
        self.change(|state| state.forgive(presented));
    }

    /// Puts a secret in the place of the configured ones.
    pub(super) fn replace(&self, secret: Secret) -> Result<(), Error> {
        self.change(|state| {
            self.credentials.replace(secret, &mut state.credentials)?;
            self.renew(state);
            Ok(())
        })
    }

    /// Looks at the secret file, at most once a second. Whether it has changed, [`epoch`](Source::epoch) says.
    pub(super) fn look_at_file(&self, now: Moment) {
        let (generation, mut state) = self.lineage.enter_own();
        let is_time = state.looked_at.is_none_or(|last| now.since(last) >= Duration::from_secs(1));
        let Some(path) = self.credentials.watched_file(&state.credentials).filter(|_| is_time) else {
            return;
        };
        state.looked_at = Some(now);
        generation.publish(&state);
        let known = state.credentials.clone();
        drop(state);
        if known.is_outdated_by(path) {
            self.change(|state| {
                state.credentials.note_change(path);
                self.renew(state);
            });
        }
    }

    fn renew(&self, state: &mut SourceState) {
        state.refusals.clear();
        self.epoch.fetch_add(1, Ordering::SeqCst);
    }

    fn change<T>(&self, change: impl FnOnce(&mut SourceState) -> T) -> T {
        let (generation, mut state) = self.lineage.enter_own();
        let result = change(&mut state);
        generation.publish(&state);
        result
    }
}

impl SourceState {
    fn forgive(&mut self, presented: &Presented) {
        self.refusals.retain(|shared| shared.presented != *presented);
    }
}

impl Inherit for SourceState {
    fn inherited(&self) -> Self {
        self.clone()
    }
}
