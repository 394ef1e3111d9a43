//! Addresses to which a secret may be sent.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use http::Uri;

/// An absolute `http` or `https` URL without user information and without a fragment (RFC 6749 §3.2).
///
/// It is parsed by the same code that later connects, so that both agree on the host. `Display` and `Debug` leave
/// the query out, because some providers want keys there.
#[derive(Clone, PartialEq, Eq)]
pub struct Url {
    uri: Uri,
}

impl Url {
    /// The URL in full, its query included.
    pub fn as_text(&self) -> String {
        self.uri.to_string()
    }

    /// The host, without port; an IPv6 address without its brackets.
    pub fn host(&self) -> &str {
        self.uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
    }

    /// The port, the scheme's own if none is written.
    pub fn port(&self) -> u16 {
        self.uri.port_u16().unwrap_or(if self.is_https() { 443 } else { 80 })
    }

    /// Whether the scheme is `https`.
    pub fn is_https(&self) -> bool {
        self.uri.scheme() == Some(&http::uri::Scheme::HTTPS)
    }

    /// Whether the host is this machine by its name: `localhost`, 127.0.0.0/8 or `::1`.
    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// The same URL with more parameters in its query.
    pub(crate) fn with_query(&self, parameters: &str) -> Result<Url, String> {
        if parameters.is_empty() {
            return Ok(self.clone());
        }
        let text = self.as_text();
        let separator = match self.uri.query() {
            Some(query) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
            None => "?",
        };
        format!("{text}{separator}{parameters}").parse()
    }

    /// The values in its query, which may be keys.
    pub(crate) fn query_values(&self) -> impl Iterator<Item = &str> {
        let pairs = self.uri.query().unwrap_or_default().split('&');
        pairs.map(|pair| pair.split_once('=').map_or(pair, |(_, value)| value))
    }

    /// What stands between the slashes of its path.
    pub(crate) fn path_segments(&self) -> impl Iterator<Item = &str> {
        self.uri.path().split('/')
    }

    /// Another URL of the same scheme, host and port; the error says what is wrong.
    pub(crate) fn with_path_and_query_of(&self, text: &str) -> Result<Url, String> {
        let other: Url = text.parse().map_err(|reason| format!("the new URL cannot be used: {reason}"))?;
        let is_same = other.is_https() == self.is_https()
            && other.host().eq_ignore_ascii_case(self.host())
            && other.port() == self.port();
        if !is_same {
            return Err(format!(
                "the new URL leads to `{}`, but secrets leave for `{}` alone, where the options send them; change only \
                 the path and the query",
                other.origin(),
                self.origin()
            ));
        }
        Ok(other)
    }

    fn origin(&self) -> String {
        let authority = self.uri.authority().map_or("", |authority| authority.as_str());
        format!("{}://{authority}", self.uri.scheme_str().unwrap_or_default())
    }

    #[cfg(feature = "http")]
    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }
}

impl FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err("it is empty".into());
        }
        if text.contains('#') {
            return Err("it has a fragment (`#…`), which a token endpoint must not have".into());
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            let inner = text.trim();
            if inner.len() < text.len() && !inner.contains(|character: char| !character.is_ascii_graphic()) {
                return Err("it has blanks or line ends around it: cut them off".into());
            }
            return Err("it holds spaces, control or non-ASCII characters; they must be percent-encoded".into());
        }
        if !text.contains("://") {
            return Err("it does not begin with `https://`".into());
        }
        let uri: Uri = text.parse().map_err(|error| format!("it is not a URL ({error})"))?;
        match uri.scheme_str() {
            Some("http" | "https") => {}
            Some(other) => return Err(format!("its scheme is `{other}`; https is needed")),
            None => return Err("it does not begin with `https://`".into()),
        }
        let Some(authority) = uri.authority() else {
            return Err("it has no host".into());
        };
        if authority.as_str().contains('@') {
            return Err(
                "it holds a user name or password; credentials belong in `client_id` and `client_secret`".into()
            );
        }
        let is_port_written = authority.as_str().rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
        if is_port_written && authority.port_u16().is_none() {
            return Err("its port is not a number from 0 to 65535".into());
        }
        let url = Self { uri };
        if url.host().is_empty() {
            return Err("it has no host".into());
        }
        Ok(url)
    }
}

impl fmt::Display for Url {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.origin(), self.uri.path())?;
        if self.uri.query().is_some() {
            formatter.write_str("?…")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Url({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn host_and_port_are_read_as_the_transport_reads_them() {
        assert_eq!(url("https://login.example.com/token").host(), "login.example.com");
        assert_eq!(url("https://login.example.com/token").port(), 443);
        assert_eq!(url("http://127.0.0.1:8080/").port(), 8080);
        assert_eq!(url("http://[::1]:9/").host(), "::1");
        assert_eq!(url("http://[::1]/").port(), 80);
        assert!(url("HTTPS://Example.com/").is_https());
    }

    #[test]
    fn only_names_and_addresses_of_this_machine_are_loopback() {
        for text in ["http://localhost/", "http://LOCALHOST:1/", "http://127.8.9.1/", "http://[::1]/"] {
            assert!(url(text).is_loopback(), "{text}");
        }
        for text in ["http://localhost.example.com/", "http://128.0.0.1/", "http://[::2]/", "http://127.0.0.1.example/"]
        {
            assert!(!url(text).is_loopback(), "{text}");
        }
    }

    #[test]
    fn what_is_no_token_url_is_refused_with_the_reason() {
        for (text, reason) in [
            ("", "empty"),
            ("token", "https://"),
            ("/oauth/token", "https://"),
            ("login.example.com/token", "https://"),
            ("ftp://example.com/", "`ftp`"),
            ("https://", ""),
            ("https:///token", ""),
            ("https://user:pass@example.com/", "client_id"),
            ("https://example.com/#token", "fragment"),
            ("https://example.com/a b", "percent-encoded"),
            (" https://example.com/a\n", "cut them off"),
            (" https://example.com/a b ", "percent-encoded"),
            ("https://exämple.com/", "percent-encoded"),
            ("https://example.com:99999/", "port"),
            ("https://example.com:/", "port"),
        ] {
            let error = text.parse::<Url>().expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn only_path_and_query_may_become_others() {
        let url = url("https://Login.example.com/token");
        for same in
            ["https://login.example.com/token?sign=1", "HTTPS://login.EXAMPLE.com:443/t", "https://login.example.com"]
        {
            assert!(url.with_path_and_query_of(same).is_ok(), "{same}");
        }
        for other in [
            "http://login.example.com/token",
            "http://login.example.com:443/token",
            "https://login.example.com:444/token",
            "https://login.example.com.evil.test/token",
            "https://evil.test/login.example.com",
            "https://evil.test?https://login.example.com/",
        ] {
            let error = url.with_path_and_query_of(other).expect_err(other);
            assert!(error.contains("leads to") && error.contains("`https://Login.example.com`"), "{error}");
        }
        for wrong in ["", "/token?sign=1", "https://login.example.com@evil.test/", "https://login.example.com/a b"] {
            let error = url.with_path_and_query_of(wrong).expect_err(wrong);
            assert!(error.contains("the new URL cannot be used"), "{error}");
        }
    }

    #[test]
    fn a_query_is_kept_and_not_shown() {
        let url = url("https://example.com/token?key=hunter2");
        assert_eq!(url.as_text(), "https://example.com/token?key=hunter2");
        assert_eq!(url.to_string(), "https://example.com/token?…");
        assert!(!format!("{url:?}").contains("hunter2"));
    }
}
