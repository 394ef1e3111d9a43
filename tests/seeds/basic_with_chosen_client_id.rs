//! Basic, a form, no scope, a client id that the user chose, a bare 401, and an API that answers 401 and 403.

use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use oauth_token::{Client, Config, ErrorKind, Token};
use serde_json::json;

use crate::support::{Reply, Request, Server};
use crate::{client_of, recipe};

fn config(token_url: String, client_id: &str) -> Config {
    recipe("Basic and nothing else", 0).token_url(token_url).client_id(client_id).client_secret("API token")
}

/// Knows one client, by the header that the document describes.
fn issue(request: &Request, client_id: &str, number: usize) -> Reply {
    let credentials = base64::engine::general_purpose::STANDARD.encode(format!("{client_id}:API token"));
    let is_asked = request.method == "POST"
        && request.path() == "/oauth/v2/token"
        && request.header("Content-Type") == Some("application/x-www-form-urlencoded")
        && request.text() == "grant_type=client_credentials";
    if !is_asked || request.header("Authorization") != Some(&format!("Basic {credentials}")) {
        return Reply::empty(401);
    }
    Reply::json(200, json!({"token_type": "Bearer", "expires_in": 3600, "access_token": format!("NgXC-{number}=")}))
}

#[test]
fn any_client_id_that_a_user_chooses_is_understood() {
    for client_id in ["plain", "with space", "a+b", "100%", "über☂", "colon:inside", "%2B", "a&b=c"] {
        let server = Server::https(move |request| issue(request, client_id, 1));
        let (client, _) = client_of(config(server.url("/oauth/v2/token"), client_id).ca_pem(server.ca_pem()));
        assert_eq!(client.token().unwrap().access_token(), "NgXC-1=", "{client_id}");
    }
}

#[test]
fn a_bare_401_says_what_was_sent_and_how() {
    let server = Server::https(|request| issue(request, "somebody-else", 1));
    let (client, _) = client_of(config(server.url("/oauth/v2/token"), "my-id").ca_pem(server.ca_pem()));
    let error = client.token().unwrap_err();
    assert_eq!((error.kind(), error.http_status(), error.code()), (ErrorKind::Rejected, Some(401), None));
    for said in ["said nothing", "client_secret_basic", "`my-id`", "`client_auth`"] {
        assert!(error.message().contains(said), "{said}: {error}");
    }
    assert!(!error.message().contains("API token"), "{error}");
}

/// A server with the documented API beside the token endpoint; `refused` tokens get `status` there.
fn start(status: u16, refused: &'static [&'static str]) -> Server {
    let issued = AtomicUsize::new(0);
    Server::http(move |request| {
        if request.path() != "/api" {
            return issue(request, "my-id", issued.fetch_add(1, Ordering::SeqCst) + 1);
        }
        let authorization = request.header("Authorization").unwrap_or_default();
        let is_refused = refused.iter().any(|token| authorization == format!("Bearer {token}"));
        Reply::empty(if is_refused { status } else { 200 })
    })
}

fn call_api(server: &Server, token: &Token) -> u16 {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build().into();
    let answer = agent.get(server.url("/api")).header("Authorization", token.authorization()).call();
    answer.unwrap().status().as_u16()
}

/// What a program does: call the API, and on a 401 say so and call once more.
fn call_with_one_repetition(server: &Server, client: &Client) -> u16 {
    let token = client.token().unwrap();
    let status = call_api(server, &token);
    if status != 401 {
        return status;
    }
    client.invalidate(&token);
    call_api(server, &client.token().unwrap())
}

fn token_requests(server: &Server) -> usize {
    server.requests().iter().filter(|request| request.path() != "/api").count()
}

#[test]
fn an_api_s_401_is_answered_with_a_new_token_and_one_more_call() {
    let server = start(401, &["NgXC-1="]);
    let (client, _) = client_of(config(server.url("/oauth/v2/token"), "my-id"));
    assert_eq!(call_with_one_repetition(&server, &client), 200);
    assert_eq!(token_requests(&server), 2);
    assert_eq!(call_with_one_repetition(&server, &client), 200);
    assert_eq!(token_requests(&server), 2, "the new token stays");
}

#[test]
fn an_api_s_403_is_about_permissions_and_leaves_the_token_alone() {
    let server = start(403, &["NgXC-1="]);
    let (client, _) = client_of(config(server.url("/oauth/v2/token"), "my-id"));
    assert_eq!(call_with_one_repetition(&server, &client), 403);
    assert_eq!(call_with_one_repetition(&server, &client), 403);
    assert_eq!(token_requests(&server), 1);
}
