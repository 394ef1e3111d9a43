//! Finds the token URL by the name of its issuer (RFC 8414, OpenID Connect Discovery).

use std::sync::Arc;

use crate::config::{EndpointSource, check_scheme};
use crate::error::{Error, ErrorKind};
use crate::protocol::{Endpoints, Json, Redactor, Url, redirect_target, retry_after};
use crate::secret::Secret;
use crate::transport::{Request, TransportError};

use super::attempts::{cancelled, may_pass};
use super::{Run, report};

impl Run<'_> {
    /// Where requests go: as configured, as found before, or as the issuer's metadata says now.
    pub(super) fn find_endpoints(&mut self) -> Result<Endpoints, Error> {
        let (issuer, refresh_url, allow_http) = match &self.exchange.endpoints {
            EndpointSource::Configured(endpoints) => return Ok(endpoints.clone()),
            EndpointSource::Issuer { issuer, refresh_url, allow_http } => (issuer, refresh_url, *allow_http),
        };
        if let Some(endpoints) = &self.memory.discovered {
            return Ok(endpoints.clone());
        }
        let token_url = self.discover(issuer, allow_http)?;
        let refresh_url = refresh_url.clone().unwrap_or_else(|| token_url.clone());
        let endpoints = Endpoints { token_url, refresh_url };
        self.memory.discovered = Some(endpoints.clone());
        Ok(endpoints)
    }

    /// Asks each place where metadata may be; the first that has any decides.
    fn discover(&mut self, issuer: &Url, allow_http: bool) -> Result<Url, Error> {
        let mut missing = Vec::new();
        for place in places(issuer) {
            let url: Url = place.parse().map_err(|reason| refuse(ErrorKind::Config, issuer, &reason_text(reason)))?;
            match self.fetch(issuer, &url)? {
                Some(document) => {
                    let by_certificate = self.exchange.request.client_auth.is_mutual_tls();
                    return token_endpoint(issuer, &url, &document, by_certificate, allow_http, &self.redactor);
                }
                None => missing.push(url.to_string()),
            }
        }
        let reason =
            format!("has no metadata at {}; check its spelling, or set `token_url` instead", missing.join(" or "));
        Err(refuse(ErrorKind::Response, issuer, &reason))
    }

    /// The document at a URL; `None` where there is none. What passes is tried again, as a token request is.
    fn fetch(&mut self, issuer: &Url, url: &Url) -> Result<Option<Json>, Error> {
        loop {
            let (error, may_pass) = match self.fetch_once(issuer, url) {
                Ok(document) => return Ok(document),
                Err(failure) => failure,
            };
            let is_to_be_repeated = may_pass && self.wait_for_retry();
            // Breaking a connection off looks like a broken one.
            if self.cancellation.is_cancelled() {
                return Err(cancelled());
            }
            if !is_to_be_repeated {
                return Err(error);
            }
        }
    }

    /// The document, or the error and whether it may pass.
    fn fetch_once(&mut self, issuer: &Url, url: &Url) -> Result<Option<Json>, (Error, bool)> {
        let limit = self.exchange.request.max_response_bytes;
        let request = Request {
            method: "GET",
            url: url.clone(),
            headers: vec![
                ("Accept".to_owned(), Secret::new("application/json")),
                ("User-Agent".to_owned(), Secret::new(&self.exchange.request.user_agent)),
            ],
            body: None,
            timeout: self.remaining(),
            cancellation: Arc::clone(self.cancellation),
            max_response_bytes: limit,
        };
        if request.timeout.is_zero() {
            return Err((refuse(ErrorKind::Timeout, issuer, "could not be asked in time (option `timeout`)"), false));
        }
        self.requests += 1;
        let answered = self.exchange.transport.send(&request);
        let answered = answered.and_then(|response| match response.is_longer_than(limit) {
            true => Err(TransportError::too_large(limit)),
            false => Ok(response),
        });
        let response = match answered {
            Ok(response) => response,
            Err(error) => {
                // A transport of the host's may say anything.
                let reason = format!("could not be asked: {}", self.redactor.clean(&error.message, 1000));
                let told = refuse(report::kind_of(error.kind), issuer, &reason);
                return Err((report::with_code_of(&error, told), may_pass(error.kind)));
            }
        };
        match response.status {
            200 => {
                let document = Json::parse(response.body.expose().as_bytes()).ok();
                Ok(document.filter(|document| document.get("issuer").is_some()))
            }
            400 | 401 | 403 | 404 | 405 | 410 => Ok(None),
            status => {
                let now = self.exchange.clock.now().wall.as_secs();
                let retry_after = retry_after(&response, now);
                let (kind, reason) = match (300..400).contains(&status) {
                    true => {
                        let target = redirect_target(&response, &self.redactor);
                        let pointing = target.map(|target| format!(" (pointing to {target})")).unwrap_or_default();
                        let reason = format!("answered HTTP {status} at {url}{pointing}; redirects are not followed");
                        (ErrorKind::Rejected, reason)
                    }
                    false => (ErrorKind::Server, format!("answered HTTP {status} at {url}; it may work later")),
                };
                let error = refuse(kind, issuer, &reason).with_http_status(status).with_retry_after(retry_after);
                Err((error, status >= 500 && retry_after.is_none()))
            }
        }
    }
}

