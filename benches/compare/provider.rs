//! The token endpoints that everybody asks: one over TLS 1.3 with an ECDSA P-256 certificate, one without TLS.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::json;

use crate::support::{Reply, Request, Server, TemporaryDirectory};

pub(crate) struct Provider {
    pub plain: Server,
    pub secure: Server,
    folder: TemporaryDirectory,
}

/// By whom a program trusts the server, and how it reaches it.
#[derive(Clone, Copy)]
pub(crate) enum Trust {
    /// One CA, in a file that an option names.
    NamedAuthority,
    /// All that the system trusts, among them that CA.
    SystemStore,
    /// There is no TLS.
    Nobody,
}

impl Provider {
    pub(crate) fn start() -> Self {
        let provider =
            Self { plain: Server::http(grant), secure: Server::https(grant), folder: TemporaryDirectory::new() };
        let authority = provider.secure.ca_pem();
        provider.folder.write("authority.pem", &authority);
        // Where Debian and most others keep it.
        let system = fs::read_to_string("/etc/ssl/certs/ca-certificates.crt").unwrap_or_else(|error| {
            eprintln!("the system's store holds nothing beside the CA of the comparison: {error}");
            String::new()
        });
        provider.folder.write("system.pem", system + &authority);
        provider
    }

    /// Tells a program where to ask and whom to trust, in variables that all of them heed.
    pub(crate) fn configure(&self, command: &mut Command, trust: Trust) {
        for (name, _) in std::env::vars_os() {
            let upper = name.to_string_lossy().to_uppercase();
            if upper.starts_with("OAUTH_") || upper.ends_with("_PROXY") || upper.starts_with("SSL_CERT_") {
                command.env_remove(name);
            }
        }
        command.env("OAUTH_CLIENT_ID", "my-service").env("OAUTH_CLIENT_SECRET", "hunter2-secret");
        match trust {
            Trust::NamedAuthority => command.env("OAUTH_CA_FILE", self.file("authority.pem")),
            Trust::SystemStore => command.env("SSL_CERT_FILE", self.file("system.pem")),
            Trust::Nobody => command,
        };
        let server = if matches!(trust, Trust::Nobody) { &self.plain } else { &self.secure };
        command.env("OAUTH_TOKEN_URL", server.url("/token"));
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn grant(_: &Request) -> Reply {
    // As long as many signed tokens are.
    let token = "eyJhbGciOiJFUzI1NiJ9".repeat(40);
    Reply::json(200, json!({"access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": "read write"}))
}
