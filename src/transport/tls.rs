//! Whom a connection trusts, and as whom it is made.

use std::fmt::Display;
use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, InconsistentKeys, RootCertStore};

use crate::config::{HttpSettings, Identity, PemSource, Roots};
use crate::error::{Error, ErrorKind};
use crate::private_key::signing_key;

use super::resumption;
use super::system_roots::SystemRoots;
use super::tls_failure::{self, Trusted};

/// The TLS configuration of one client, built once.
pub(super) struct Tls {
    identity: Option<Arc<SingleCertAndKey>>,
    trusted: Trusted,
    /// What the environment names and cannot be read, where the system's authorities are trusted.
    unread: OnceLock<Option<String>>,
    config: OnceLock<Arc<ClientConfig>>,
}

impl Tls {
    /// Reads and checks everything that options name. The system's roots are read at the first connection: a host
    /// that makes none over TLS need not have any.
    pub(super) fn new(settings: &HttpSettings) -> Result<Self, Error> {
        let identity = settings.identity.as_ref().map(parse_identity).transpose()?;
        let trusted = match (&settings.certificate_authorities, settings.roots) {
            (Some(source), _) => Trusted::Named(source.described()),
            (None, Roots::Bundled) => Trusted::Bundled,
            (None, Roots::System) => Trusted::System,
        };
        let tls = Self { identity, trusted, unread: OnceLock::new(), config: OnceLock::new() };
        let roots = match (&settings.certificate_authorities, settings.roots) {
            (Some(source), _) => parse_authorities(source)?,
            (None, Roots::Bundled) => webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect(),
            (None, Roots::System) => return Ok(tls),
        };
        let refuse = |reason: &dyn Display| Error::new(ErrorKind::Config, reason.to_string());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build();
        let config = tls.build(verifier.map_err(|error| refuse(&error))?).map_err(|error| refuse(&error))?;
        tls.config.get_or_init(|| config);
        Ok(tls)
    }

    /// The configuration, made at the first call.
    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, String> {
        if let Some(config) = self.config.get() {
            return Ok(Arc::clone(config));
        }
        let roots = Arc::new(SystemRoots::new(provider())?);
        self.unread.get_or_init(|| roots.unread().map(str::to_owned));
        let config = self.build(roots).map_err(|error| error.to_string())?;
        Ok(Arc::clone(self.config.get_or_init(|| config)))
    }

    /// What a failed handshake means for the host that it was tried with.
    pub(super) fn explain(&self, host: &str, error: &rustls::Error) -> String {
        let unread = self.unread.get().and_then(Option::as_deref);
        tls_failure::explain(host, error, &self.trusted, unread)
    }

    fn build(&self, verifier: Arc<dyn ServerCertVerifier>) -> Result<Arc<ClientConfig>, rustls::Error> {
        let builder = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            // What is dangerous is a verifier that verifies less; both that come here are rustls' own at heart.
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let mut config = match &self.identity {
            Some(identity) => builder.with_client_cert_resolver(identity.clone()),
            None => builder.with_no_client_auth(),
        };
        config.resumption = resumption::in_memory();
        Ok(Arc::new(config))
    }
}

/// Named and not installed, because a default provider would be the whole process's.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn parse_authorities(source: &PemSource) -> Result<RootCertStore, Error> {
    let pem = source.read()?;
    let certificates = certificates(source, &pem)?;
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(certificates);
    if added == 0 {
        return Err(source.refuse("holds no certificate that can be read (`-----BEGIN CERTIFICATE-----`)"));
    }
    Ok(roots)
}

/// Reads certificate and key, and finds out now, not at the first connection, whether they fit each other.
fn parse_identity(identity: &Identity) -> Result<Arc<SingleCertAndKey>, Error> {
    let pem = identity.certificate.read()?;
    let chain = certificates(&identity.certificate, &pem)?;
    let key = signing_key(&identity.key.read()?).map_err(|error| identity.key.refuse(&error.to_string()))?;
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        // Of some keys it cannot be said.
        Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => {}
        Err(error) => return Err(misfit(identity, &error)),
    }
    Ok(Arc::new(SingleCertAndKey::from(certified)))
}

fn certificates(source: &PemSource, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match certificates {
        Ok(certificates) if certificates.is_empty() => {
            Err(source.refuse("holds no certificate in PEM (`-----BEGIN CERTIFICATE-----`)"))
        }
        Ok(certificates) => Ok(certificates),
        Err(_) => Err(source.refuse("holds PEM that breaks off or is damaged")),
    }
}

fn misfit(identity: &Identity, error: &rustls::Error) -> Error {
    let reason = match error {
        rustls::Error::InconsistentKeys(_) => "the private key does not belong to the certificate".to_owned(),
        other => format!("certificate and key cannot be used: {other}"),
    };
    let options = format!("options `{}` and `{}`", identity.certificate.option, identity.key.option);
    Error::new(ErrorKind::Config, format!("{options}: {reason}"))
}
