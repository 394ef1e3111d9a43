use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{Gate, Reply, Request, Server};

/// What C programs ask a server for beside tokens; see `tests/c/signals.h`.
///
/// The answer to the first request for a token is held back until one for `/release` comes; one for `/held` is answered
/// once that first request is there.
pub struct Signals {
    token_requests: AtomicUsize,
    arrived: Gate,
    released: Gate,
}

impl Signals {
    pub fn new() -> Self {
        Self { token_requests: AtomicUsize::new(0), arrived: Gate::new(), released: Gate::new() }
    }

    /// The answer; requests for a token are counted from 1.
    pub fn answer(&self, request: &Request, token: impl FnOnce(usize) -> Reply) -> Reply {
        match request.path() {
            "/held" => Reply::gated(&self.arrived, acknowledged()),
            "/release" => {
                self.released.open();
                acknowledged()
            }
            _ => {
                let number = self.token_requests.fetch_add(1, Ordering::SeqCst) + 1;
                self.arrived.open();
                let reply = token(number);
                if number == 1 { Reply::gated(&self.released, reply) } else { reply }
            }
        }
    }
}

/// How many requests for a token came.
pub fn token_requests(server: &Server) -> usize {
    server.requests().iter().filter(|request| request.path() == "/token").count()
}

fn acknowledged() -> Reply {
    Reply::json(200, serde_json::json!({"access_token": "signal", "expires_in": 3600}))
}
