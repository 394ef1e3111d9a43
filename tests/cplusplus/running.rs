//! What programs get from the header.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::c_support::program::CLIENT_SECRET;
use crate::c_support::{Linked, Program, assert_linked, skip};
use crate::compiler::{Compiler, RESTRICTED, STANDARDS, source_path};
use crate::support::{Reply, Request, Server, TemporaryDirectory};

/// Tokens `t1`, `t2`, … to those with another secret than `wrong`, else `invalid_client`.
fn numbered_tokens() -> Server {
    let granted = AtomicUsize::new(0);
    Server::http(move |request| {
        if request.basic_decoded().is_some_and(|(_, secret)| secret != "wrong") {
            let number = granted.fetch_add(1, Ordering::SeqCst) + 1;
            Reply::json(200, json!({"access_token": format!("t{number}"), "expires_in": 3600}))
        } else {
            Reply::json(401, json!({"error": "invalid_client"}))
        }
    })
}

fn detailed_token() -> Server {
    Server::http(|_| {
        let answer = json!({
            "access_token": "the/token%2F==",
            "token_type": "BearerToken",
            "expires_in": 3600,
            "scope": "read write",
            "id_token": "an.id.token",
            "instance_url": "https://api.example.com/é",
            "limits": [60, 120],
        });
        Reply::json(200, answer)
    })
}

fn refusing() -> Server {
    Server::http(|_| Reply::json(401, json!({"error": "invalid_client", "error_description": "who are you?"})))
}

/// Runs a program of `tests/cpp`, built by each compiler, with a server of its own; then looks at the last.
fn run(name: &str, options: &[&str], server: impl Fn() -> Server, look: impl Fn(&Server)) {
    for compiler in Compiler::all() {
        let server = server();
        compiler.build(name, options).client_of(&server).succeed(&[]);
        look(&server);
    }
}

fn secrets(server: &Server) -> Vec<String> {
    server.requests().iter().filter_map(Request::basic_decoded).map(|(_, secret)| secret).collect()
}

#[test]
fn all_of_a_token_can_be_read_and_it_can_be_moved_and_cloned() {
    run("tokens", &[], detailed_token, |server| assert_eq!(server.requests().len(), 1));
}

#[test]
fn all_of_an_error_can_be_read_from_a_result_and_an_exception() {
    run("errors", &[], refusing, |server| assert_eq!(server.requests().len(), 4));
}

#[test]
fn all_of_an_error_can_be_read_without_exceptions() {
    run("errors", &RESTRICTED, refusing, |server| assert_eq!(server.requests().len(), 3));
}

#[test]
fn configs_and_clients_do_as_they_are_told_and_those_moved_from_do_nothing() {
    run("verbs", &[], numbered_tokens, |server| {
        assert_eq!(secrets(server).last().map(String::as_str), Some("another"));
    });
}

#[test]
fn a_request_to_an_api_is_repeated_once_when_it_refuses_the_token() {
    run("call_api", &[], numbered_tokens, |_| ());
}

/// The secret is the callbacks'.
fn without_secret(program: Program, server: &Server) -> Program {
    program.client_of(server).set("OAUTH_CLIENT_SECRET", "")
}

#[test]
fn callbacks_are_called_their_exceptions_are_caught_and_they_are_destroyed_once() {
    for compiler in Compiler::all() {
        let server = numbered_tokens();
        without_secret(compiler.build("callbacks", &[]), &server).succeed(&[]);
        let changed = server.requests().into_iter().find(|request| request.header("X-Signature").is_some());
        let changed = changed.expect("no request was changed");
        assert_eq!(changed.header("X-Signature"), Some("signed"));
        assert_eq!(changed.text(), "grant_type=client_credentials&sign=1");
    }
}

#[test]
fn transports_see_the_request_and_answer_or_fail_or_throw() {
    for compiler in Compiler::all() {
        compiler.build("transports", &[]).succeed(&[]);
    }
}

