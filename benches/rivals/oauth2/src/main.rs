//! A token by the `oauth2` crate and its blocking client.
//!
//! Without an argument it prints the `Authorization` header. With `exchanges` it prints, for each line `THREADS CALLS`, of
//! which it heeds the calls, the nanoseconds that each of them took.

use std::env;
use std::error::Error;
use std::fs;
use std::io;
use std::time::Instant;

use oauth2::basic::{BasicClient, BasicTokenResponse};
use oauth2::{ClientId, ClientSecret, TokenResponse, TokenUrl};
use reqwest::Certificate;
use reqwest::blocking::Client;
use reqwest::redirect::Policy;

fn main() -> Result<(), Box<dyn Error>> {
    let client = http_client()?;
    if env::args().nth(1).as_deref() != Some("exchanges") {
        println!("Authorization: Bearer {}", exchange(&client)?.access_token().secret());
        return Ok(());
    }
    for line in io::stdin().lines() {
        let line = line?;
        let calls: u32 = line.split_whitespace().nth(1).ok_or("no number of calls")?.parse()?;
        let start = Instant::now();
        for _ in 0..calls {
            exchange(&client)?;
        }
        println!("{}", start.elapsed().as_nanos() as f64 / f64::from(calls));
    }
    Ok(())
}

fn http_client() -> Result<Client, Box<dyn Error>> {
    let builder = Client::builder().redirect(Policy::none()).pool_max_idle_per_host(0).no_proxy();
    let builder = match env::var_os("OAUTH_CA_FILE") {
        Some(path) => {
            builder.tls_built_in_root_certs(false).add_root_certificate(Certificate::from_pem(&fs::read(path)?)?)
        }
        // The variable names the system's store; otherwise it is not asked for, and the crate has roots of its own.
        None => {
            let is_system = env::var_os("SSL_CERT_FILE").is_some();
            builder.tls_built_in_webpki_certs(!is_system).tls_built_in_native_certs(is_system)
        }
    };
    Ok(builder.build()?)
}

fn exchange(client: &Client) -> Result<BasicTokenResponse, Box<dyn Error>> {
    let provider = BasicClient::new(ClientId::new(env::var("OAUTH_CLIENT_ID")?))
        .set_client_secret(ClientSecret::new(env::var("OAUTH_CLIENT_SECRET")?))
        .set_token_uri(TokenUrl::new(env::var("OAUTH_TOKEN_URL")?)?);
    Ok(provider.exchange_client_credentials().request(client)?)
}
