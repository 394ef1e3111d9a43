use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// A loopback port whose connections are served one after another, as bare sockets: for what no HTTP server does.
pub struct Port {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    is_stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Port {
    pub fn new(serve: impl FnMut(TcpStream) -> io::Result<()> + Send + 'static) -> Self {
        Self::at(Ipv4Addr::LOCALHOST.into(), serve).expect("no loopback port")
    }

    /// Answers with a beginning, and then with the same piece again and again.
    pub fn endless(beginning: &'static str, piece: impl Into<String>) -> Self {
        let piece = piece.into();
        Self::new(move |mut socket| {
            read_head(&mut socket)?;
            socket.write_all(beginning.as_bytes())?;
            loop {
                socket.write_all(piece.as_bytes())?;
            }
        })
    }

    /// An error where this machine has no such address.
    pub fn at(
        address: IpAddr,
        mut serve: impl FnMut(TcpStream) -> io::Result<()> + Send + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((address, 0))?;
        let address = listener.local_addr()?;
        let connections = Arc::new(AtomicUsize::new(0));
        let is_stopping = Arc::new(AtomicBool::new(false));
        let thread = thread::spawn({
            let (connections, is_stopping) = (Arc::clone(&connections), Arc::clone(&is_stopping));
            move || {
                while let Ok((socket, _)) = listener.accept() {
                    if is_stopping.load(Ordering::SeqCst) {
                        return;
                    }
                    connections.fetch_add(1, Ordering::SeqCst);
                    // A client that hangs up on us is what many of these tests are about.
                    let _ = socket.set_read_timeout(Some(Duration::from_secs(60))).and_then(|()| serve(socket));
                }
            }
        });
        Ok(Self { address, connections, is_stopping, thread: Some(thread) })
    }

    /// A port that nobody listens on, though it was free a moment ago.
    pub fn closed() -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("no loopback port");
        listener.local_addr().expect("no local address").port()
    }

    pub fn number(&self) -> u16 {
        self.address.port()
    }

    pub fn url(&self, scheme: &str) -> String {
        format!("{scheme}://{}/token", self.address)
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        let is_woken = TcpStream::connect(self.address).is_ok();
        if let Some(thread) = self.thread.take().filter(|_| is_woken) {
            let _ = thread.join();
        }
    }
}

/// Everything up to the empty line before a body, and not a byte more.
pub fn read_head(socket: &mut impl Read) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        socket.read_exact(&mut byte)?;
        head.extend(byte);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// The head of a request, read together with as much body as it announces: nothing unread is left to reset a connection.
pub fn read_request(socket: &mut impl Read) -> io::Result<String> {
    let head = read_head(socket)?;
    let length =
        head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    socket.read_exact(&mut vec![0; length.unwrap_or(0)])?;
    Ok(head)
}

/// Returns when the client has closed the connection.
pub fn wait_for_end(socket: &mut impl Read) -> io::Result<()> {
    io::copy(socket, &mut io::sink()).map(drop)
}
