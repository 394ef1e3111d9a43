//! Whom a connection trusts, and what went wrong when it did not.

use std::sync::{Arc, OnceLock};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{AlertDescription, CertificateError, ClientConfig, InconsistentKeys, RootCertStore};

use crate::config::{HttpSettings, Identity, PemSource, Roots};
use crate::error::{Error, ErrorKind};
use crate::private_key::signing_key;

use super::resumption;

/// The TLS configuration of one client, built once.
pub(super) struct Tls {
    identity: Option<Arc<SingleCertAndKey>>,
    config: OnceLock<Arc<ClientConfig>>,
}

impl Tls {
    /// Reads and checks everything that options name. The system's roots are read at the first connection: a host
    /// that makes none over TLS need not have any.
    pub(super) fn new(settings: &HttpSettings) -> Result<Self, Error> {
        let identity = settings.identity.as_ref().map(parse_identity).transpose()?;
        let tls = Self { identity, config: OnceLock::new() };
        let roots = match (&settings.certificate_authorities, settings.roots) {
            (Some(source), _) => parse_authorities(source)?,
            (None, Roots::Bundled) => webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect(),
            (None, Roots::System) => return Ok(tls),
        };
        let config = tls.build(roots).map_err(|error| Error::new(ErrorKind::Config, error.to_string()))?;
        tls.config.get_or_init(|| config);
        Ok(tls)
    }

    /// The configuration, made at the first call.
    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, String> {
        if let Some(config) = self.config.get() {
            return Ok(Arc::clone(config));
        }
        let config = self.build(system_roots()?).map_err(|error| error.to_string())?;
        Ok(Arc::clone(self.config.get_or_init(|| config)))
    }

    fn build(&self, roots: RootCertStore) -> Result<Arc<ClientConfig>, rustls::Error> {
        // Named here and not installed, because a default provider would be the whole process's.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots);
        let mut config = match &self.identity {
            Some(identity) => builder.with_client_cert_resolver(identity.clone()),
            None => builder.with_no_client_auth(),
        };
        config.resumption = resumption::in_memory();
        Ok(Arc::new(config))
    }
}

/// What a failed handshake means for the host that it was tried with.
pub(super) fn explain(host: &str, error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(reason) => explain_certificate(host, reason),
        rustls::Error::AlertReceived(alert) => match alert {
            AlertDescription::CertificateRequired => format!(
                "{host} demands a client certificate: set `tls_cert_file` and `tls_key_file`, or ask the provider why \
                 it did not accept the one that was sent"
            ),
            AlertDescription::ProtocolVersion => format!("{host} speaks neither TLS 1.2 nor TLS 1.3"),
            other => format!(
                "{host} ended the TLS handshake with the alert {other:?}; it may want a client certificate \
                 (`tls_cert_file`), or another host name"
            ),
        },
        rustls::Error::InvalidMessage(_) => {
            format!("what answers at {host} does not speak TLS; check the port, and that the URL should be `https`")
        }
        rustls::Error::PeerIncompatible(_) => format!("{host} offers no TLS version or cipher that is safe ({error})"),
        other => format!("the TLS connection to {host} failed: {other}"),
    }
}

fn explain_certificate(host: &str, reason: &CertificateError) -> String {
    match reason {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => format!(
            "the certificate of {host} comes from an authority that is not trusted: set `ca_file` to that \
             authority's certificate, if it is the right one"
        ),
        CertificateError::NotValidForName => {
            format!("the certificate of {host} is for another name; check the host in the URL")
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            let names = presented.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
            let names = crate::line::clean(&names, 120);
            format!("the certificate of {host} is for another name ({names}); check the host in the URL")
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            format!("the certificate of {host} has expired, or this machine's clock is wrong")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            format!("the certificate of {host} is not valid yet, or this machine's clock is wrong")
        }
        // Certificates hold what their issuers like.
        other => explain_oddity(host, &crate::line::clean(&format!("{other:?}"), 300)),
    }
}

/// What rustls leaves to the text of its verifier.
fn explain_oddity(host: &str, reason: &str) -> String {
    let explanation = if reason.contains("CaUsedAsEndEntity") {
        "is an authority's own, not a server's: issue one for the server that is signed by it (basicConstraints \
         CA:FALSE), and set `ca_file` to the authority's"
    } else if reason.contains("UnsupportedCertVersion") {
        "is of an old version of X.509: issue one of version 3, with a subjectAltName"
    } else {
        return format!("the certificate of {host} cannot be trusted: {reason}");
    };
    format!("the certificate of {host} {explanation}")
}

fn system_roots() -> Result<RootCertStore, String> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added > 0 {
        return Ok(roots);
    }
    let reason = found.errors.first().map(|error| format!(" ({error})")).unwrap_or_default();
    Err(format!(
        "this system names no certificate authorities{reason}: set `ca_file`, or `roots` to `bundled` (the variables \
         SSL_CERT_FILE and SSL_CERT_DIR, where set, say where they are looked for)"
    ))
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
