use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::c_support::{Linked, Program};
use crate::sources::{build, folder};
use crate::support::{Reply, Request, Server, TemporaryDirectory};

pub(crate) const TOKEN: &str = "the-token";

fn granting() -> Server {
    Server::http(|_| granted(TOKEN, 3600))
}

pub(crate) fn granted(token: &str, expires_in: u64) -> Reply {
    Reply::json(200, json!({"access_token": token, "expires_in": expires_in}))
}

fn example(name: &str) -> Program {
    build(name).expect("it needs nothing")
}

#[test]
fn get_token_prints_the_header_after_one_request() {
    let server = granting();
    let printed = example("get_token").client_of(&server).succeed(&[]);
    assert_eq!(printed, format!("Authorization: Bearer {TOKEN}\n"));
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn eight_threads_make_one_request() {
    let server = granting();
    let printed = example("threads").client_of(&server).succeed(&[]);
    assert!(printed.starts_with("8 threads got 8000 tokens with 1 request(s)"), "{printed}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn every_detail_of_an_error_is_printed() {
    let refusal = json!({"error": "invalid_client", "error_description": "no such client"});
    let server = Server::http(move |_| Reply::json(401, refusal.clone()));
    let printed = explained(example("errors").client_of(&server));
    for line in [
        "status:        OAUTH_ERROR_REJECTED",
        "code:          invalid_client",
        "description:   no such client",
        "http_status:   401",
        "is_retryable:  no",
        "is_repeated:   no",
        "callback_code: 0",
        "advice:        Alert an operator and go on. If an option must change, make a new client; a secret file, or the \
         server's side, is seen by itself.",
    ] {
        assert!(printed.lines().any(|printed| printed == line), "{line}\n{printed}");
    }
    assert!(printed.contains("\nmessage:       ") && !printed.contains("retry_in:      -1"), "{printed}");
}

#[test]
fn a_failing_server_is_worth_asking_again_when_it_says() {
    let server = Server::http(|_| Reply::empty(503).header("Retry-After", "120"));
    let printed = explained(example("errors").client_of(&server));
    assert!(printed.contains("OAUTH_ERROR_SERVER") && printed.contains("is_retryable:  yes"), "{printed}");
    assert!(printed.contains("retry_in:      120000 ms") || printed.contains("retry_in:      119"), "{printed}");
    assert!(printed.contains("advice:        Fail this piece of work"), "{printed}");
}

#[test]
fn an_option_that_is_missing_is_explained_without_a_request() {
    let printed = explained(example("errors").set("OAUTH_CLIENT_ID", "me"));
    assert!(printed.contains("OAUTH_ERROR_CONFIG") && printed.contains("token_url"), "{printed}");
    assert!(printed.contains("advice:        Stop"), "{printed}");
}

/// What `errors` prints, which must not hold the secret.
fn explained(program: Program) -> String {
    let output = program.run(&[]);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    assert!(!printed.contains(crate::c_support::program::CLIENT_SECRET), "{printed}");
    printed
}

#[test]
fn a_secret_that_was_rotated_is_asked_for_again_when_the_old_one_is_refused() {
    let directory = TemporaryDirectory::new();
    let vault = directory.write("secret", "old\n");
    let command = format!("cat '{}'", vault.display());
    let requests = AtomicUsize::new(0);
    let server = Server::http(move |request| {
        // From its second request on, the server knows the new secret alone, and so does the vault.
        let is_rotated = requests.fetch_add(1, Ordering::SeqCst) > 0;
        if is_rotated {
            directory.write("secret", "new\n");
        }
        match request.basic_raw() {
            Some((_, secret)) if secret == if is_rotated { "new" } else { "old" } => granted(TOKEN, 3600),
            _ => Reply::json(401, json!({"error": "invalid_client"})),
        }
    });
    let program = example("secret_callback").client_of(&server).set("OAUTH_CLIENT_SECRET", "");
    let printed = program.set("SECRET_COMMAND", command).succeed(&[]);

    let got = format!("got a token of {} characters", TOKEN.len());
    let expected = ["asking for the secret", &got, "the secret was refused: asking for another", &got];
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected);
    let sent: Vec<_> = server.requests().iter().filter_map(Request::basic_raw).map(|(_, secret)| secret).collect();
    assert_eq!(sent, ["old", "old", "new"]);
}

#[test]
fn a_command_that_gives_no_secret_is_told_of_by_its_number() {
    let server = granting();
    let program = example("secret_callback").client_of(&server).set("OAUTH_CLIENT_SECRET", "");
    let output = program.set("SECRET_COMMAND", "false").run(&[]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && message.contains('2'), "{message}");
    assert_eq!(server.connections(), 0);
}

#[test]
fn what_a_command_printed_that_failed_is_never_sent() {
    let server = granting();
    let program = Program::build("secret_of_failing_command").client_of(&server);
    program.set("OAUTH_CLIENT_SECRET", "").succeed(&[]);
    let sent: Vec<_> = server.requests().iter().filter_map(Request::basic_raw).map(|(_, secret)| secret).collect();
    assert_eq!(sent, ["good"]);
}

#[test]
fn a_loop_renews_its_token_before_the_end_of_it() {
    let lifetime = Duration::from_secs(5);
    let arrivals = Arc::new(Mutex::new(Vec::new()));
    let server = Server::http({
        let arrivals = Arc::clone(&arrivals);
        move |_| {
            arrivals.lock().unwrap().push(Instant::now());
            granted(TOKEN, lifetime.as_secs())
        }
    });
    // Its input is at its end from the start, so that only the timer is left to wake it.
    let printed = example("event_loop").client_of(&server).succeed(&["2"]);
    assert!(printed.contains("had token 1; ") && printed.contains("had token 2; "), "{printed}");
    let arrivals = arrivals.lock().unwrap();
    assert_eq!(arrivals.len(), 2);
    assert!(arrivals[1] - arrivals[0] < lifetime, "{:?}", arrivals[1] - arrivals[0]);
}

#[test]
fn a_loop_that_gets_no_token_waits_out_the_pause() {
    let server = Server::http(|_| Reply::empty(503).header("Retry-After", "300"));
    let output = example("event_loop").client_of(&server).run(&[]);
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("503"));
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_plug_in_works_on_threads_born_before_and_after_it_and_goes() {
    for linked in [Linked::Shared, Linked::Static] {
        let server = granting();
        let host = example("plugin_host").client_of(&server);
        let plugin = host.build_module(&folder().join("plugin.c"), "plugin.so", linked, &[]);
        let printed = host.succeed(&[&plugin]);
        let worked = format!("plugin: worked with a token of {} characters", TOKEN.len());
        let expected = [
            "host: the older thread is at it",
            &worked,
            "host: the younger thread is at it",
            &worked,
            "host: the main thread is at it",
            &worked,
            "host: the plug-in is gone",
        ];
        assert_eq!(printed.lines().collect::<Vec<_>>(), expected);
        assert_eq!(server.requests().len(), 1);
    }
}
