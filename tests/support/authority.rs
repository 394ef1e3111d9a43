//! Certificates for tests, made on the spot.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{RootCertStore, ServerConfig};

/// A certificate authority that only those trust who are given its certificate.
pub struct TestAuthority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl TestAuthority {
    pub fn new() -> Self {
        let key = KeyPair::generate().expect("no key");
        let mut parameters = CertificateParams::default();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        name(&mut parameters, "Test Authority");
        let issuer = CertifiedIssuer::self_signed(parameters, key).expect("no certificate");
        Self { issuer }
    }

    pub fn certificate_pem(&self) -> String {
        self.issuer.pem()
    }

    /// A server under these host names and addresses.
    pub fn server_config(&self, names: &[&str]) -> Arc<ServerConfig> {
        self.configure(names, WebPkiClientVerifier::no_client_auth())
    }

    /// The same, but a client without a certificate of this authority does not get through the handshake.
    pub fn server_config_demanding_client(&self, names: &[&str]) -> Arc<ServerConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).expect("unusable root");
        let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider());
        self.configure(names, verifier.build().expect("no verifier"))
    }

    /// A certificate for a client of that name and the key to it, both PEM.
    pub fn client_certificate(&self, common_name: &str) -> (String, String) {
        let purpose = ExtendedKeyUsagePurpose::ClientAuth;
        let (certificate, key) = self.issue(common_name, &[], purpose);
        (certificate.pem(), key.serialize_pem())
    }

    fn configure(&self, names: &[&str], verifier: Arc<dyn ClientCertVerifier>) -> Arc<ServerConfig> {
        let purpose = ExtendedKeyUsagePurpose::ServerAuth;
        let (certificate, key) = self.issue("Test Server", names, purpose);
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .expect("no protocol version")
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("unusable certificate");
        Arc::new(config)
    }

    fn issue(
        &self,
        common_name: &str,
        names: &[&str],
        purpose: ExtendedKeyUsagePurpose,
    ) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().expect("no key");
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut parameters = CertificateParams::new(names).expect("unusable host name");
        parameters.use_authority_key_identifier_extension = true;
        parameters.extended_key_usages = vec![purpose];
        name(&mut parameters, common_name);
        let certificate = parameters.signed_by(&key, &self.issuer);
        (certificate.expect("no certificate"), key)
    }
}

impl Default for TestAuthority {
    fn default() -> Self {
        Self::new()
    }
}

fn name(parameters: &mut CertificateParams, common_name: &str) {
    let distinguished_name = &mut parameters.distinguished_name;
    distinguished_name.push(DnType::CommonName, common_name);
}

/// Named, because a default for the process would be shared with the code under test.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}
