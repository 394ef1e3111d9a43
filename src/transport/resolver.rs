//! Name look-ups on the calling thread.

use std::fmt;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::descriptors::{RAISE_DESCRIPTORS, lack_of_descriptors};
use super::{TransportError, TransportErrorKind};

/// Asks the system's resolver and starts no thread to watch over it.
///
/// A look-up that has begun cannot be stopped: what bounds it is the resolver's own configuration (on Unix,
/// `timeout` and `attempts` in `/etc/resolv.conf`).
#[derive(Clone)]
pub(super) struct BlockingResolver {
    look_up: Arc<LookUp>,
}

/// The addresses of a host and port.
type LookUp = dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync;

impl BlockingResolver {
    pub(super) fn of_the_system() -> Self {
        Self::asking(|host, port| Ok((host, port).to_socket_addrs()?.collect()))
    }

    pub(super) fn asking(look_up: impl Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static) -> Self {
        Self { look_up: Arc::new(look_up) }
    }
}

impl Resolver for BlockingResolver {
    fn resolve(
        &self,
        uri: &ureq::http::Uri,
        config: &ureq::config::Config,
        _timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        let default_port = if uri.scheme_str() == Some("https") { 443 } else { 80 };
        let port = uri.port_u16().unwrap_or(default_port);
        let failed = |reason: String| {
            let text = match lack_of_descriptors() {
                // Resolvers that cannot open their files say that they do not know the name.
                Some(lack) => {
                    format!("the host name {host} cannot be looked up ({reason}; {lack}): {RAISE_DESCRIPTORS}")
                }
                None => {
                    format!("the host name {host} has no address ({reason}); check the spelling and this machine's DNS")
                }
            };
            ureq::Error::Other(Box::new(TransportError::new(TransportErrorKind::Resolve, text, false)))
        };
        let found = (self.look_up)(host, port).map_err(|error| failed(error.to_string()))?;
        let mut addresses = self.empty();
        let room = 16;
        // Plain HTTP is allowed to this name because it means this machine, whatever a resolver may say.
        let must_be_loopback = host.eq_ignore_ascii_case("localhost");
        let wanted = found.into_iter().filter(|address| !must_be_loopback || address.ip().is_loopback());
        for address in config.ip_family().keep_wanted(wanted).take(room) {
            addresses.push(address);
        }
        if addresses.is_empty() {
            return Err(failed("the look-up found none".into()));
        }
        Ok(addresses)
    }
}

impl fmt::Debug for BlockingResolver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("BlockingResolver")
    }
}
