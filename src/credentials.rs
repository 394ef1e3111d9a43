//! The client's secret: where it comes from, and which of several is tried first.

use std::sync::{Mutex, PoisonError};

use zeroize::Zeroizing;

use crate::config::SecretOrigin;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;

/// The sources of the secret.
pub(crate) struct Credentials {
    origin: Mutex<Origin>,
    alternate: Option<Secret>,
}

struct Origin {
    source: SecretOrigin,
    /// The alternate worked last.
    is_alternate_first: bool,
}

impl Credentials {
    pub(crate) fn new(source: SecretOrigin, alternate: Option<Secret>) -> Self {
        Self { origin: Mutex::new(Origin { source, is_alternate_first: false }), alternate }
    }

    /// The secret to try first; empty where none is needed.
    pub(crate) fn first(&self) -> Result<Secret, Error> {
        let (source, is_alternate_first) = self.read();
        match &self.alternate {
            Some(alternate) if is_alternate_first => Ok(alternate.clone()),
            _ => secret_of(&source),
        }
    }

    /// A secret other than the refused one: what the source says now, or the alternate.
    pub(crate) fn other_than(&self, refused: &Secret) -> Option<Secret> {
        let (source, _) = self.read();
        let current = secret_of(&source).ok();
        current.into_iter().chain(self.alternate.clone()).find(|secret| secret != refused)
    }

    /// Remembers which of the two goes first from now on.
    pub(crate) fn worked(&self, secret: &Secret) {
        let is_alternate = self.alternate.as_ref() == Some(secret);
        self.lock().is_alternate_first = is_alternate;
    }

    /// Replaces the secret and its source.
    pub(crate) fn replace(&self, secret: Secret) -> Result<(), Error> {
        check(&secret).map_err(|reason| Error::new(ErrorKind::Config, format!("the new client secret {reason}")))?;
        let mut origin = self.lock();
        if matches!(origin.source, SecretOrigin::Unneeded) {
            return Err(Error::new(
                ErrorKind::Config,
                "a client secret was set, but nothing that this client sends would hold it; check `client_auth`",
            ));
        }
        *origin = Origin { source: SecretOrigin::Text(secret), is_alternate_first: false };
        Ok(())
    }

    /// A copy, so that no file is read under the lock.
    fn read(&self) -> (SecretOrigin, bool) {
        let origin = self.lock();
        (origin.source.clone(), origin.is_alternate_first)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Origin> {
        self.origin.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn secret_of(source: &SecretOrigin) -> Result<Secret, Error> {
    match source {
        SecretOrigin::Unneeded => Ok(Secret::default()),
        SecretOrigin::Text(secret) => Ok(secret.clone()),
        SecretOrigin::File(path) => read_file(path)
            .map_err(|reason| Error::new(ErrorKind::Secret, format!("option `client_secret_file`: {path} {reason}"))),
    }
}

fn read_file(path: &str) -> Result<Secret, String> {
    let bytes = Zeroizing::new(
        std::fs::read(path).map_err(|error| format!("cannot be read: {error}; check the path and its permissions"))?,
    );
    let text = std::str::from_utf8(&bytes).map_err(|_| "is not UTF-8 text".to_owned())?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let secret = Secret::new(text.strip_suffix('\r').unwrap_or(text));
    check(&secret)?;
    Ok(secret)
}

fn check(secret: &Secret) -> Result<(), String> {
    if secret.is_empty() {
        return Err("is empty".into());
    }
    if secret.has_inner_nul() {
        return Err("holds a NUL character".into());
    }
    Ok(())
}
