//! Which proxy a request goes through.

use std::ffi::OsString;
use std::net::IpAddr;

use crate::config::ProxyChoice;
use crate::error::{Error, ErrorKind};
use crate::protocol::Url;

/// The proxies of one client, read once. What cannot be used is an error only to those who would use it.
pub(crate) struct ProxyRules {
    for_https: Option<Result<ChosenProxy, Error>>,
    for_http: Option<Result<ChosenProxy, Error>>,
    bypass: Vec<String>,
}

/// A proxy, and where it was named.
#[derive(Clone)]
pub(crate) struct ChosenProxy {
    pub(crate) proxy: ureq::Proxy,
    origin: String,
}

impl ChosenProxy {
    /// Host, port and origin, for messages; never its credentials.
    pub(crate) fn described(&self) -> String {
        format!("the proxy {}:{} ({})", self.proxy.host(), self.proxy.port(), self.origin)
    }

    /// What it means that nobody listens at its port.
    pub(crate) fn refusal(&self) -> String {
        format!("{} refuses connections; check that setting, and that the proxy runs", self.described())
    }
}

impl ProxyRules {
    /// Reads the choice, which must serve requests to `urls`; `look_up` reads an environment variable.
    pub(crate) fn new(
        choice: &ProxyChoice,
        urls: &[&Url],
        look_up: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<Self, Error> {
        let rules = match choice {
            ProxyChoice::None => Self { for_https: None, for_http: None, bypass: Vec::new() },
            ProxyChoice::Url(url) => {
                let proxy = parse(url.expose(), "option `proxy`")?;
                Self { for_https: Some(Ok(proxy.clone())), for_http: Some(Ok(proxy)), bypass: Vec::new() }
            }
            ProxyChoice::Env => Self::from_env(look_up),
        };
        urls.iter().try_for_each(|url| rules.proxy_for(url).map(drop))?;
        Ok(rules)
    }

    /// The proxy for a URL. Loopback is never reached through one: the secret may go there unencrypted.
    pub(crate) fn proxy_for(&self, url: &Url) -> Result<Option<&ChosenProxy>, Error> {
        if self.bypasses(url) {
            return Ok(None);
        }
        let proxy = if url.is_https() { &self.for_https } else { &self.for_http };
        proxy.as_ref().map(Result::as_ref).transpose().map_err(Clone::clone)
    }

    fn bypasses(&self, url: &Url) -> bool {
        url.is_loopback() || self.bypass.iter().any(|entry| is_bypassed(entry, url))
    }

    fn from_env(look_up: &dyn Fn(&str) -> Option<OsString>) -> Self {
        let first = |names: &[&str]| {
            let found = names.iter().find_map(|name| Some((*name, look_up(name).filter(|url| !url.is_empty())?)));
            let (name, url) = found?;
            let origin = format!("environment variable {name}");
            Some(match url.to_str() {
                Some(url) => parse(url, &origin),
                None => Err(refuse(&origin, "it is not UTF-8")),
            })
        };
        // In a CGI program HTTP_PROXY is what a visitor sent as a header named Proxy.
        let is_cgi = look_up("REQUEST_METHOD").is_some();
        let http: &[&str] = if is_cgi {
            &["http_proxy", "all_proxy", "ALL_PROXY"]
        } else {
            &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]
        };
        let bypass = look_up("no_proxy").or_else(|| look_up("NO_PROXY")).unwrap_or_default();
        Self {
            for_https: first(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
            for_http: first(http),
            bypass: bypass
                .to_string_lossy()
                .split([',', ' '])
                .map(|entry| entry.trim().to_ascii_lowercase())
                .filter(|entry| !entry.is_empty())
                .collect(),
        }
    }
}

fn refuse(origin: &str, reason: &str) -> Error {
    Error::new(
        ErrorKind::Config,
        format!("{origin}: {reason}; a proxy is `http://host:port`, or set `proxy` to `none`"),
    )
}

fn parse(url: &str, origin: &str) -> Result<ChosenProxy, Error> {
    let proxy = ureq::Proxy::new(url).map_err(|_| refuse(origin, "it is not the URL of a proxy that can be used"))?;
    let authority = proxy.uri().authority().map_or("", |authority| authority.as_str());
    let port = authority.rsplit_once(':').map(|(_, port)| port).filter(|port| !port.contains([']', '@']));
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return Err(refuse(origin, "its port is not a number from 0 to 65535"));
    }
    match proxy.protocol() {
        ureq::ProxyProtocol::Http => Ok(ChosenProxy { proxy, origin: origin.to_owned() }),
        _ => Err(refuse(origin, "only HTTP proxies are supported, not those that speak TLS or SOCKS")),
    }
}

