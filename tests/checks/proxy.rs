use std::io::{self, Write};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use super::port::{Port, read_head, wait_for_end};

/// A proxy on loopback that leads every tunnel to one port, whatever it is asked for.
pub struct Proxy {
    port: Port,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub fn leading_to(target: u16) -> Self {
        Self::new(move |mut socket| {
            let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, target))?;
            socket.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
            let (mut from_server, mut to_client) = (server.try_clone()?, socket.try_clone()?);
            let back = thread::spawn(move || {
                let _ = io::copy(&mut from_server, &mut to_client);
                let _ = to_client.shutdown(Shutdown::Write);
            });
            let _ = io::copy(&mut socket, &mut server);
            let _ = server.shutdown(Shutdown::Write);
            let _ = back.join();
            Ok(())
        })
    }

    pub fn answering(answer: &str) -> Self {
        let answer = answer.to_owned();
        Self::new(move |mut socket| {
            socket.write_all(answer.as_bytes())?;
            socket.shutdown(Shutdown::Write)?;
            wait_for_end(&mut socket)
        })
    }

    pub fn new(mut serve: impl FnMut(TcpStream) -> io::Result<()> + Send + 'static) -> Self {
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&heads);
        let port = Port::new(move |mut socket| {
            let head = read_head(&mut socket)?;
            seen.lock().unwrap().push(head);
            serve(socket)
        });
        Self { port, heads }
    }

    pub fn url(&self, credentials: &str) -> String {
        format!("http://{credentials}127.0.0.1:{}", self.port.number())
    }

    pub fn number(&self) -> u16 {
        self.port.number()
    }

    pub fn connections(&self) -> usize {
        self.port.connections()
    }

    /// The head of the only request.
    #[track_caller]
    pub fn head(&self) -> String {
        let heads = self.heads.lock().unwrap().clone();
        let [head] = &heads[..] else { panic!("there must be one request: {heads:?}") };
        head.clone()
    }
}
