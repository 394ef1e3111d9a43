//! Requests as they go over the wire.

#![cfg(feature = "http")]

mod checks;
mod support;

use std::io::Write;
use std::net::{Ipv6Addr, TcpStream};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use oauth_token::{BodyFormat, Client, Config};

use checks::{Port, TOKEN, assert_is_the_token, config, grant, granted, read_head, wait_for_end};
use support::{Gate, Reply, Request, Server};

/// The one request that these options lead to.
#[track_caller]
fn request_of(server: &Server, config: Config) -> Request {
    assert_is_the_token(Client::new(config).expect("the options are good").token());
    let requests = server.requests();
    let [request] = &requests[..] else { panic!("there must be one request: {requests:?}") };
    request.clone()
}

/// All values of a header, so that one sent twice is noticed.
fn values<'a>(request: &'a Request, name: &str) -> Vec<&'a str> {
    let headers = request.headers.iter().filter(|(each, _)| each.eq_ignore_ascii_case(name));
    headers.map(|(_, value)| value.as_str()).collect()
}

#[track_caller]
fn assert_is_plainly_framed(request: &Request) {
    assert_eq!(request.method, "POST");
    assert_eq!(values(request, "content-length"), [request.body.len().to_string()]);
    assert_eq!(values(request, "connection"), ["close"]);
    for absent in ["transfer-encoding", "accept-encoding", "expect", "te", "trailer", "upgrade", "cookie", "referer"] {
        assert_eq!(values(request, absent), [] as [&str; 0], "{absent}");
    }
}

#[test]
fn a_request_carries_one_length_and_no_more_than_it_must() {
    let server = Server::http(grant);
    let request = request_of(&server, config(server.url("/token")).scope("read write"));
    assert_is_plainly_framed(&request);
    assert_eq!(values(&request, "accept"), ["application/json"]);
    assert_eq!(values(&request, "content-type"), ["application/x-www-form-urlencoded"]);
    assert_eq!(values(&request, "host"), [format!("127.0.0.1:{}", server.port())]);
    assert_eq!(values(&request, "authorization").len(), 1);
    let mut names: Vec<String> = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort();
    let known = ["accept", "authorization", "connection", "content-length", "content-type", "host", "user-agent"];
    assert_eq!(names, known);
    assert_eq!(request.form_value("scope").as_deref(), Some("read write"));
}

#[test]
fn a_request_over_tls_is_the_same() {
    let server = Server::https(grant);
    let request = request_of(&server, config(server.url("/token")).ca_pem(server.ca_pem()));
    assert_is_plainly_framed(&request);
    assert_eq!(values(&request, "host"), [format!("localhost:{}", server.port())]);
    assert_eq!(request.text(), "grant_type=client_credentials");
}

#[test]
fn a_json_request_says_so() {
    let server = Server::http(grant);
    let request = request_of(&server, config(server.url("/token")).body_format(BodyFormat::Json));
    assert_is_plainly_framed(&request);
    assert_eq!(values(&request, "content-type"), ["application/json"]);
    assert_eq!(request.json(), serde_json::json!({"grant_type": "client_credentials"}));
}

#[test]
fn a_request_without_parameters_still_has_a_length() {
    let server = Server::http(grant);
    let request = request_of(&server, config(server.url("/token")).grant_type(""));
    assert_is_plainly_framed(&request);
    assert_eq!(request.body, b"");
}

#[test]
fn a_long_request_arrives_whole() {
    let server = Server::https(grant);
    let assertion = "0123456789".repeat(20_000);
    let config = config(server.url("/token")).ca_pem(server.ca_pem()).param("assertion", &assertion);
    let request = request_of(&server, config);
    assert_is_plainly_framed(&request);
    assert_eq!(request.form_value("assertion"), Some(assertion));
}

#[test]
fn a_long_answer_arrives_whole() {
    let token = "0123456789".repeat(20_000);
    let header = "h".repeat(30_000);
    let answer = granted(&token).header("X-Long", &header);
    let over_tls = answer.clone();
    for server in [Server::http(move |_| answer.clone()), Server::https(move |_| over_tls.clone())] {
        let config = config(server.url("/token"));
        let is_tls = server.url("/token").starts_with("https");
        let config = if is_tls { config.ca_pem(server.ca_pem()) } else { config };
        let obtained = Client::new(config).expect("the options are good").token().expect("it is granted");
        assert_eq!(obtained.access_token(), token);
    }
}

