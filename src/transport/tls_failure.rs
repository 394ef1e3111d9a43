//! What went wrong with TLS, in words.

use rustls::{AlertDescription, CertificateError};

use crate::line::clean;

/// Who is trusted.
pub(super) enum Trusted {
    /// Whom an option names, which is told with its file.
    Named(String),
    /// The authorities that are compiled in.
    Bundled,
    /// The system's.
    System,
}

/// What a failed handshake means for the host that it was tried with. `unread` is what the environment names and cannot be
/// read.
pub(super) fn explain(host: &str, error: &rustls::Error, trusted: &Trusted, unread: Option<&str>) -> String {
    match error {
        rustls::Error::InvalidCertificate(reason) => explain_certificate(host, reason, trusted, unread),
        rustls::Error::AlertReceived(alert) => match alert {
            AlertDescription::CertificateRequired => format!(
                "{host} demands a client certificate: set `tls_cert_file` and `tls_key_file`, or ask the provider why \
                 it did not accept the one that was sent"
            ),
            AlertDescription::ProtocolVersion => format!("{host} speaks neither TLS 1.2 nor TLS 1.3"),
            other => format!(
                "{host} ended the TLS handshake with the alert \"{}\"; it may want a client certificate \
                 (`tls_cert_file`), or another host name",
                in_words(&format!("{other:?}"))
            ),
        },
        rustls::Error::InvalidMessage(_) => {
            format!("what answers at {host} does not speak TLS; check the port, and that the URL should be `https`")
        }
        rustls::Error::PeerIncompatible(_) => format!("{host} offers no TLS version or cipher that is safe ({error})"),
        other => format!("the TLS connection to {host} failed: {other}"),
    }
}

fn explain_certificate(host: &str, reason: &CertificateError, trusted: &Trusted, unread: Option<&str>) -> String {
    let explanation = match reason {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => untrusted(trusted, unread),
        CertificateError::NotValidForName => "is for another name; check the host in the URL".into(),
        CertificateError::NotValidForNameContext { presented, .. } if presented.is_empty() => {
            "names no host: issue one with a subjectAltName".into()
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            format!("is for another name ({}); check the host in the URL", names(presented))
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "has expired, or this machine's clock is wrong".into()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "is not valid yet, or this machine's clock is wrong".into()
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "is not meant for a server: issue one for that (extendedKeyUsage serverAuth)".into()
        }
        other => oddity(&format!("{other:?}")),
    };
    format!("the certificate of {host} {explanation}")
}

fn untrusted(trusted: &Trusted, unread: Option<&str>) -> String {
    let right_one = "set `ca_file` to that authority's certificate, if it is the right one";
    let (whose, fix) = match trusted {
        Trusted::Named(option) => (
            format!(", because {option} does not hold it"),
            "put the certificate of the authority there (of a certificate that signed itself, that one), or leave the \
             option out where the authority is a public one",
        ),
        Trusted::Bundled => (" by Mozilla (option `roots` = `bundled`)".into(), right_one),
        Trusted::System => {
            let unread = unread.map(|unread| format!(" ({unread})")).unwrap_or_default();
            (format!(" by this system{unread}"), right_one)
        }
    };
    format!("comes from an authority that is not trusted{whose}: {fix}")
}

/// What rustls leaves to the text of its verifier.
fn oddity(reason: &str) -> String {
    if reason.contains("CaUsedAsEndEntity") {
        return "is an authority's own, as `openssl req -x509` makes them: issue one for the server (basicConstraints CA:FALSE), \
                signed by that authority or by itself, and set `ca_file` to the certificate that signed it"
            .into();
    }
    if reason.contains("UnsupportedCertVersion") {
        return "is of an old version of X.509: issue one of version 3, with a subjectAltName".into();
    }
    format!("cannot be trusted: {}", in_words(reason))
}

/// The first of the names in a certificate, which rustls writes as `DnsName("a.test")` and `IpAddress(127.0.0.1)`.
fn names(presented: &[String]) -> String {
    const MOST: usize = 3;
    let bare = |name: &String| {
        let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(name);
        clean(inner.trim_matches('"'), 60)
    };
    let mut names: Vec<String> = presented.iter().take(MOST).map(bare).collect();
    if presented.len() > MOST {
        names.push(format!("and {} more", presented.len() - MOST));
    }
    names.join(", ")
}

/// The innermost name of what is written as in Rust, `Other(OtherError(ExtensionValueInvalid))`, in words.
fn in_words(written: &str) -> String {
    let head = written.split([' ', '{']).next().unwrap_or_default().trim_end_matches(')');
    let name = head.rsplit('(').find(|name| name.starts_with(char::is_alphabetic)).unwrap_or(head);
    let mut words = String::new();
    let mut follows_small = false;
    for character in name.chars() {
        if character.is_uppercase() && follows_small {
            words.push(' ');
        }
        follows_small = character.is_lowercase();
        words.extend(character.to_lowercase());
    }
    clean(&words, 80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_as_people_write_them() {
        let presented = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let some = presented(&["DnsName(\"a.test\")", "IpAddress(127.0.0.1)", "IpAddress(::1)"]);
        assert_eq!(names(&some), "a.test, 127.0.0.1, ::1");
        let many = presented(&["DnsName(\"*.a.test\")", "DirectoryName", "Unsupported(0x80)", "DnsName(\"b\")"]);
        assert_eq!(names(&many), "*.a.test, DirectoryName, 0x80, and 1 more");
    }

    #[test]
    fn what_is_written_as_in_rust_is_told_in_words() {
        for (written, words) in [
            ("HandshakeFailure", "handshake failure"),
            ("UnknownCA", "unknown ca"),
            ("Other(OtherError(ExtensionValueInvalid))", "extension value invalid"),
            ("UnhandledCriticalExtension { oid: [1, 2] }", "unhandled critical extension"),
            ("Unknown(85)", "unknown"),
        ] {
            assert_eq!(in_words(written), words);
        }
    }
}
