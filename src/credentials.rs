//! The client's secret: where it comes from, and which of several is tried first.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};
use crate::secret::Secret;

/// Where the secret comes from.
#[derive(Clone)]
pub(crate) enum SecretOrigin {
    /// Nothing that is sent holds a secret.
    Unneeded,
    /// `client_secret`.
    Text(Secret),
    /// `client_secret_file`.
    File(PathBuf),
    /// A function of the host's.
    Callback(SecretSource),
}

/// A function of the host's that gives the secret.
#[derive(Clone)]
pub(crate) struct SecretSource(pub(crate) Arc<SecretFunction>);

type SecretFunction = dyn Fn(SecretRequest) -> Result<Secret, Error> + Send + Sync;

impl fmt::Debug for SecretSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretSource")
    }
}

/// What a secret is asked for.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct SecretRequest {
    /// The secret that was given last has just been refused: give another if there is one.
    pub was_refused: bool,
}

/// The sources of one client.
pub(crate) struct Credentials {
    origin: SecretOrigin,
    alternate: Option<Secret>,
}

/// What changes about them.
#[derive(Clone, Default)]
pub(crate) struct CredentialsState {
    /// A secret that was set later, in the place of the configured source.
    replacement: Option<Secret>,
    /// The alternate worked last.
    is_alternate_first: bool,
    /// This exchange has found out which one works.
    has_worked: bool,
    /// The secret file as it was when it was read last.
    last_reading: Reading,
    /// Counts the readings; shared by clones.
    readings: Arc<AtomicU64>,
}

/// The secret file as it was found.
#[derive(Clone, Default)]
struct Reading {
    /// Readings are numbered in their order.
    number: u64,
    stamp: Option<FileStamp>,
}

impl Credentials {
    pub(crate) fn new(origin: SecretOrigin, alternate: Option<Secret>) -> Self {
        Self { origin, alternate }
    }

    /// The secret to try first; empty where none is needed.
    pub(crate) fn first(&self, state: &mut CredentialsState) -> Result<Secret, Error> {
        match &self.alternate {
            Some(alternate) if state.is_alternate_first => Ok(alternate.clone()),
            _ => self.current(state, false),
        }
    }

    /// The secrets that need not be asked for.
    pub(crate) fn known<'a>(&'a self, state: &'a CredentialsState) -> impl Iterator<Item = &'a Secret> {
        let configured = match &self.origin {
            SecretOrigin::Text(secret) => Some(secret),
            _ => None,
        };
        configured.into_iter().chain(&state.replacement).chain(&self.alternate)
    }

    /// A secret other than the refused one: what the source says now, or the alternate.
    pub(crate) fn other_than(&self, refused: &Secret, state: &mut CredentialsState) -> Option<Secret> {
        let is_of_source = self.alternate.is_none() || !state.is_alternate_first;
        let current = self.current(state, is_of_source).ok();
        current.into_iter().chain(self.alternate.clone()).find(|secret| secret != refused)
    }

    /// Remembers which of the two goes first from now on.
    pub(crate) fn worked(&self, secret: &Secret, state: &mut CredentialsState) {
        state.is_alternate_first = self.alternate.as_ref() == Some(secret);
        state.has_worked = true;
    }

    /// Puts a secret in the place of the configured source.
    pub(crate) fn replace(&self, secret: Secret, state: &mut CredentialsState) -> Result<(), Error> {
        check(&secret).map_err(|reason| Error::new(ErrorKind::Config, format!("the new client secret {reason}")))?;
        if self.is_unneeded() {
            return Err(unneeded());
        }
        *state = CredentialsState { replacement: Some(secret), ..CredentialsState::default() };
        Ok(())
    }

    /// Whether the secret is read from a file, unless it has been replaced.
    pub(crate) fn has_file(&self) -> bool {
        matches!(self.origin, SecretOrigin::File(_))
    }

    /// Whether nothing that is sent holds a secret.
    pub(crate) fn is_unneeded(&self) -> bool {
        matches!(self.origin, SecretOrigin::Unneeded)
    }

    /// The file whose change would end a pause.
    pub(crate) fn watched_file(&self, state: &CredentialsState) -> Option<&Path> {
        match &self.origin {
            SecretOrigin::File(path) if state.replacement.is_none() => Some(path),
            _ => None,
        }
    }

