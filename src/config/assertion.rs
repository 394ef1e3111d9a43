//! Which assertions are sent, and what they say.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::protocol::{ClientAuth, Json};

use super::options::Values;
use super::pem::PemSource;
use super::settings::refuse;

/// The assertions of a client's requests.
#[derive(Debug, Clone)]
pub(crate) struct Assertions {
    /// By which the client proves who it is: `client_assertion` (RFC 7523 §2.2).
    pub(crate) proof: AssertionSource,
    /// The grant (RFC 7523 §2.1), and what `{assertion}` stands for.
    pub(crate) grant: AssertionSource,
}

/// Where an assertion comes from.
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
pub(crate) const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// Who makes an assertion.
#[derive(Clone, Copy)]
enum Maker<'a> {
    File(&'a Path),
    Key(&'a PemSource),
    /// The client's secret.
    Secret,
}

/// What an assertion says of its own.
#[derive(Default)]
#[cfg_attr(not(feature = "jwt"), allow(dead_code))]
struct Statement {
    issuer: Option<String>,
    subject: Option<String>,
    claims: Vec<(String, Json)>,
}

impl Assertions {
    /// Checks the options about assertions against each other. `is_grant` says that one is the grant, `is_placed` that
    /// `{assertion}` stands somewhere, `is_inherited` that key and file were not set for this client and may be of no use
    /// to it.
    pub(super) fn new(
        values: &Values,
        claims: Vec<(String, Json)>,
        client_auth: ClientAuth,
        is_grant: bool,
        is_placed: bool,
        is_inherited: bool,
    ) -> Result<Self, Error> {
        let key =
            PemSource::new("private_key_file", &values.private_key_file, "private_key_pem", &values.private_key_pem)?;
        let file = values.client_assertion_file.as_deref();
        let proof = match (client_auth, file, &key) {
            (ClientAuth::ClientSecretJwt, ..) => Some(Maker::Secret),
            (ClientAuth::PrivateKeyJwt, Some(path), _) => Some(Maker::File(path)),
            (ClientAuth::PrivateKeyJwt, None, Some(key)) => Some(Maker::Key(key)),
            (ClientAuth::PrivateKeyJwt, None, None) => return Err(no_key(file)),
            _ => None,
        };
        let grant = match (is_grant || is_placed, &key, file) {
            (false, ..) => None,
            (true, Some(key), _) => Some(Maker::Key(key)),
            (true, None, Some(path)) if !is_grant => Some(Maker::File(path)),
            (true, None, _) if client_auth == ClientAuth::ClientSecretJwt => Some(Maker::Secret),
            (true, None, _) => return Err(no_key(file)),
        };
        if !is_inherited {
            check_all_are_used(values, key.as_ref(), client_auth, [proof, grant])?;
        }

        let says =
            Statement { issuer: values.assertion_issuer.clone(), subject: values.assertion_subject.clone(), claims };
        // The proof is of the client alone (RFC 7523 §3): what the options say is for the grant where there is one.
        let is_grant_signed = matches!(grant, Some(Maker::Key(_) | Maker::Secret));
        let (of_proof, of_grant) =
            if is_grant_signed { (Statement::default(), says) } else { (says, Statement::default()) };
        let is_mixed = matches!((proof, grant), (Some(Maker::Secret), Some(Maker::Key(_))));
        Ok(Self {
            proof: AssertionSource::new(values, proof, of_proof, is_mixed)?,
            grant: AssertionSource::new(values, grant, of_grant, is_mixed)?,
        })
    }
}

impl AssertionSource {
    /// `is_mixed` says that a secret signs one assertion and a key the other.
    fn new(values: &Values, maker: Option<Maker<'_>>, says: Statement, is_mixed: bool) -> Result<Self, Error> {
        let key = match maker {
            None => return Ok(Self::Unneeded),
            Some(Maker::File(path)) => return Ok(Self::File(path.to_owned())),
            Some(Maker::Key(key)) => Some(key),
            Some(Maker::Secret) => None,
        };
        check_claims(values, &says)?;
        sign(values, says, key, is_mixed)
    }
}

/// The error about an assertion that nobody makes.
fn no_key(file: Option<&Path>) -> Error {
    if file.is_some() {
        return refuse(format!(
            "the grant `{JWT_BEARER}` needs an assertion beside that of `client_assertion_file`, which is the client's \
             own: set `private_key_file` or `private_key_pem`, or `param.assertion` to a finished one or to `{{assertion}}`"
        ));
    }
    refuse(
        "an assertion is to be signed, but there is no key: set `private_key_file` or `private_key_pem` (or \
         `client_assertion_file`, or `param.assertion` to a finished one)",
    )
}

/// Keeps no key and no file in silence.
fn check_all_are_used(
    values: &Values,
    key: Option<&PemSource>,
    client_auth: ClientAuth,
    makers: [Option<Maker<'_>>; 2],
) -> Result<(), Error> {
    let is_file_used = makers.iter().any(|maker| matches!(maker, Some(Maker::File(_))));
    let is_key_used = makers.iter().any(|maker| matches!(maker, Some(Maker::Key(_))));
    match (&values.client_assertion_file, key) {
        (Some(_), Some(key)) if !(is_file_used && is_key_used) => Err(refuse(format!(
            "options `client_assertion_file` and `{}` are both set; keep one (both are sent where `client_auth` = \
             `private_key_jwt` takes the file and the grant `{JWT_BEARER}` or `{{assertion}}` the key)",
            key.option
        ))),
        (Some(_), None) if !is_file_used => Err(refuse(
            "option `client_assertion_file` is set but not sent: set `client_auth` to `private_key_jwt`, or put \
             `{assertion}` into a `param.NAME` or `header.NAME`",
        )),
        (None, Some(key)) if !is_key_used && client_auth == ClientAuth::ClientSecretJwt => Err(refuse(format!(
            "option `{}` is set but nothing is signed with it, because `client_auth` = `client_secret_jwt` signs with \
             the secret; did you mean `private_key_jwt`?",
            key.option
        ))),
        (None, Some(key)) if !is_key_used => Err(refuse(format!(
            "option `{}` is set but nothing is signed with it: set `client_auth` to `private_key_jwt`, `grant_type` \
             to `{JWT_BEARER}`, or put `{{assertion}}` into a `param.NAME` or `header.NAME`",
            key.option
        ))),
        _ => Ok(()),
    }
}

/// Refuses what no server would accept.
fn check_claims(values: &Values, says: &Statement) -> Result<(), Error> {
    let issuer = says.issuer.as_ref().or(values.client_id.as_ref());
    if issuer.is_none_or(String::is_empty) && !says.claims.iter().any(|(name, _)| name == "iss") {
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
fn sign(values: &Values, says: Statement, key: Option<&PemSource>, is_mixed: bool) -> Result<AssertionSource, Error> {
    use crate::protocol::{AssertionAlgorithm, AssertionKey, AssertionRules, Thumbprint, chain_from_pem};

    // Of two that sign, each has the algorithm that it can use, and what names a key belongs to the key.
    let is_suitable = |algorithm: &AssertionAlgorithm| !is_mixed || algorithm.is_for_secrets() == key.is_none();
    let algorithm = values.assertion_alg.and_then(|name| AssertionAlgorithm::named(name.0)).filter(is_suitable);
    let names_key = !is_mixed || key.is_some();
    let key_option = key.map(|source| source.option);
    let key = match key {
        Some(source) => AssertionKey::from_pem(&source.read()?, algorithm).map_err(|reason| source.refuse(&reason))?,
        None => AssertionKey::client_secret(algorithm)
            .map_err(|reason| refuse(format!("option `assertion_alg`: {reason}")))?,
    };
    let thumbprint = values.assertion_x5t.as_deref().map(Thumbprint::parse).transpose();
    let thumbprint = thumbprint.map_err(|reason| refuse(format!("option `assertion_x5t`: {reason}")))?;
    let chain = match PemSource::new("assertion_x5c", &values.assertion_x5c, "assertion_x5c", &None)? {
        Some(source) => chain_from_pem(&source.read()?).map_err(|reason| source.refuse(&reason))?,
        None => Vec::new(),
    };
    Ok(AssertionSource::Signed(Box::new(AssertionRules {
        key,
        key_option,
        key_id: values.key_id.clone().filter(|_| names_key),
        thumbprint: thumbprint.filter(|_| names_key),
        chain: if names_key { chain } else { Vec::new() },
        issuer: says.issuer,
        subject: says.subject,
        audience: values.assertion_audience.clone(),
        lifetime: values.assertion_lifetime.unwrap_or(std::time::Duration::from_secs(60)),
        claims: says.claims,
    })))
}

#[cfg(not(feature = "jwt"))]
fn sign(_: &Values, _: Statement, _: Option<&PemSource>, _: bool) -> Result<AssertionSource, Error> {
    Err(refuse("this build cannot sign assertions (feature `jwt`); `client_assertion_file` takes a finished one"))
}