#[test]
fn the_library_names_itself_and_its_version() {
    let server = Server::http(grant);
    let request = request_of(&server, config(server.url("/token")));
    assert_eq!(values(&request, "user-agent"), [concat!("oauth-token/", env!("CARGO_PKG_VERSION"))]);
}

#[test]
fn a_program_may_name_itself_instead() {
    let server = Server::http(grant);
    let request = request_of(&server, config(server.url("/token")).user_agent("billing/2.1 (ops@example.test)"));
    assert_eq!(values(&request, "user-agent"), ["billing/2.1 (ops@example.test)"]);
}

#[test]
fn a_header_of_one_s_own_replaces_the_library_s() {
    let server = Server::http(grant);
    let config = config(server.url("/token")).header("accept", "*/*").header("X-Tenant", "a");
    let request = request_of(&server, config);
    assert_eq!(values(&request, "accept"), ["*/*"]);
    assert_eq!(values(&request, "x-tenant"), ["a"]);
}

#[test]
fn the_query_of_the_token_url_is_kept_as_it_is_written() {
    let server = Server::http(grant);
    let target = "/oauth2/token?tenant=a%20b&empty=&flag&api-version=2.0&u=%C3%BC+";
    let request = request_of(&server, config(server.url(target)));
    assert_eq!(request.target, target);
    assert_eq!(request.text(), "grant_type=client_credentials");
}

#[test]
fn a_token_url_without_a_path_asks_for_the_root() {
    let server = Server::http(grant);
    let request = request_of(&server, config(server.url("")));
    assert_eq!(request.target, "/");
}

#[test]
fn a_server_that_only_listens_on_ipv4_is_found_under_localhost() {
    let server = Server::http(grant);
    let request = request_of(&server, config(format!("http://localhost:{}/token", server.port())));
    assert_eq!(values(&request, "host"), [format!("localhost:{}", server.port())]);
}

#[test]
fn an_ipv6_address_is_reached() {
    let hosts = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&hosts);
    let answering = move |mut socket: TcpStream| {
        let head = read_head(&mut socket)?;
        seen.lock().unwrap().extend(head.lines().filter(|line| line.starts_with("host:")).map(str::to_owned));
        let body = format!(r#"{{"access_token":"{TOKEN}"}}"#);
        write!(socket, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
        wait_for_end(&mut socket)
    };
    let Ok(server) = Port::at(Ipv6Addr::LOCALHOST.into(), answering) else {
        eprintln!("this machine has no IPv6");
        return;
    };
    assert_is_the_token(Client::new(config(server.url("http"))).expect("the options are good").token());
    assert_eq!(*hosts.lock().unwrap(), [format!("host: [::1]:{}", server.number())]);
}

#[test]
fn an_answer_is_not_waited_for_beyond_its_length() {
    let gate = Gate::new();
    let server = Server::http({
        let gate = gate.clone();
        move |request| Reply::held_open(&gate, grant(request))
    });
    let config = config(server.url("/token")).timeout(Duration::from_secs(60));
    assert_is_the_token(Client::new(config).expect("the options are good").token());
    gate.open();
}

#[test]
fn the_connection_is_closed_when_the_call_returns() {
    let (closed, closing) = mpsc::channel();
    let server = Port::new(move |mut socket| {
        read_head(&mut socket)?;
        let body = format!(r#"{{"access_token":"{TOKEN}"}}"#);
        // Nothing in this answer asks for the end of the connection.
        write!(socket, "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
        let outcome = wait_for_end(&mut socket);
        let _ = closed.send(());
        outcome
    });
    let client = Client::new(config(server.url("http"))).expect("the options are good");
    assert_is_the_token(client.token());
    closing.recv_timeout(Duration::from_secs(30)).expect("the connection must be closed");
    drop(client);
}
