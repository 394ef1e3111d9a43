//! What a C program gets from the library: tokens, and clients that can be told of changes.
#![cfg(all(feature = "capi", feature = "http", target_os = "linux"))]

mod c_support;
mod support;

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use c_support::Program;
use c_support::program::{CLIENT_ID, CLIENT_SECRET};
use support::{Reply, Request, Server};

/// Tokens `t1`, `t2`, … to whom the condition admits, else `invalid_client`; requests are counted together.
fn numbered_tokens(admits: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Server {
    let requests = AtomicUsize::new(0);
    Server::http(move |request| {
        let number = requests.fetch_add(1, Ordering::SeqCst) + 1;
        if admits(request) {
            Reply::json(200, json!({"access_token": format!("t{number}"), "expires_in": 3600}))
        } else {
            Reply::json(401, json!({"error": "invalid_client"}))
        }
    })
}

#[test]
fn a_token_is_fetched_over_tls_once_and_all_of_it_can_be_read() {
    let server = Server::https(|_| {
        let answer = json!({
            "access_token": "the/token%2F==",
            "token_type": "BearerToken",
            "expires_in": 3600,
            "scope": "read write",
            "id_token": "an.id.token",
            "instance_url": "https://api.example.com/é",
            "issued_at": 1_700_000_000,
            "active": true,
            "limits": {"per_minute": [60, 120]},
            "": "nameless",
        });
        Reply::json(200, answer)
    });
    Program::build("read_token").client_of(&server).succeed(&[]);

    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].basic_decoded(), Some((CLIENT_ID.to_owned(), CLIENT_SECRET.to_owned())));
    assert_eq!(requests[0].form_value("grant_type").as_deref(), Some("client_credentials"));
}

#[test]
fn files_may_have_names_of_any_script_and_lines_that_end_as_on_windows() {
    let server = Server::https(|request| match request.basic_raw() {
        Some((_, secret)) if secret == CLIENT_SECRET => Reply::json(200, json!({"access_token": "bare"})),
        _ => Reply::json(401, json!({"error": "invalid_client"})),
    });
    let program = Program::build("read_bare_token").client_of(&server).set("OAUTH_CLIENT_SECRET", "");
    let path = |name, content: String| {
        let path = program.directory().write(name, content.replace('\n', "\r\n"));
        path.to_str().expect("the temporary directory is not UTF-8").to_owned()
    };
    let secret = path("geheimnis ß 秘密.txt", format!("{CLIENT_SECRET}\n"));
    let authority = path("удостоверение.pem", server.ca_pem());
    program.set("OAUTH_CLIENT_SECRET_FILE", secret).set("OAUTH_CA_FILE", authority).succeed(&[]);
}

#[test]
fn what_the_server_left_out_reads_as_null() {
    let server = Server::http(|_| Reply::json(200, json!({"access_token": "bare"})));
    Program::build("read_bare_token").client_of(&server).succeed(&[]);
}

#[test]
fn a_token_outlives_its_client() {
    let server = numbered_tokens(|_| true);
    Program::build("outlive").client_of(&server).succeed(&["token"]);
}

#[test]
fn an_error_outlives_its_client() {
    let server = numbered_tokens(|_| false);
    Program::build("outlive").client_of(&server).succeed(&["error"]);
}

#[test]
fn only_the_current_token_is_dropped_when_an_api_refuses_it_and_a_reset_drops_it_always() {
    let server = numbered_tokens(|_| true);
    Program::build("renew").client_of(&server).succeed(&[]);
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_new_secret_ends_the_pause_after_the_wrong_one_at_once() {
    let server = numbered_tokens(|request| request.basic_decoded().is_some_and(|(_, secret)| secret == "right"));
    Program::build("replace_secret").client_of(&server).succeed(&[]);
    let secrets: Vec<_> =
        server.requests().iter().filter_map(Request::basic_decoded).map(|(_, secret)| secret).collect();
    assert_eq!(secrets, [CLIENT_SECRET, "right", "right"]);
}

#[test]
fn a_forked_child_can_use_and_free_what_its_parent_made() {
    let server = numbered_tokens(|_| true);
    Program::build("fork").client_of(&server).succeed(&[]);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn any_number_of_threads_cause_one_request_for_a_token() {
    let server = numbered_tokens(|_| true);
    Program::build("threads").client_of(&server).succeed(&["token"]);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn any_number_of_threads_share_the_error_of_one_request() {
    // The server's own wait keeps the pause from ending while the threads still ask.
    let server = Server::http(|_| Reply::empty(503).header("Retry-After", "300"));
    Program::build("threads").client_of(&server).succeed(&["error"]);
    assert_eq!(server.requests().len(), 1);
}
