//! Of a private key nothing that this library held is left in memory once everything that held it is gone.
//!
//! Not looked for: the numbers that ring computes from a key, and what serde_json sets aside to undo escapes where a key is
//! a text in JSON; both are freed as they are.

#![cfg(all(feature = "http", feature = "jwt", target_os = "linux"))]

mod support;

use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth_token::{Client, ClientAuth, Config, ProxyChoice, Roots};
use serde_json::json;
use zeroize::Zeroizing;

use support::FakeTransport;

const KEYS: [&str; 7] = [
    "rsa_pkcs1.pem",
    "rsa_pkcs8.pem",
    "p256_pkcs8.pem",
    "p256_sec1.pem",
    "p384_pkcs8.pem",
    "p384_sec1.pem",
    "ed25519_pkcs8.pem",
];

#[test]
fn nothing_is_left_of_the_text_of_a_key_when_config_and_client_are_gone() {
    let traces = Traces::of_all_keys();
    assert_eq!(traces.count(), 0, "the test itself leaves none");
    let configs: Vec<Config> = KEYS
        .into_iter()
        .flat_map(|name| {
            [signing().private_key_file(path(name)), {
                let mut config = signing();
                config.set("private_key_pem", &text(name)).unwrap();
                config
            }]
        })
        .collect();
    let clients: Vec<Client> = configs.iter().cloned().map(signed_once).chain([with_certificate()]).collect();
    assert!(traces.count() > 1000, "a key that a config holds is found");
    drop((configs, clients));
    assert_eq!(traces.count(), 0);
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/assertions/keys").join(name)
}

fn text(name: &str) -> Zeroizing<String> {
    Zeroizing::new(std::fs::read_to_string(path(name)).expect("the key is checked in"))
}

fn signing() -> Config {
    Config::new().token_url("https://a.test/").client_id("me").client_auth(ClientAuth::PrivateKeyJwt)
}

/// A client that has used its key.
fn signed_once(config: Config) -> Client {
    let granted = |_: &_| support::answer(200, json!({"access_token": "t", "expires_in": 3600}));
    let client = Client::builder(config).transport(Arc::new(FakeTransport::new(granted))).build().unwrap();
    client.token().unwrap();
    client
}

/// A client whose key is that of its certificate.
fn with_certificate() -> Client {
    let config = Config::new()
        .token_url("https://a.test/")
        .client_id("me")
        .client_auth(ClientAuth::TlsClientAuth)
        .proxy(ProxyChoice::None)
        .roots(Roots::Bundled)
        .tls_cert_file(path("p256_certificate.pem"))
        .tls_key_pem(text("p256_pkcs8.pem").as_str());
    Client::new(config).unwrap()
}

/// Every run of a few bytes of the keys, kept in a form that is not found itself.
struct Traces(HashSet<[u8; RUN]>);

/// So many bytes are in memory by chance no more.
const RUN: usize = 12;

/// So much of memory is looked at at once.
const CHUNK: usize = 1 << 20;

impl Traces {
    fn of_all_keys() -> Self {
        let mut runs = HashSet::new();
        let mut add = |bytes: &[u8]| runs.extend(bytes.windows(RUN).map(hidden));
        for name in KEYS {
            lines(&text(name)).for_each(&mut add);
        }
        // Of this kind of key ring keeps no number that stands in the file.
        let pem = text("ed25519_pkcs8.pem");
        let encoded = lines(&pem).next().expect("it has one line");
        let der = Zeroizing::new(STANDARD.decode(encoded).expect("it is base64"));
        add(&der[der.len() - 32..]);
        // The public half may be known, and is in the certificate.
        let certificate: Vec<u8> = lines(&text("p256_certificate.pem")).flatten().copied().collect();
        for run in certificate.windows(RUN) {
            runs.remove(&hidden(run));
        }
        Self(runs)
    }

    /// How many of them stand anywhere in what this process may write to.
    fn count(&self) -> usize {
        let maps = std::fs::read_to_string("/proc/self/maps").expect("Linux has it");
        let mut memory = File::open("/proc/self/mem").expect("a process may read its own");
        let mut chunk = Zeroizing::new(vec![0; CHUNK]);
        let mut found = 0;
        for (start, end) in maps.lines().filter_map(writable_range) {
            // Chunks overlap, so that nothing hides between two.
            for at in (start..end).step_by(CHUNK - RUN) {
                let chunk_range = chunk.as_ptr() as usize..chunk.as_ptr() as usize + CHUNK;
                let part = &mut chunk[..CHUNK.min(end - at)];
                let is_read = memory.seek(SeekFrom::Start(at as u64)).and_then(|_| memory.read_exact(part));
                if is_read.is_err() {
                    continue;
                }
                // What was read before lies in the chunk, which is a part of memory too.
                let (from, to) = (chunk_range.start.max(at), chunk_range.end.min(at + part.len()));
                if from < to {
                    part[from - at..to - at].fill(0);
                }
                found += part.windows(RUN).filter(|run| run[0] != 0 && self.0.contains(&hidden(run))).count();
            }
        }
        found
    }
}

/// Those that hold base64.
fn lines(pem: &str) -> impl Iterator<Item = &[u8]> {
    pem.lines().filter(|line| !line.starts_with('-')).map(str::as_bytes)
}

fn hidden(run: &[u8]) -> [u8; RUN] {
    std::array::from_fn(|at| run[at] ^ 0x5a)
}

fn writable_range(line: &str) -> Option<(usize, usize)> {
    let (range, rest) = line.split_once(' ')?;
    let (start, end) = range.split_once('-')?;
    let address = |text| usize::from_str_radix(text, 16).ok();
    rest.starts_with("rw").then_some(())?;
    Some((address(start)?, address(end)?))
}
