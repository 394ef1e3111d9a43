use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::support::{Reply, Request};

pub(crate) const CLIENT_ID: &str = "demo";
pub(crate) const CLIENT_SECRET: &str = "demo-secret";

pub(crate) const TOKEN_PATH: &str = "/oauth/token";
pub(crate) const API_PATH: &str = "/api/hello";
pub(crate) const REQUESTS_PATH: &str = "/requests";

/// Issues tokens for one client, and greets whoever brings one.
#[derive(Default)]
pub(crate) struct Provider {
    token_requests: AtomicUsize,
    issued: Mutex<HashSet<String>>,
    salt: RandomState,
}

impl Provider {
    pub(crate) fn answer(&self, request: &Request) -> Reply {
        match (request.method.as_str(), request.path()) {
            ("POST", TOKEN_PATH) => self.issue(request),
            ("GET", API_PATH) => self.greet(request),
            ("GET", REQUESTS_PATH) => self.count(),
            _ => Reply::text(404, "text/plain", "there is nothing here\n"),
        }
    }

    fn issue(&self, request: &Request) -> Reply {
        let number = self.token_requests.fetch_add(1, Ordering::SeqCst);
        let client = (CLIENT_ID.to_owned(), CLIENT_SECRET.to_owned());
        if request.basic_decoded() != Some(client) {
            let text = "this client is unknown here, or its secret is wrong";
            return refusal(401, "invalid_client", text).header("WWW-Authenticate", r#"Basic realm="demo""#);
        }
        if request.form_value("grant_type").as_deref() != Some("client_credentials") {
            let text = "only client_credentials is supported";
            return refusal(400, "unsupported_grant_type", text);
        }
        let token = format!("demo-{:016x}", self.salt.hash_one(number));
        self.issued.lock().unwrap().insert(token.clone());
        let answer = json!({
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": 3600,
            "scope": request.form_value("scope").unwrap_or("hello".to_owned()),
        });
        Reply::json(200, answer).header("Cache-Control", "no-store")
    }

    fn greet(&self, request: &Request) -> Reply {
        let authorization = request.header("authorization").unwrap_or_default();
        let token = authorization.strip_prefix("Bearer ").unwrap_or_default();
        if !self.issued.lock().unwrap().contains(token) {
            return Reply::json(401, json!({ "error": "invalid_token" }))
                .header("WWW-Authenticate", r#"Bearer realm="demo", error="invalid_token""#);
        }
        Reply::json(200, json!({ "greeting": "Hello, and thank you for the token." }))
    }

    fn count(&self) -> Reply {
        let count = self.token_requests.load(Ordering::SeqCst);
        Reply::text(200, "text/plain", format!("{count}\n"))
    }
}

fn refusal(status: u16, error: &str, description: &str) -> Reply {
    let answer = json!({ "error": error, "error_description": description });
    Reply::json(status, answer).header("Cache-Control", "no-store")
}
