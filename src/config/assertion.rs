//! Which assertions are sent, and what they say.

use std::path::PathBuf;

use crate::error::Error;
use crate::protocol::{ClientAuth, Json};

use super::options::Values;
use super::pem::PemSource;
use super::settings::refuse;

/// Where assertions come from.
#[derive(Debug, Clone)]
pub(crate) enum AssertionSource {
    /// None is sent.
    Unneeded,
    /// A file that somebody else keeps fresh, and the option that names it.
    File(PathBuf),
    /// Signed here.
    #[cfg(feature = "jwt")]
    Signed(Box<crate::protocol::AssertionRules>),
}

/// The URN of the grant that is an assertion (RFC 7523 §2.1).
pub(super) const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

impl AssertionSource {
    /// Checks the options about assertions against each other. `is_placed` says that `{assertion}` stands somewhere,
    /// `is_given` that the user brings a finished one as a parameter, `is_inherited` that the key was not set for this
    /// client and may be of no use to it.
    pub(super) fn new(
        values: &Values,
        claims: Vec<(String, Json)>,
        client_auth: ClientAuth,
        is_placed: bool,
        is_given: bool,
        is_inherited: bool,
    ) -> Result<Self, Error> {
        let key =
            PemSource::new("private_key_file", &values.private_key_file, "private_key_pem", &values.private_key_pem)?;
        let is_grant = values.grant_type.as_deref() == Some(JWT_BEARER) && !is_given;
        let by_secret = client_auth == ClientAuth::ClientSecretJwt;
        let key = key.filter(|_| !(by_secret && is_inherited));
        let is_needed = by_secret || client_auth == ClientAuth::PrivateKeyJwt || is_placed || is_grant;
        if is_inherited && !is_needed {
            return Ok(Self::Unneeded);
        }
        if let Some(path) = &values.client_assertion_file {
            if key.is_some() {
                return Err(refuse("options `client_assertion_file` and `private_key_file` are both set; keep one"));
            }
            if client_auth != ClientAuth::PrivateKeyJwt && !is_placed {
                return Err(refuse(
                    "option `client_assertion_file` is set but not sent: set `client_auth` to `private_key_jwt`, or put \
                     `{assertion}` into a `param.NAME` or `header.NAME`",
                ));
            }
            return Ok(Self::File(path.clone()));
        }
        if let (true, Some(key)) = (by_secret, &key) {
            return Err(refuse(format!(
                "option `{}` is set but nothing is signed with it, because `client_auth` = `client_secret_jwt` signs with \
                 the secret; did you mean `private_key_jwt`?",
                key.option
            )));
        }
        match (is_needed, key) {
            (true, key) if by_secret || key.is_some() => {
                check_claims(values, &claims)?;
                sign(values, claims, key)
            }
            (true, _) => Err(refuse(
                "an assertion is to be signed, but there is no key: set `private_key_file` or `private_key_pem` (or \
                 `client_assertion_file`, or `param.assertion` to a finished one)",
            )),
            (false, Some(key)) => Err(refuse(format!(
                "option `{}` is set but nothing is signed with it: set `client_auth` to `private_key_jwt`, `grant_type` \
                 to `{JWT_BEARER}`, or put `{{assertion}}` into a `param.NAME` or `header.NAME`",
                key.option
            ))),
            (false, None) => Ok(Self::Unneeded),
        }
    }
}

/// Refuses what no server would accept.
fn check_claims(values: &Values, claims: &[(String, Json)]) -> Result<(), Error> {
    let issuer = values.assertion_issuer.as_ref().or(values.client_id.as_ref());
    if issuer.is_none_or(String::is_empty) && !claims.iter().any(|(name, _)| name == "iss") {
        return Err(refuse(
            "an assertion is to be signed, but nothing says whose: set `client_id` or `assertion_issuer`",
        ));
    }
    if values.assertion_lifetime.is_some_and(|lifetime| lifetime.as_secs() == 0) {
        return Err(refuse("option `assertion_lifetime` is less than a second, so that no assertion would be valid"));
    }
    Ok(())
}

#[cfg(feature = "jwt")]
fn sign(values: &Values, claims: Vec<(String, Json)>, key: Option<PemSource>) -> Result<AssertionSource, Error> {
    use crate::protocol::{AssertionAlgorithm, AssertionKey, AssertionRules, Thumbprint, chain_from_pem};

    let algorithm = values.assertion_alg.and_then(|name| AssertionAlgorithm::named(name.0));
    let key = match key {
        Some(source) => AssertionKey::from_pem(&source.read()?, algorithm).map_err(|reason| source.refuse(&reason))?,
        None => AssertionKey::client_secret(algorithm)
            .map_err(|reason| refuse(format!("option `assertion_alg`: {reason}")))?,
    };
    let thumbprint = values.assertion_x5t.as_deref().map(Thumbprint::parse).transpose();
    let chain = match PemSource::new("assertion_x5c", &values.assertion_x5c, "assertion_x5c", &None)? {
        Some(source) => chain_from_pem(&source.read()?).map_err(|reason| source.refuse(&reason))?,
        None => Vec::new(),
    };
    Ok(AssertionSource::Signed(Box::new(AssertionRules {
        key,
        key_id: values.key_id.clone(),
        thumbprint: thumbprint.map_err(|reason| refuse(format!("option `assertion_x5t`: {reason}")))?,
        chain,
        issuer: values.assertion_issuer.clone(),
        subject: values.assertion_subject.clone(),
        audience: values.assertion_audience.clone(),
        lifetime: values.assertion_lifetime.unwrap_or(std::time::Duration::from_secs(60)),
        claims,
    })))
}

#[cfg(not(feature = "jwt"))]
fn sign(_: &Values, _: Vec<(String, Json)>, _: Option<PemSource>) -> Result<AssertionSource, Error> {
    Err(refuse("this build cannot sign assertions (feature `jwt`); `client_assertion_file` takes a finished one"))
}
