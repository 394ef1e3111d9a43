use std::env;
use std::error::Error;
use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// Prints what is found at the URL, or fails with what the server said instead.
pub(crate) fn print_page(url: &str) -> Result<(), Box<dyn Error>> {
    let headers = io::read_to_string(io::stdin())?;
    let answer = fetch(url, headers.lines())?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    let status_line = head.lines().next().unwrap_or_default();
    if status_line.split(' ').nth(1) != Some("200") {
        return Err(format!("{url} answered {status_line}: {body}").into());
    }
    println!("{}", body.trim_end());
    Ok(())
}

fn fetch<'a>(url: &str, headers: impl Iterator<Item = &'a str>) -> Result<String, Box<dyn Error>> {
    let (address, path) = url
        .strip_prefix("https://")
        .and_then(|rest| rest.split_once('/'))
        .ok_or("the URL is not https://HOST:PORT/PATH")?;
    let mut request = format!("GET /{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for header in headers {
        request += &format!("{header}\r\n");
    }
    request += "\r\n";

    let mut stream = connect(address)?;
    stream.write_all(request.as_bytes())?;
    Ok(io::read_to_string(&mut stream)?)
}

fn connect(address: &str) -> Result<impl Read + Write, Box<dyn Error>> {
    let (host, _port) = address.split_once(':').ok_or("the URL has no port")?;
    let ca_file = env::var_os("OAUTH_CA_FILE").ok_or("OAUTH_CA_FILE is not set")?;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&fs::read(ca_file)?)?)?;

    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let host = ServerName::try_from(host.to_owned())?;
    let session = ClientConnection::new(Arc::new(config), host)?;
    Ok(StreamOwned::new(session, TcpStream::connect(address)?))
}
