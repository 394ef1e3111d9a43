use std::process::Output;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::c_support::program::{CLIENT_ID, CLIENT_SECRET};
use crate::c_support::{Program, token_requests};
use crate::checks::Port;
use crate::programs::{TOKEN, granted};
use crate::sources::build;
use crate::support::{Gate, Reply, Server, TestAuthority};

/// An API that takes the nth token alone, and the authorization server of it.
fn api_taking(token: &'static str) -> Server {
    let granted_so_far = AtomicUsize::new(0);
    Server::http(move |request| match request.path() {
        "/token" => granted(&format!("t{}", granted_so_far.fetch_add(1, Ordering::SeqCst) + 1), 3600),
        _ if request.header("authorization") == Some(&format!("Bearer {token}")) => {
            Reply::text(200, "text/plain", "hello\n")
        }
        _ => Reply::text(401, "text/plain", "refused\n").header("WWW-Authenticate", "Bearer error=\"invalid_token\""),
    })
}

#[test]
fn a_token_that_an_api_refuses_is_replaced_and_the_call_made_once_more() {
    let Some(program) = build("call_api_with_curl") else { return };
    let server = api_taking("t2");
    let printed = program.client_of(&server).succeed(&[&server.url("/hello")]);
    assert_eq!(printed, "hello\n");
    assert_eq!((token_requests(&server), server.requests().len()), (2, 4));
}

#[test]
fn an_api_that_refuses_every_token_is_called_twice() {
    let Some(program) = build("call_api_with_curl") else { return };
    let server = api_taking("t9");
    let output = program.client_of(&server).run(&[&server.url("/hello")]);
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stdout).as_ref()), (Some(1), ""));
    assert_eq!((token_requests(&server), server.requests().len()), (2, 4));
}

/// Some servers grant the same token until its time is over.
#[test]
fn an_api_is_not_called_again_with_the_token_that_it_refused() {
    let Some(program) = build("call_api_with_curl") else { return };
    let server = Server::http(|request| match request.path() {
        "/token" => granted("t1", 3600),
        _ => Reply::text(401, "text/plain", "refused\n"),
    });
    let output = program.client_of(&server).run(&[&server.url("/hello")]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!((token_requests(&server), server.requests().len()), (2, 3));
}

/// Made without the options of the built-in HTTP, which have no place beside a transport.
fn client_of(program: Program, server: &Server) -> Program {
    program.client_at(&server.url("/token")).set("OAUTH_MAX_RETRIES", "0")
}

#[track_caller]
fn assert_failed(output: &Output, status: &str, words: &[&str]) {
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains(&format!("({status}, ")) && !message.contains(CLIENT_SECRET), "{message}");
    for word in words {
        assert!(message.contains(word), "`{word}` is not said: {message}");
    }
}