/// Whether an entry of `NO_PROXY` names the host: `*`, a domain (with or without a dot before it) and all below it,
/// an address, or a network such as `10.0.0.0/8`; with a port only where one is written.
fn is_bypassed(entry: &str, url: &Url) -> bool {
    if entry == "*" {
        return true;
    }
    // With a dot behind it, a name is the same to everybody.
    let host = url.host().trim_end_matches('.').to_ascii_lowercase();
    let (entry, port) = split_port(entry);
    if port.is_some_and(|port| port != url.port()) {
        return false;
    }
    if let Ok(address) = host.parse::<IpAddr>() {
        return match entry.split_once('/') {
            Some((network, length)) => is_inside(address, network, length),
            None => entry.parse::<IpAddr>().is_ok_and(|named| named == address),
        };
    }
    let domain = entry.trim_start_matches('*').trim_matches('.');
    host == domain || host.strip_suffix(domain).is_some_and(|below| !domain.is_empty() && below.ends_with('.'))
}

fn split_port(entry: &str) -> (&str, Option<u16>) {
    if let Some((address, port)) = entry.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (address, port.strip_prefix(':').and_then(|port| port.parse().ok()));
    }
    match entry.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host, port.parse().ok()),
        _ => (entry, None),
    }
}

fn is_inside(address: IpAddr, network: &str, length: &str) -> bool {
    let Ok(length) = length.parse::<u32>() else {
        return false;
    };
    match (address, network.parse()) {
        (IpAddr::V4(address), Ok(IpAddr::V4(network))) => {
            length <= 32 && (u64::from(address.to_bits() ^ network.to_bits()) >> (32 - length)) == 0
        }
        (IpAddr::V6(address), Ok(IpAddr::V6(network))) => {
            let difference = address.to_bits() ^ network.to_bits();
            length <= 128 && difference.checked_shr(128 - length).unwrap_or(0) == 0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(variables: &[(&str, &str)], url: &str) -> Option<String> {
        let look_up = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        };
        let url = url.parse().unwrap();
        let rules = ProxyRules::new(&ProxyChoice::Env, &[&url], &look_up).unwrap();
        rules.proxy_for(&url).unwrap().map(|chosen| chosen.proxy.host().to_owned())
    }

    #[test]
    fn each_scheme_has_its_variable_and_all_proxy_serves_both() {
        let variables = [("HTTPS_PROXY", "http://secure:1"), ("HTTP_PROXY", "http://plain:2")];
        assert_eq!(chosen(&variables, "https://example.com/").as_deref(), Some("secure"));
        assert_eq!(chosen(&variables, "http://example.com/").as_deref(), Some("plain"));
        assert_eq!(chosen(&[("ALL_PROXY", "http://all:3")], "https://example.com/").as_deref(), Some("all"));
        assert_eq!(chosen(&[("https_proxy", ""), ("HTTPS_PROXY", "upper:1")], "https://a/").as_deref(), Some("upper"));
        assert_eq!(chosen(&[], "https://example.com/"), None);
    }

    #[test]
    fn a_cgi_program_does_not_believe_http_proxy() {
        let variables = [("HTTP_PROXY", "http://evil:1"), ("REQUEST_METHOD", "GET")];
        assert_eq!(chosen(&variables, "http://example.com/"), None);
    }

    #[test]
    fn a_variable_that_no_request_would_use_need_not_make_sense() {
        assert_eq!(chosen(&[("ALL_PROXY", "socks5://desktop:1")], "https://localhost/"), None);
        assert_eq!(chosen(&[("HTTP_PROXY", "nonsense://")], "https://example.com/"), None);
    }

    #[test]
    fn what_turns_out_later_to_be_asked_goes_through_the_proxy_too() {
        let issuer: Url = "https://localhost/".parse().unwrap();
        let elsewhere: Url = "https://example.com/token".parse().unwrap();
        let rules = |variable: &str| {
            let look_up = |name: &str| Some(OsString::from(variable)).filter(|_| name == "HTTPS_PROXY");
            ProxyRules::new(&ProxyChoice::Env, &[&issuer], &look_up).unwrap()
        };
        let good = rules("http://proxy:1");
        assert!(good.proxy_for(&issuer).unwrap().is_none());
        assert_eq!(good.proxy_for(&elsewhere).unwrap().unwrap().proxy.host(), "proxy");
        let bad = rules("socks5://me:hunter2@desktop:1");
        assert!(bad.proxy_for(&issuer).unwrap().is_none());
        let error = bad.proxy_for(&elsewhere).err().unwrap();
        assert!(error.message().contains("HTTPS_PROXY") && !error.message().contains("hunter2"), "{error}");
    }

    #[test]
    fn loopback_is_never_reached_through_a_proxy() {
        for url in ["https://localhost/", "http://127.0.0.1:8080/", "https://[::1]/"] {
            assert_eq!(chosen(&[("ALL_PROXY", "http://proxy:1")], url), None, "{url}");
        }
    }

    #[test]
    fn no_proxy_names_domains_addresses_networks_and_ports() {
        for (entry, url, is_bypassed) in [
            ("*", "https://a.example.com/", true),
            ("example.com", "https://example.com./", true),
            ("example.com.", "https://example.com/", true),
            ("example.com", "https://a.example.com.:8443/", true),
            ("example.com", "https://anexample.com./", false),
            (".", "https://example.com./", false),
            ("example.com", "https://example.com/", true),
            ("example.com", "https://a.EXAMPLE.com/", true),
            ("example.com", "https://anexample.com/", false),
            (".example.com", "https://a.example.com/", true),
            ("*.example.com", "https://a.example.com/", true),
            ("other.com, example.com", "https://example.com/", true),
            ("example.com:8443", "https://example.com/", false),
            ("example.com:8443", "https://example.com:8443/", true),
            ("10.0.0.0/8", "https://10.1.2.3/", true),
            ("10.0.0.0/8", "https://11.1.2.3/", false),
            ("10.1.2.3", "https://10.1.2.3/", true),
            ("0.0.0.0/0", "https://10.1.2.3/", true),
            ("fd00::/8", "https://[fd12::1]/", true),
            ("fd00::/8", "https://[fe80::1]/", false),
            ("[fd12::1]:443", "https://[fd12::1]/", true),
        ] {
            let proxy = chosen(&[("ALL_PROXY", "http://proxy:1"), ("NO_PROXY", entry)], url);
            assert_eq!(proxy.is_none(), is_bypassed, "NO_PROXY={entry} {url}");
        }
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_refused_without_its_password() {
        for url in [
            "socks5://user:hunter2@proxy:1080",
            "https://user:hunter2@proxy:1080",
            "http://user:hunter2@",
            "ftp://hunter2",
            "http://user:hunter2@proxy:99999",
        ] {
            let choice = ProxyChoice::Url(url.into());
            let error = ProxyRules::new(&choice, &[], &|_| None).err().expect(url);
            assert!(error.message().contains("`proxy`") && !error.message().contains("hunter2"), "{error}");
        }
    }
}
