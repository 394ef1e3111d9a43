//! Whom the system trusts: read when a connection asks, and no more of it than that takes.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, RootCertStore, SignatureScheme};
use rustls_native_certs::CertificateResult;

use crate::line::clean;

/// Checks certificates against the system's bundle of authorities, and against its directories of them where the bundle
/// does not know one. To read directories takes as long as everything else that a first token takes, and they seldom
/// hold more.
#[derive(Debug)]
pub(super) struct SystemRoots {
    provider: Arc<CryptoProvider>,
    bundle: Arc<WebPkiServerVerifier>,
    directories: Vec<PathBuf>,
    /// What the environment names and cannot be read.
    unread: Option<String>,
    /// By what the directories hold; `None` where that is nothing.
    elsewhere: OnceLock<Option<Arc<WebPkiServerVerifier>>>,
}

impl SystemRoots {
    /// Reads the bundle; where there is none, everything.
    pub(super) fn new(provider: Arc<CryptoProvider>) -> Result<Self, String> {
        let (bundle, directories) = places();
        let unread = unread();
        if let Some(bundle) = bundle.and_then(|bundle| verifier(&provider, load(Some(&bundle), &[]))) {
            return Ok(Self { provider, bundle, directories, unread, elsewhere: OnceLock::new() });
        }
        let found = rustls_native_certs::load_native_certs();
        let reason = found.errors.first().map(|error| format!(" ({error})")).unwrap_or_default();
        match verifier(&provider, found) {
            Some(all) => {
                Ok(Self { provider, bundle: all, directories: Vec::new(), unread, elsewhere: OnceLock::new() })
            }
            None => Err(format!(
                "this system names no certificate authorities{reason}: set `ca_file`, or `roots` to `bundled` (the \
                 variables SSL_CERT_FILE and SSL_CERT_DIR, where set, say where they are looked for)"
            )),
        }
    }

    /// What the environment names and cannot be read, for messages.
    pub(super) fn unread(&self) -> Option<&str> {
        self.unread.as_deref()
    }

    fn elsewhere(&self) -> Option<Arc<WebPkiServerVerifier>> {
        if let Some(known) = self.elsewhere.get() {
            return known.clone();
        }
        // Not within the lock: a process that is forked off meanwhile would wait for a thread that it does not have.
        let found = verifier(&self.provider, load(None, &self.directories));
        self.elsewhere.get_or_init(|| found).clone()
    }
}

impl ServerCertVerifier for SystemRoots {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verify = |verifier: &WebPkiServerVerifier| {
            verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
        };
        let first = verify(&self.bundle);
        // Whatever the bundle does not vouch for: of several paths, rustls tells what is wrong with one.
        let Err(Error::InvalidCertificate(reason)) = &first else {
            return first;
        };
        // The second is told of an authority that has a namesake in the bundle.
        let is_unknown = matches!(reason, CertificateError::UnknownIssuer | CertificateError::BadSignature);
        match self.elsewhere().map(|elsewhere| verify(&elsewhere)) {
            Some(second) if second.is_ok() || is_unknown => second,
            _ => first,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.bundle.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.bundle.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.bundle.supported_verify_schemes()
    }

    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        self.bundle.root_hint_subjects()
    }
}

fn verifier(provider: &Arc<CryptoProvider>, found: CertificateResult) -> Option<Arc<WebPkiServerVerifier>> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build().ok()
}

fn load(bundle: Option<&Path>, directories: &[PathBuf]) -> CertificateResult {
    let mut found = rustls_native_certs::load_certs_from_paths(bundle, None);
    for directory in directories {
        found.certs.extend(rustls_native_certs::load_certs_from_paths(None, Some(directory)).certs);
    }
    found
}

/// Tells of a file of authorities that the environment names in vain.
fn unread() -> Option<String> {
    let path = PathBuf::from(env::var_os("SSL_CERT_FILE")?);
    let path_told = clean(&path.display().to_string(), 200);
    let error = std::fs::File::open(&path).err()?;
    Some(format!("environment variable SSL_CERT_FILE: {path_told} cannot be read: {error}"))
}

/// The bundle and the directories that the environment names, or else those that systems have.
#[cfg(all(unix, not(target_vendor = "apple")))]
fn places() -> (Option<PathBuf>, Vec<PathBuf>) {
    let bundle = env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    let directories: Vec<_> = env::var_os("SSL_CERT_DIR").iter().flat_map(env::split_paths).collect();
    if bundle.is_some() || !directories.is_empty() {
        return (bundle, directories);
    }
    let usual = openssl_probe::probe();
    (usual.cert_file, usual.cert_dir)
}

/// Here the system keeps them otherwise.
#[cfg(not(all(unix, not(target_vendor = "apple"))))]
fn places() -> (Option<PathBuf>, Vec<PathBuf>) {
    (None, Vec::new())
}
