//! Certificates for tests, made on the spot.

use std::ops::Range;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};

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
        self.server_config_in(ALWAYS, names)
    }

    /// The same, with a certificate that holds in these years and no others.
    pub fn server_config_in(&self, years: Range<i32>, names: &[&str]) -> Arc<ServerConfig> {
        self.configure(names, years, WebPkiClientVerifier::no_client_auth())
    }

    /// A server that shows the authority's own certificate, as one that signed itself.
    pub fn server_config_of_itself(&self) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.issuer.key().serialize_der()));
        serve_with(self.issuer.der().clone(), key, WebPkiClientVerifier::no_client_auth())
    }

    /// A server whose certificate for `localhost` signed itself and is no authority's, and that certificate in PEM.
    pub fn server_config_self_signed() -> (Arc<ServerConfig>, String) {
        let key = KeyPair::generate().expect("no key");
        let mut parameters = CertificateParams::new(["localhost".to_owned()]).expect("unusable host name");
        parameters.is_ca = IsCa::ExplicitNoCa;
        name(&mut parameters, "Test Server");
        let certificate = parameters.self_signed(&key).expect("no certificate");
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        (serve_with(certificate.der().clone(), key, WebPkiClientVerifier::no_client_auth()), certificate.pem())
    }

    /// A server that shows a good certificate, and does not have the key to it.
    pub fn server_config_of_a_thief(&self, version: &'static SupportedProtocolVersion) -> Arc<ServerConfig> {
        let (stolen, _) = self.issue("Test Server", &["localhost"], ALWAYS, ExtendedKeyUsagePurpose::ServerAuth);
        let own = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(KeyPair::generate().expect("no key").serialize_der()));
        let key = ring::sign::any_supported_type(&own).expect("unusable key");
        let shown = SingleCertAndKey::from(CertifiedKey::new(vec![stolen.der().clone()], key));
        let config = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&[version])
            .expect("no protocol version")
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(shown));
        Arc::new(config)
    }

    /// The same, but a client without a certificate of this authority does not get through the handshake.
    pub fn server_config_demanding_client(&self, names: &[&str]) -> Arc<ServerConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).expect("unusable root");
        let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider());
        self.configure(names, ALWAYS, verifier.build().expect("no verifier"))
    }

    /// A certificate for a client of that name and the key to it, both PEM.
    pub fn client_certificate(&self, common_name: &str) -> (String, String) {
        let purpose = ExtendedKeyUsagePurpose::ClientAuth;
        let (certificate, key) = self.issue(common_name, &[], ALWAYS, purpose);
        (certificate.pem(), key.serialize_pem())
    }

    fn configure(&self, names: &[&str], years: Range<i32>, verifier: Arc<dyn ClientCertVerifier>) -> Arc<ServerConfig> {
        let (certificate, key) = self.issue("Test Server", names, years, ExtendedKeyUsagePurpose::ServerAuth);
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        serve_with(certificate.der().clone(), key, verifier)
    }

    fn issue(
        &self,
        common_name: &str,
        names: &[&str],
        years: Range<i32>,
        purpose: ExtendedKeyUsagePurpose,
    ) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().expect("no key");
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut parameters = CertificateParams::new(names).expect("unusable host name");
        parameters.use_authority_key_identifier_extension = true;
        parameters.extended_key_usages = vec![purpose];
        parameters.not_before = date_time_ymd(years.start, 1, 1);
        parameters.not_after = date_time_ymd(years.end, 1, 1);
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

const ALWAYS: Range<i32> = 1975..4096;

fn serve_with(
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
    verifier: Arc<dyn ClientCertVerifier>,
) -> Arc<ServerConfig> {
    let config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("no protocol version")
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![certificate], key)
        .expect("unusable certificate");
    Arc::new(config)
}

fn name(parameters: &mut CertificateParams, common_name: &str) {
    let distinguished_name = &mut parameters.distinguished_name;
    distinguished_name.push(DnType::CommonName, common_name);
}

/// Named, because a default for the process would be shared with the code under test.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}
