//! What a request was made of, for what is said of its failure.

use crate::config::JWT_BEARER;
use crate::protocol::{ClientAuth, Grant, Ingredients};

use super::Run;

impl Run<'_> {
    /// The options that a request with this grant was made of.
    pub(super) fn ingredients(&self, grant: Grant<'_>) -> Ingredients {
        let request = &self.exchange.request;
        let assertions = &self.exchange.assertions;
        let secret = self.exchange.credentials.described(self.credentials);
        let assertion = match request.client_auth {
            ClientAuth::None => assertions.grant.options(&secret),
            _ => assertions.proof.options(&secret),
        };
        Ingredients {
            client_auth: request.client_auth,
            body_format: request.body_format,
            grant: self.advice_on_grant(grant, &secret),
            assertion,
            secret,
        }
    }

    /// What to do where the server calls the grant wrong.
    fn advice_on_grant(&self, grant: Grant<'_>, secret: &str) -> String {
        let assertions = &self.exchange.assertions;
        let request = &self.exchange.request;
        if matches!(grant, Grant::Refresh(_)) {
            return "the refresh token is expired, revoked or used up".into();
        }
        match request.grant_type(grant).unwrap_or_default() {
            "password" => "check `param.username` and `param.password`".into(),
            "authorization_code" => "check `param.code`, `param.redirect_uri` and `param.code_verifier`; a code is \
                                     short-lived and may be used once"
                .into(),
            "refresh_token" => "check `param.refresh_token`; it may be expired, revoked or used up".into(),
            JWT_BEARER => match assertions.grant.options(secret).filter(|_| request.is_assertion_grant) {
                Some(options) => format!("check {options}, and this machine's clock"),
                None => "check `param.assertion`; it may be wrong, expired or used up".into(),
            },
            "client_credentials" => match assertions.proof.options(secret) {
                Some(options) => format!("check `client_id`, {options}, and this machine's clock"),
                None => format!("check `client_id`, {secret} and `grant_type`"),
            },
            _ => "check `grant_type` and `param.NAME`: a code, token or assertion there is wrong, expired or used up"
                .into(),
        }
    }
}