/// RFC 8414 §3 puts the well-known part between host and path, OpenID Connect Discovery §4 behind the path.
fn places(issuer: &Url) -> Vec<String> {
    let text = issuer.as_text();
    let (origin, path) =
        match text.find("://").and_then(|scheme| text.get(scheme + 3..)?.find('/').map(|at| scheme + 3 + at)) {
            Some(at) => text.split_at(at),
            None => (text.as_str(), ""),
        };
    let path = path.trim_end_matches('/');
    vec![
        format!("{origin}/.well-known/oauth-authorization-server{path}"),
        format!("{origin}{path}/.well-known/openid-configuration"),
        format!("{origin}/.well-known/openid-configuration{path}"),
    ]
    .into_iter()
    .fold(Vec::new(), |mut places, place| {
        if !places.contains(&place) {
            places.push(place);
        }
        places
    })
}

fn token_endpoint(
    issuer: &Url,
    url: &Url,
    document: &Json,
    by_certificate: bool,
    allow_http: bool,
    redactor: &Redactor,
) -> Result<Url, Error> {
    let named = document.get("issuer").and_then(Json::text).map(Secret::expose).unwrap_or_default();
    // A document that speaks for somebody else could send the secret there (RFC 8414 §3.3).
    if named.trim_end_matches('/') != issuer.as_text().trim_end_matches('/') {
        let named = redactor.clean(named, 120);
        let reason = format!(
            "is not who its metadata at {url} names, `{named}` ({}); set `issuer` to exactly that, if you trust it \
             (RFC 8414 §3.3; a slash at the end makes no difference)",
            difference(issuer, &named)
        );
        return Err(refuse(ErrorKind::Response, issuer, &reason));
    }
    // Where certificates are asked for may be another host (RFC 8705 §5).
    let aliases = document.get("mtls_endpoint_aliases").filter(|_| by_certificate);
    let alias = aliases.and_then(|aliases| aliases.get("token_endpoint"));
    let Some(endpoint) = alias.or_else(|| document.get("token_endpoint")).and_then(Json::text) else {
        return Err(refuse(
            ErrorKind::Response,
            issuer,
            &format!("names no `token_endpoint` in its metadata at {url}"),
        ));
    };
    let endpoint: Url = endpoint.expose().parse().map_err(|reason: String| {
        let reason = redactor.clean(&reason, 200);
        refuse(ErrorKind::Response, issuer, &format!("names a `token_endpoint` that cannot be: {reason}"))
    })?;
    // Loopback is no excuse for an issuer that is elsewhere.
    let is_downgrade = issuer.is_https() && !endpoint.is_https() && !allow_http;
    if is_downgrade || check_scheme("issuer", &endpoint, allow_http).is_err() {
        let endpoint = redactor.clean(&endpoint.to_string(), 120);
        let reason = format!(
            "names the `token_endpoint` {endpoint}, which would send the secret unencrypted; ask the provider for one \
             with `https`, or, if you must, set `dangerous_allow_http` to `true`"
        );
        return Err(refuse(ErrorKind::Config, issuer, &reason));
    }
    Ok(endpoint)
}

/// In what two issuers differ, which may be hard to see.
fn difference(issuer: &Url, named: &str) -> &'static str {
    let configured = issuer.as_text();
    let Ok(named_url) = named.parse::<Url>() else {
        return "that is no URL";
    };
    let is_like = |text: &str| text.trim_end_matches('/').eq_ignore_ascii_case(configured.trim_end_matches('/'));
    if is_like(named) {
        "they differ in capitals"
    } else if named_url.host() != issuer.host() {
        "another host"
    } else if named_url.is_https() != issuer.is_https() || named_url.port() != issuer.port() {
        "another scheme or port"
    } else {
        "another path"
    }
}

fn reason_text(reason: String) -> String {
    format!("leads to a URL that cannot be: {reason}")
}

fn refuse(kind: ErrorKind, issuer: &Url, reason: &str) -> Error {
    Error::new(kind, format!("issuer {issuer} {reason}"))
}