#[test]
fn libcurl_sends_the_request_as_the_library_made_it() {
    let Some(program) = build("curl_transport") else { return };
    let server = Server::http(|_| granted(TOKEN, 3600));
    // A proxy where nobody listens: loopback needs none.
    let proxy = format!("http://127.0.0.1:{}", Port::closed());
    let program = client_of(program, &server).set("OAUTH_CONFIG", r#"{"header": {"X-Empty": ""}}"#);
    let printed = program.set("http_proxy", proxy).succeed(&[]);
    assert_eq!(printed, format!("libcurl brought a token of {} characters\n", TOKEN.len()));

    let requests = server.requests();
    assert_eq!((requests.len(), requests[0].method.as_str(), requests[0].path()), (1, "POST", "/token"));
    assert_eq!(requests[0].basic_raw(), Some((CLIENT_ID.to_owned(), CLIENT_SECRET.to_owned())));
    assert_eq!(requests[0].text(), "grant_type=client_credentials");
    let mut names: Vec<_> = requests[0].headers.iter().map(|(name, _)| name.to_lowercase()).collect();
    names.sort();
    assert_eq!(names, ["accept", "authorization", "content-length", "content-type", "host", "user-agent", "x-empty"]);
    assert!(requests[0].header("user-agent").is_some_and(|agent| agent.starts_with("oauth-token/")));
}

#[test]
fn libcurl_sends_an_empty_body_with_its_length_and_a_get_without_one() {
    for (method, length) in [("POST", Some("0")), ("GET", None)] {
        let Some(program) = build("curl_transport") else { return };
        let server = Server::http(|_| granted(TOKEN, 3600));
        let program = client_of(program, &server).set("OAUTH_METHOD", method).set("OAUTH_BODY_FORMAT", "none");
        program.succeed(&[]);
        let requests = server.requests();
        assert_eq!((requests[0].method.as_str(), requests[0].header("content-length")), (method, length));
    }
}

#[test]
fn libcurl_trusts_only_the_certificates_that_it_was_given() {
    let Some(program) = build("curl_transport") else { return };
    let server = Server::https(|_| granted(TOKEN, 3600));
    client_of(program, &server).set_file("CURL_CA_BUNDLE", &server.ca_pem()).succeed(&[]);
    assert_eq!(server.requests().len(), 1);

    let program = client_of(build("curl_transport").expect("it was there"), &server);
    let other = program.set_file("CURL_CA_BUNDLE", &TestAuthority::new().certificate_pem());
    assert_failed(&other.run(&[]), "OAUTH_ERROR_TLS", &["certificate"]);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn libcurl_follows_no_redirect() {
    let Some(program) = build("curl_transport") else { return };
    let server = Server::http(|request| match request.path() {
        "/token" => Reply::empty(307).header("Location", "/elsewhere"),
        _ => granted(TOKEN, 3600),
    });
    assert_failed(&client_of(program, &server).run(&[]), "OAUTH_ERROR_REJECTED", &["307", "/elsewhere"]);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn libcurl_ends_with_the_time_that_is_left() {
    let Some(program) = build("curl_transport") else { return };
    let gate = Gate::new();
    let server = Server::http(move |_| Reply::gated(&gate, granted(TOKEN, 3600)));
    let program = client_of(program, &server).set("OAUTH_TIMEOUT", "2s");
    assert_failed(&program.run(&[]), "OAUTH_ERROR_TIMEOUT", &[]);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn libcurl_stops_when_an_answer_is_too_long() {
    let Some(program) = build("curl_transport") else { return };
    let endless = Port::endless("HTTP/1.1 200 OK\r\n\r\n", "x".repeat(1000));
    let program = program.client_at(&endless.url("http")).set("OAUTH_MAX_RETRIES", "0");
    assert_failed(&program.run(&[]), "OAUTH_ERROR_RESPONSE", &["max_response_bytes"]);
    assert_eq!(endless.connections(), 1);
}

#[test]
fn what_libcurl_says_of_a_failure_is_told_and_nothing_is_sent_twice() {
    let url = format!("http://127.0.0.1:{}/token", Port::closed());
    let Some(program) = build("curl_transport") else { return };
    let program = program.client_at(&url).set("OAUTH_MAX_RETRIES", "0");
    assert_failed(&program.run(&[]), "OAUTH_ERROR_NETWORK", &["libcurl's code 7", "onnect"]);

    let server = Server::http(|_| Reply::hang_up());
    let program = client_of(build("curl_transport").expect("it was there"), &server);
    assert_failed(&program.run(&[]), "OAUTH_ERROR_NETWORK", &["libcurl's code 52"]);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn an_answer_of_any_status_is_read_when_libcurl_brings_it() {
    let Some(program) = build("curl_transport") else { return };
    let server = Server::http(|_| Reply::json(401, json!({"error": "invalid_client"})));
    assert_failed(&client_of(program, &server).run(&[]), "OAUTH_ERROR_REJECTED", &["invalid_client"]);
}

#[test]
fn plain_http_goes_no_further_than_this_machine_with_libcurl_either() {
    let Some(program) = build("curl_transport") else { return };
    let program = program.client_at("http://login.example.com/token");
    assert_failed(&program.run(&[]), "OAUTH_ERROR_CONFIG", &["dangerous_allow_http"]);
}