#[test]
fn a_derived_client_has_a_scope_and_a_token_of_its_own_and_outlives_its_parent() {
    for compiler in Compiler::all() {
        let server = numbered_tokens();
        without_secret(compiler.build("derived", &[]), &server).succeed(&[]);
        let scopes: Vec<_> = server.requests().iter().filter_map(|request| request.form_value("scope")).collect();
        assert_eq!(scopes, ["first", "second", "second"]);
    }
}

#[test]
fn a_program_without_exceptions_and_rtti_gets_its_tokens() {
    for compiler in Compiler::all() {
        let server = numbered_tokens();
        without_secret(compiler.build("without_exceptions", &RESTRICTED), &server).succeed(&[]);
        assert_eq!(server.requests().len(), 2);
    }
}

/// The unit without comes first, so that the linker takes what both have from there.
#[test]
fn units_with_and_without_exceptions_can_be_linked_into_one_program() {
    for compiler in Compiler::all() {
        let objects = TemporaryDirectory::new();
        let one = objects.path().join("one.o");
        let object = one.to_str().expect("the temporary directory is not UTF-8");
        compiler.compile(&["-std=c++20", "-fno-exceptions", "-c", "-o", object], "one_of_two_units.cpp");
        let program = compiler.build_from("two_units", &[], &[one, source_path("other_of_two_units.cpp")]);
        without_secret(program, &numbered_tokens()).succeed(&[]);
    }
}

#[test]
fn threads_take_the_token_in_hand_without_an_allocation_of_the_header() {
    run("fresh_hits", &[], numbered_tokens, |server| assert_eq!(server.requests().len(), 1));
}

#[test]
fn the_example_prints_a_header_or_says_why_it_cannot() {
    for compiler in Compiler::all() {
        let program = compiler.build_from("raii", &[], &[source_path("examples-c/raii.cpp")]);
        let printed = program.client_of(&numbered_tokens()).succeed(&[]);
        assert_eq!(printed, "Authorization: Bearer t1\n");

        let program = compiler.build_from("raii", &[], &[source_path("examples-c/raii.cpp")]);
        let output = program.client_of(&refusing()).run(&[]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && output.stdout.is_empty(), "{message}");
        assert!(message.contains("who are you?") && !message.contains(CLIENT_SECRET), "{message}");
    }
}

#[test]
fn the_example_is_linked_with_the_library_that_is_meant_in_every_version_of_cpp() {
    for compiler in Compiler::all() {
        for standard in STANDARDS {
            for linked in [Linked::Shared, Linked::Static] {
                let source = source_path("examples-c/raii.cpp");
                let program = compiler.build_linked("raii", linked, &[standard, "-Wl,-S"], &[source]);
                assert_linked(program.executable(), linked);
                let printed = program.client_of(&numbered_tokens()).succeed(&[]);
                assert_eq!(printed, "Authorization: Bearer t1\n");
            }
        }
    }
}

/// Nothing is lost, read uninitialised, or touched after it is freed.
#[test]
fn no_program_makes_a_mistake_with_memory() {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return skip("there is no `valgrind`");
    }
    // Once is enough: what it sees is the same by any compiler.
    let Some(compiler) = Compiler::all().into_iter().next() else { return };
    let checked = |name, server: &Server| compiler.build(name, &[]).client_of(server).under(&VALGRIND);
    checked("tokens", &detailed_token()).succeed(&[]);
    checked("errors", &refusing()).succeed(&[]);
    checked("verbs", &numbered_tokens()).succeed(&[]);
    checked("call_api", &numbered_tokens()).succeed(&[]);
    checked("transports", &numbered_tokens()).succeed(&[]);
    checked("callbacks", &numbered_tokens()).set("OAUTH_CLIENT_SECRET", "").succeed(&[]);
    checked("derived", &numbered_tokens()).set("OAUTH_CLIENT_SECRET", "").succeed(&[]);
}

const VALGRIND: [&str; 5] =
    ["valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full", "--errors-for-leak-kinds=definite,indirect"];
