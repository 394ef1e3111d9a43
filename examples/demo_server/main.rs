//! A small authorization server on a loopback port, and an API that takes its tokens: enough to try
//! the library without an account anywhere.
//!
//! `demo_server DIRECTORY` writes two files there, `ca.pem` and `environment`, which a shell can
//! source, and serves until its standard input ends.
//!
//! `demo_server get URL` prints the page at that URL. It sends the header lines on its standard
//! input and trusts the certificates in the file that `OAUTH_CA_FILE` names.

use std::env;
use std::error::Error;
use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

#[path = "../../tests/support/mod.rs"]
mod support;

mod get;
mod provider;

use provider::Provider;
use support::Server;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments[..] {
        ["get", url] => get::print_page(url),
        [directory] => serve(Path::new(directory)),
        _ => Err("usage: demo_server DIRECTORY | demo_server get URL".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("demo_server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(directory: &Path) -> Result<(), Box<dyn Error>> {
    let provider = Provider::default();
    let server = Server::https(move |request| provider.answer(request));
    write_environment(directory, &server)?;
    // Whoever started the server holds the other end, so it ends with them.
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}

fn write_environment(directory: &Path, server: &Server) -> Result<(), Box<dyn Error>> {
    let directory = fs::canonicalize(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    let ca_file = directory.join("ca.pem");
    fs::write(&ca_file, server.ca_pem())?;
    let ca_file = ca_file.to_str().ok_or("the directory is not UTF-8")?;

    let environment = [
        ("OAUTH_TOKEN_URL", server.url(provider::TOKEN_PATH)),
        ("OAUTH_CLIENT_ID", provider::CLIENT_ID.to_owned()),
        ("OAUTH_CLIENT_SECRET", provider::CLIENT_SECRET.to_owned()),
        ("OAUTH_CA_FILE", ca_file.to_owned()),
        ("DEMO_API_URL", server.url(provider::API_PATH)),
        ("DEMO_REQUESTS_URL", server.url(provider::REQUESTS_PATH)),
    ];
    let lines = environment.map(|(name, value)| format!("export {name}={}\n", shell_quoted(&value)));

    // Renamed into place, so that whoever waits for the file sees all of it.
    let unfinished = directory.join("environment.unfinished");
    fs::write(&unfinished, lines.concat())?;
    fs::rename(unfinished, directory.join("environment"))?;
    Ok(())
}

fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