    /// Where the secret comes from, for messages.
    pub(crate) fn described(&self, state: &CredentialsState) -> String {
        let origin = match (&state.replacement, &self.origin) {
            (Some(_), _) => "the secret that was set in the place of the configured one".into(),
            (None, SecretOrigin::File(path)) => format!("`client_secret_file` ({})", path.display()),
            (None, SecretOrigin::Callback(_)) => "what the secret callback gave".into(),
            (None, SecretOrigin::Text(_) | SecretOrigin::Unneeded) => "`client_secret`".into(),
        };
        if self.alternate.is_some() { format!("{origin}, `client_secret_alternate`") } else { origin }
    }

    fn current(&self, state: &mut CredentialsState, was_refused: bool) -> Result<Secret, Error> {
        if let Some(secret) = &state.replacement {
            return Ok(secret.clone());
        }
        match &self.origin {
            SecretOrigin::Unneeded => Ok(Secret::default()),
            SecretOrigin::Text(secret) => Ok(secret.clone()),
            SecretOrigin::File(path) => {
                // Looked at before it is read: a change in between is then seen as one.
                state.note_reading(path);
                read_file(path).map_err(|reason| {
                    Error::new(ErrorKind::Secret, format!("option `client_secret_file`: {} {reason}", path.display()))
                })
            }
            SecretOrigin::Callback(SecretSource(callback)) => {
                let secret = callback(SecretRequest { was_refused })?;
                check(&secret).map_err(|reason| {
                    Error::new(ErrorKind::Secret, format!("the secret that the callback gave {reason}"))
                })?;
                Ok(secret)
            }
        }
    }
}

/// The error about a secret that would be lost.
pub(crate) fn unneeded() -> Error {
    Error::new(
        ErrorKind::Config,
        "a client secret was set, but nothing that this client sends would hold it; check `client_auth`",
    )
}

impl CredentialsState {
    /// Takes over what an exchange has learnt since it was given a clone of this, and leaves what others have learnt.
    pub(crate) fn merge(&mut self, learnt: Self) {
        if learnt.has_worked {
            self.is_alternate_first = learnt.is_alternate_first;
        }
        if learnt.last_reading.number > self.last_reading.number {
            self.last_reading = learnt.last_reading;
        }
    }

    /// The file has changed: it is asked first again, and is known as it is now.
    pub(crate) fn note_change(&mut self, path: &Path) {
        self.note_reading(path);
        self.is_alternate_first = false;
    }

    fn note_reading(&mut self, path: &Path) {
        let number = self.readings.fetch_add(1, Ordering::SeqCst) + 1;
        self.last_reading = Reading { number, stamp: FileStamp::of(path) };
    }

    /// Whether the file is another than the one that was read last.
    pub(crate) fn is_outdated_by(&self, path: &Path) -> bool {
        FileStamp::of(path) != self.last_reading.stamp
    }
}

/// What changes when a file is replaced or written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FileStamp {
    modified: Option<SystemTime>,
    length: u64,
    #[cfg(unix)]
    inode: u64,
}

impl FileStamp {
    fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        Some(Self {
            modified: metadata.modified().ok(),
            length: metadata.len(),
            #[cfg(unix)]
            inode: std::os::unix::fs::MetadataExt::ino(&metadata),
        })
    }
}

/// No secret is longer.
const LARGEST_SECRET: u64 = 64 << 10;

fn read_file(path: &Path) -> Result<Secret, String> {
    let bytes = read_small_file(path)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| "is not UTF-8 text".to_owned())?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let secret = Secret::new(text.strip_suffix('\r').unwrap_or(text));
    check(&secret)?;
    Ok(secret)
}

/// Reads a file that is small and has an end; the error says what is wrong with it.
pub(crate) fn read_small_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    let unreadable = |error: std::io::Error| format!("cannot be read: {error}; check the path and its permissions");
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err("cannot be read: it is not a regular file, and reading it might never end".into());
    }
    if metadata.len() > LARGEST_SECRET {
        return Err(format!("is longer than {LARGEST_SECRET} bytes; is it the right file?"));
    }
    std::fs::read(path).map(Zeroizing::new).map_err(unreadable)
}

fn check(secret: &Secret) -> Result<(), String> {
    if secret.is_empty() {
        return Err("is empty".into());
    }
    if secret.has_inner_nul() {
        return Err("holds a NUL character".into());
    }
    if secret.has_line_end() {
        return Err("ends with a line end: cut it off".into());
    }
    Ok(())
}
