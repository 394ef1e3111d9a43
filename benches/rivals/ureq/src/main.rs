//! The least that one exchange can cost: the same POST by ureq alone, and the answer read by serde.
//!
//! For each line `THREADS CALLS`, of which it heeds the calls, it prints the nanoseconds that each of them took.

use std::env;
use std::error::Error;
use std::fs;
use std::io;
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

fn main() -> Result<(), Box<dyn Error>> {
    let url = env::var("OAUTH_TOKEN_URL")?;
    let credentials = format!("{}:{}", env::var("OAUTH_CLIENT_ID")?, env::var("OAUTH_CLIENT_SECRET")?);
    let authorization = format!("Basic {}", STANDARD.encode(credentials));
    let agent = agent()?;
    for line in io::stdin().lines() {
        let line = line?;
        let calls: u32 = line.split_whitespace().nth(1).ok_or("no number of calls")?.parse()?;
        let start = Instant::now();
        for _ in 0..calls {
            let answer = exchange(&agent, &url, &authorization)?;
            if answer.access_token.is_empty() || answer.expires_in == 0 {
                return Err("no token".into());
            }
        }
        println!("{}", start.elapsed().as_nanos() as f64 / f64::from(calls));
    }
    Ok(())
}

fn agent() -> Result<Agent, Box<dyn Error>> {
    let authority = Certificate::from_pem(&fs::read(env::var("OAUTH_CA_FILE")?)?)?;
    let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&[authority])).build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .proxy(None)
        .max_idle_connections(0)
        .max_idle_connections_per_host(0)
        .build();
    Ok(config.into())
}

#[derive(Deserialize)]
struct Answer {
    access_token: String,
    expires_in: u64,
}

fn exchange(agent: &Agent, url: &str, authorization: &str) -> Result<Answer, Box<dyn Error>> {
    let mut response = agent
        .post(url)
        .header("Authorization", authorization)
        .header("Accept", "application/json")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Connection", "close")
        .send("grant_type=client_credentials")?;
    Ok(serde_json::from_slice(&response.body_mut().read_to_vec()?)?)
}
