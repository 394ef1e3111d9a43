//! The provider of the table on loopback, for programs that know no other way to it.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::answers::answer;
use crate::support::{Gate, Reply, Request, Server, TemporaryDirectory, TestAuthority};

pub(crate) struct Stage {
    plain: Server,
    /// What the system trusts.
    tls: Server,
    own: Server,
    mutual: Server,
    /// What the option names, and what the environment does.
    proxies: [Server; 2],
    /// Where connections are made and nothing is said.
    deaf: TcpListener,
    /// How many requests came since the last were told.
    count: Arc<AtomicUsize>,
    files: TemporaryDirectory,
    /// What stands for what.
    names: Vec<(&'static str, String)>,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let authority = TestAuthority::new();
        let count = Arc::new(AtomicUsize::new(0));
        let handler = || {
            let count = Arc::clone(&count);
            move |request: &Request| reply(request, count.fetch_add(1, Ordering::SeqCst) + 1)
        };
        let proxy = || Server::http(|_| Reply::empty(403));
        let mut stage = Self {
            plain: Server::http(handler()),
            tls: Server::https(handler()),
            own: Server::https_with(authority.server_config(&["localhost"]), handler()),
            mutual: Server::https_with(authority.server_config_demanding_client(&["localhost"]), handler()),
            proxies: [proxy(), proxy()],
            deaf: TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a port"),
            count: Arc::clone(&count),
            files: TemporaryDirectory::new(),
            names: Vec::new(),
        };
        stage.name_all(&authority);
        stage
    }

    fn name_all(&mut self, authority: &TestAuthority) {
        let (certificate, key) = authority.client_certificate("me");
        let texts = [("authority.pem", authority.certificate_pem()), ("client.pem", certificate), ("client.key", key)];
        let file = |name: &str, text: &str| self.files.write(name, text).to_str().expect("it is UTF-8").to_owned();
        let plain = self.plain.url("");
        let mut names = vec![
            ("/run/authority.pem", file("authority.pem", &texts[0].1)),
            ("/run/client.pem", file("client.pem", &texts[1].1)),
            ("/run/client.key", file("client.key", &texts[2].1)),
            ("https://b.test", plain.replace("127.0.0.1", "localhost")),
            ("https://a.test", plain.clone()),
            ("https://issuer.test", plain),
            ("https://tls.test", self.tls.url("")),
            ("https://own.test", self.own.url("")),
            ("https://mutual.test", self.mutual.url("")),
            ("http://proxy.test:1", self.proxies[0].url("")),
            ("https://deaf.test", format!("https://{}", self.deaf.local_addr().expect("it has an address"))),
        ];
        names.extend(texts);
        self.names = names;
    }

    /// The environment of every program: which authorities the system trusts, and its proxies.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let proxy = self.proxies[1].url("");
        let trusted = self.files.write("trusted.pem", self.tls.ca_pem());
        [("SSL_CERT_FILE", trusted.to_str().expect("it is UTF-8")), ("HTTPS_PROXY", &proxy), ("HTTP_PROXY", &proxy)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    }

    /// A value of the table as it is here.
    pub(crate) fn real(&self, text: &str) -> String {
        // A name that is a part of another comes behind it in the list.
        match self.names.iter().find(|(name, _)| text.contains(name)) {
            Some((name, value)) => text.replace(name, value),
            None => text.to_owned(),
        }
    }

    pub(crate) fn real_json(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.real(text)),
            other => other.clone(),
        }
    }

    /// The same text with the names of the table, and without chance.
    pub(crate) fn told(&self, text: &str) -> String {
        let mut told = text.to_owned();
        for (name, value) in &self.names {
            told = told.replace(value, name);
            // Messages name host and port without the scheme.
            if let (Some((_, host)), Some((_, name))) = (value.split_once("://"), name.split_once("://")) {
                told = told.replace(host, name);
            }
        }
        told
    }

    /// The requests since `before`, which is then brought up to date.
    pub(crate) fn requests_since(&self, before: &mut Vec<usize>) -> Vec<String> {
        let servers = [&self.plain, &self.tls, &self.own, &self.mutual, &self.proxies[0], &self.proxies[1]];
        before.resize(servers.len(), 0);
        let mut told = Vec::new();
        for (number, (server, before)) in servers.into_iter().zip(before).enumerate() {
            let requests = server.requests().split_off(*before);
            *before += requests.len();
            told.extend(requests.iter().map(|request| format!("{number}: {}", self.told(&shown(request)))));
        }
        self.count.store(0, Ordering::SeqCst);
        told
    }
}

fn reply(request: &Request, number: usize) -> Reply {
    let authorization = request.header("Authorization").unwrap_or_default();
    let Some(answer) = answer(&request.target, authorization, number) else {
        return Reply::gated(&Gate::new(), Reply::empty(200));
    };
    let host = request.header("Host").unwrap_or_default();
    let here = |name| format!("http://{}", str::replace(host, name, "127.0.0.1"));
    let body =
        answer.body.replace("https://issuer.test", &here("localhost")).replace("https://a.test", &here("localhost"));
    let reply = Reply::text(answer.status, "application/json", body);
    match answer.retry_after {
        Some(wait) => reply.header("Retry-After", wait),
        None => reply,
    }
}

fn shown(request: &Request) -> String {
    let headers: Vec<String> = request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let body = request.text().split('&').map(without_chance).collect::<Vec<_>>().join("&");
    format!("{} {} {headers:?} {body}", request.method, request.target)
}

/// What an assertion says, without its id, its moment and its signature.
fn without_chance(pair: &str) -> String {
    let document = |part: &str| -> Option<Value> { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok() };
    let read = || {
        let (name, value) = pair.split_once('=')?;
        let mut parts = value.split('.');
        let (header, mut claims) = (document(parts.next()?)?, document(parts.next()?)?);
        let life = claims["exp"].as_i64()? - claims["iat"].as_i64()?;
        let claims_map = claims.as_object_mut()?;
        claims_map.retain(|name, _| !["jti", "iat", "exp"].contains(&name.as_str()));
        Some(format!("{name}={header} {claims} for {life} s"))
    };
    read().unwrap_or_else(|| pair.to_owned())
}
