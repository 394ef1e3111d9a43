//! What a client hands out.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{ClientClock, Moment};
use crate::protocol::Answer;
use crate::secret::{Secret, SecretBuffer};

/// An access token and what the server said about it.
///
/// It is immutable, and cloning it counts a reference; it may be used from any thread. `Debug` shows nothing of it.
/// The text is opaque (RFC 6749 §1.4): it is never read, only passed on.
#[derive(Clone)]
pub struct Token {
    data: Arc<TokenData>,
}

/// What all clones share; in C it is what the handle points to.
pub(crate) struct TokenData {
    access_token: Secret,
    authorization: Secret,
    token_type: Option<Secret>,
    scope: Option<Secret>,
    id_token: Option<Secret>,
    fields: Vec<(String, Secret)>,
    obtained: Moment,
    lifetime: Duration,
    lifetime_assumed: bool,
    clock: ClientClock,
}

impl Token {
    /// The token of an answer to a request that was sent at `obtained`.
    pub(crate) fn new(answer: Answer, obtained: Moment, clock: ClientClock) -> Self {
        let mut authorization = SecretBuffer::default();
        authorization.push_str("Bearer ");
        authorization.push_str(answer.access_token.expose());
        Self {
            data: Arc::new(TokenData {
                authorization: authorization.into_secret().unwrap_or_default(),
                access_token: answer.access_token,
                token_type: answer.token_type,
                scope: answer.scope,
                id_token: answer.id_token,
                fields: answer.fields,
                obtained,
                lifetime: answer.expires_in,
                lifetime_assumed: answer.expires_in_assumed,
                clock,
            }),
        }
    }

    /// The access token itself.
    pub fn access_token(&self) -> &str {
        self.data.access_token.expose()
    }

    /// `Bearer …`, ready to be the value of an `Authorization` header (RFC 6750 §2.1).
    pub fn authorization(&self) -> &str {
        self.data.authorization.expose()
    }

    /// The `token_type` as the server wrote it; `None` if it did not. However it is written, the token is a bearer.
    pub fn token_type(&self) -> Option<&str> {
        self.data.token_type.as_ref().map(Secret::expose)
    }

    /// The scope that the server says it granted; `None` if it said nothing, which means what was asked for
    /// (RFC 6749 §5.1).
    pub fn scope(&self) -> Option<&str> {
        self.data.scope.as_ref().map(Secret::expose)
    }

    /// The ID token, where the server sent one; it is not checked.
    pub fn id_token(&self) -> Option<&str> {
        self.data.id_token.as_ref().map(Secret::expose)
    }

    /// Any other member of the answer: texts as they are, all else as JSON. `None` if there is none of that name.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.data.field(name).map(Secret::expose)
    }

    /// The end of its life, in seconds since 1970-01-01T00:00:00Z.
    pub fn expires_at(&self) -> u64 {
        self.data.expires_at()
    }

    /// How much of its life is left; zero when it is over.
    pub fn expires_in(&self) -> Duration {
        self.data.lifetime.saturating_sub(self.data.age())
    }

    /// Whether the server named no lifetime that makes sense, so that `default_expires_in` stands in.
    pub fn is_expiry_assumed(&self) -> bool {
        self.data.lifetime_assumed
    }

    pub(crate) fn obtained(&self) -> Moment {
        self.data.obtained
    }

    pub(crate) fn lifetime(&self) -> Duration {
        self.data.lifetime
    }

    /// Whether both are the same text, whenever they were obtained.
    pub(crate) fn is_same(&self, other: &Token) -> bool {
        self.data.access_token == other.data.access_token
    }

    #[cfg(feature = "capi")]
    pub(crate) fn into_data(self) -> Arc<TokenData> {
        self.data
    }

    #[cfg(feature = "capi")]
    pub(crate) fn from_data(data: Arc<TokenData>) -> Self {
        Self { data }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Token").field("expires_at", &self.expires_at()).finish_non_exhaustive()
    }
}

impl TokenData {
    pub(crate) fn expires_at(&self) -> u64 {
        self.obtained.wall.saturating_add(self.lifetime).as_secs()
    }

    fn age(&self) -> Duration {
        self.clock.now().since(self.obtained)
    }

    fn field(&self, name: &str) -> Option<&Secret> {
        self.fields.iter().rfind(|(known, _)| known == name).map(|(_, value)| value)
    }
}

/// What C reads in place.
#[cfg(feature = "capi")]
impl TokenData {
    pub(crate) fn access_token_text(&self) -> &Secret {
        &self.access_token
    }

    pub(crate) fn authorization_text(&self) -> &Secret {
        &self.authorization
    }

    pub(crate) fn token_type_text(&self) -> Option<&Secret> {
        self.token_type.as_ref()
    }

    pub(crate) fn scope_text(&self) -> Option<&Secret> {
        self.scope.as_ref()
    }

    pub(crate) fn id_token_text(&self) -> Option<&Secret> {
        self.id_token.as_ref()
    }

    pub(crate) fn field_text(&self, name: &str) -> Option<&Secret> {
        self.field(name)
    }

    pub(crate) fn is_expiry_assumed(&self) -> bool {
        self.lifetime_assumed
    }

    /// Negative when past.
    pub(crate) fn expires_in_ms(&self) -> i64 {
        let milliseconds = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        milliseconds(self.lifetime).saturating_sub(milliseconds(self.age()))
    }
}
