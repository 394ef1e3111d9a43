//! What to check where a server grants no token.

use std::borrow::Cow;

use super::body::BodyFormat;
use super::client_auth::ClientAuth;
use super::failure::Failure;

/// What a request was made of, in the words of the options.
pub(crate) struct Ingredients {
    pub(crate) client_auth: ClientAuth,
    pub(crate) body_format: BodyFormat,
    /// Where the secret comes from.
    pub(crate) secret: String,
    /// What decides about the assertion by which the client proves who it is, or which alone says so.
    pub(crate) assertion: Option<String>,
    /// What to do where the grant is refused.
    pub(crate) grant: String,
}

impl Ingredients {
    /// What to check after this failure.
    pub(super) fn advice(&self, failure: &Failure) -> String {
        let advice = self.advice_on(failure);
        // Who cannot read a body misses what stands in it: the id, or the grant type.
        let may_be_unread = matches!(
            (failure.code.as_deref(), failure.status),
            (Some("invalid_client" | "unsupported_grant_type"), 400..=499) | (None, 400 | 401)
        );
        match self.body_format.told() {
            Some(told) if may_be_unread && !advice.contains("`body_format`") => {
                format!("{advice}; and whether the server reads what is sent {told} (`body_format`)")
            }
            _ => advice.into_owned(),
        }
    }

    fn advice_on(&self, failure: &Failure) -> Cow<'static, str> {
        let advice = match (failure.code.as_deref(), failure.status) {
            (_, 300..=399) => {
                "redirects are not followed, because they would carry the secret elsewhere: \
                 set the URL to where the server points, if you trust it"
            }
            (Some("invalid_client"), _) => return self.of_identity(true),
            (Some("invalid_scope" | "insufficient_scope"), _) => "check `scope`",
            (Some("unauthorized_client"), _) => "ask the provider to allow this client the `grant_type`",
            (Some("unsupported_grant_type"), _) => "check `grant_type`",
            (Some("invalid_grant"), _) => return self.grant.clone().into(),
            (Some("invalid_target"), _) => "check `resource` and `audience`",
            (Some("invalid_request"), _) => {
                "check `client_auth` (it may want id and secret in the body), `scope`, `audience`, `param.NAME` and \
                 `body_format`"
            }
            (_, 401) => return self.of_identity(false),
            (_, 403) => "check that this client may have such a token",
            (_, 404) => "check the path of the URL, and `client_id`",
            (_, 405) => "check the URL and `method`; the token endpoint takes other requests",
            (_, 415) => "check `body_format`",
            (_, 429) => "too many requests; wait before the next",
            (_, 500..=599) => "the server is at fault; it may work later",
            (_, 400..=499) => "check `param.NAME`, `client_auth` and `body_format`; a gateway may also be at fault",
            (_, 200..=299) if failure.is_of_overload() => "the server cannot grant a token just now; it may work later",
            (Some(_), 200..=299) => {
                "look the code up in the provider's documentation, and check `client_id`, the secret, and how they are \
                 sent (`client_auth`, `body_format`, `param.NAME`)"
            }
            (None, 200..=299) => {
                "check the credentials and how they are sent (`client_auth`), and that the URL is the token endpoint"
            }
            _ => "check that the URL is the token endpoint",
        };
        advice.into()
    }

    /// The client was not believed, says the server in so many words or by its status alone.
    fn of_identity(&self, is_said: bool) -> Cow<'static, str> {
        let secret = &self.secret;
        match (self.client_auth, &self.assertion) {
            (ClientAuth::ClientSecretBasic | ClientAuth::ClientSecretPost, _) if is_said => {
                format!("check `client_id`, {secret} and `client_auth`").into()
            }
            (ClientAuth::ClientSecretBasic | ClientAuth::ClientSecretPost, _) => {
                format!("check `client_id` and {secret}, and whether the provider wants another `client_auth`").into()
            }
            (ClientAuth::ClientSecretJwt | ClientAuth::PrivateKeyJwt, Some(assertion)) => {
                format!("check `client_id`, {assertion}, and this machine's clock").into()
            }
            (ClientAuth::ClientSecretJwt | ClientAuth::PrivateKeyJwt, None) => "check `client_id`".into(),
            (ClientAuth::TlsClientAuth | ClientAuth::SelfSignedTlsClientAuth, _) => {
                "check `client_id`, and that the provider knows the certificate of `tls_cert_file`".into()
            }
            (ClientAuth::None, Some(assertion)) => {
                format!("check {assertion}, this machine's clock, and `client_auth`").into()
            }
            (ClientAuth::None, None) if is_said => {
                "check `client_auth`, and the credentials in `param.NAME` and `header.NAME`".into()
            }
            (ClientAuth::None, None) => {
                "check the credentials in `param.NAME` and `header.NAME`, or set `client_auth`".into()
            }
        }
    }
}
