use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::ServerConfig;

use super::connection::{self, Service};
use super::{Reply, Request, TestAuthority};

/// A server on a loopback port of its own, with a thread for each connection and one request on each.
///
/// Dropping it closes the port and opens every gate that an answer waits for.
pub struct Server {
    scheme_and_host: &'static str,
    port: u16,
    authority: Option<TestAuthority>,
    shared: Arc<Shared>,
    accept_thread: Option<JoinHandle<()>>,
}

struct Shared {
    service: Service,
    connections: AtomicUsize,
    stopping: AtomicBool,
}

impl Server {
    pub fn http(handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::start("http://127.0.0.1", None, None, Service::new(handler))
    }

    /// Speaks TLS as `localhost` and `127.0.0.1`, certified by an authority made for this server.
    pub fn https(handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let authority = TestAuthority::new();
        let tls = authority.server_config(&["localhost", "127.0.0.1"]);
        let service = Service::new(handler);
        Self::start("https://localhost", Some(tls), Some(authority), service)
    }

    /// Speaks TLS as the caller configured it; the caller also keeps the authority.
    pub fn https_with(tls: Arc<ServerConfig>, handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::start("https://localhost", Some(tls), None, Service::new(handler))
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}:{}{path}", self.scheme_and_host, self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// How many connections were accepted, those included that never became a request.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// The requests received so far, in order, those included that are not answered yet.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.service.journal.requests()
    }

    /// Returns as soon as this many requests were received; panics when that takes implausibly long.
    pub fn wait_for_requests(&self, count: usize) {
        self.shared.service.journal.wait_for(count);
    }

    /// The authority behind [`Server::https`]; panics for the other servers.
    pub fn authority(&self) -> &TestAuthority {
        let authority = self.authority.as_ref();
        authority.expect("only Server::https has an authority of its own")
    }

    pub fn ca_pem(&self) -> String {
        self.authority().certificate_pem()
    }

    fn start(
        scheme_and_host: &'static str,
        tls: Option<Arc<ServerConfig>>,
        authority: Option<TestAuthority>,
        service: Service,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("no loopback port");
        let port = listener.local_addr().expect("no local address").port();
        let shared = Arc::new(Shared { service, connections: AtomicUsize::new(0), stopping: AtomicBool::new(false) });
        let accept_thread = thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept_until_stopped(&listener, tls.as_ref(), &shared)
        });
        Self { scheme_and_host, port, authority, shared, accept_thread: Some(accept_thread) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        self.shared.service.gates.open_all();
        // The accept thread is only sure to end if it could be woken.
        let woken = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok();
        if let Some(accept_thread) = self.accept_thread.take().filter(|_| woken) {
            let _ = accept_thread.join();
        }
    }
}

fn accept_until_stopped(listener: &TcpListener, tls: Option<&Arc<ServerConfig>>, shared: &Arc<Shared>) {
    loop {
        let accepted = listener.accept();
        if shared.stopping.load(Ordering::SeqCst) {
            return;
        }
        let Ok((socket, _)) = accepted else {
            // Out of file descriptors, most likely: it passes, but not at once.
            thread::sleep(Duration::from_millis(10));
            continue;
        };
        shared.connections.fetch_add(1, Ordering::SeqCst);
        let (tls, shared) = (tls.cloned(), Arc::clone(shared));
        // A thread that cannot be started drops the socket, which the client sees as a hang-up.
        let _ = thread::Builder::new().spawn(move || {
            // What a client does wrong shows in what was recorded, or is missing there.
            let _ = connection::serve(socket, tls, &shared.service);
        });
    }
}
