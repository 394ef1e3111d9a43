//! What a C program may pass wrongly without harm, and what it is told.
#![cfg(all(feature = "capi", feature = "http", target_os = "linux"))]

mod c_support;
mod support;

use std::fs;

use serde_json::json;

use c_support::program::{CLIENT_ID, CLIENT_SECRET};
use c_support::{Call, Program, Prototype, checked_calls, library_calls, prototypes};
use support::{Reply, Server};

fn server() -> Server {
    Server::http(|_| Reply::json(200, json!({"access_token": "t", "expires_in": 3600})))
}

#[test]
fn null_is_refused_in_every_place_and_outputs_are_cleared() {
    let server = server();
    Program::build("null_arguments").client_of(&server).succeed(&[]);
    assert_eq!(server.requests().len(), 1);
}

/// What is freed and what fills an output returns nothing to check at the call itself, so that all calls count.
#[test]
fn no_place_for_a_pointer_is_left_out_of_that() {
    let program = fs::read_to_string(c_support::source("null_arguments.c")).expect("no program");
    let calls = library_calls(&program);
    let is_null = |argument: &str| {
        let is_sometimes = argument.starts_with("GIVEN(") || program.contains(&format!(" {argument} = GIVEN("));
        argument == "NULL" || is_sometimes || program.contains(&format!("*{argument} = GIVEN("))
    };
    let (mut tried, mut missing) = (0, Vec::new());
    for Prototype { name: function, parameters } in prototypes() {
        for (place, parameter) in parameters.iter().enumerate() {
            if !parameter.declared.contains('*') && !parameter.declared.ends_with("_fn") {
                continue;
            }
            tried += 1;
            if !is_tried(&calls, &function, place, is_null) {
                missing.push(format!("`{}` of {function}", parameter.name));
            }
        }
    }
    assert_eq!(missing, [""; 0]);
    assert!(tried > 0, "the header has not been understood");
}

#[test]
fn text_that_is_not_utf_8_and_lengths_that_cannot_exist_are_refused() {
    let server = server();
    Program::build("text_arguments").client_of(&server).succeed(&[]);
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].basic_decoded(), Some((CLIENT_ID.to_owned(), CLIENT_SECRET.to_owned())));
}

/// Whether a program checks what comes of a call with such an argument for this parameter.
fn is_tried(calls: &[Call], function: &str, place: usize, is_meant: impl Fn(&str) -> bool) -> bool {
    let of_function = calls.iter().filter(|call| call.function == function);
    of_function.filter_map(|call| call.arguments.get(place)).any(|argument| is_meant(argument))
}

#[test]
fn no_function_that_takes_text_or_a_length_is_left_out_of_that() {
    let program = fs::read_to_string(c_support::source("text_arguments.c")).expect("no program");
    let calls = checked_calls(&program);
    let (mut tried, mut missing) = (0, Vec::new());
    for Prototype { name: function, parameters } in prototypes() {
        for (place, parameter) in parameters.iter().enumerate() {
            let wanted: &[&str] = match parameter.declared.as_str() {
                "const char *" => &["NOT_UTF8", "long_text"],
                "size_t" => &["absurd[i]", "0"],
                _ => continue,
            };
            for &wanted in wanted {
                let is_meant =
                    |argument: &str| if wanted == "0" { argument == wanted } else { argument.contains(wanted) };
                tried += 1;
                if !is_tried(&calls, &function, place, is_meant) {
                    missing.push(format!("{wanted} for `{}` of {function}", parameter.name));
                }
            }
        }
    }
    assert_eq!(missing, [""; 0]);
    assert!(tried > 0, "the header has not been understood");
}

#[test]
fn a_wrong_option_is_refused_at_once_and_named_when_the_client_is_made() {
    Program::build("wrong_options").succeed(&[]);
}

#[test]
fn an_argument_that_is_no_text_is_told_of_with_the_option_it_was_meant_for() {
    Program::build("named_options").succeed(&[]);
}

#[test]
fn options_can_be_set_in_each_way_and_the_config_freed_before_the_client_is_used() {
    let server = Server::http(|request| {
        let token = if request.form_value("tenant").as_deref() == Some("a") { "t1" } else { "t2" };
        Reply::json(200, json!({"access_token": token, "expires_in": 3600}))
    });
    Program::build("set_options").succeed(&[&server.url("/token")]);

    let requests = server.requests();
    let tenants: Vec<_> = requests.iter().filter_map(|request| request.form_value("tenant")).collect();
    assert_eq!(tenants, ["a", "b"]);
    for request in requests {
        assert_eq!(request.basic_decoded(), Some((CLIENT_ID.to_owned(), CLIENT_SECRET.to_owned())));
        assert_eq!(request.header("X-Trace"), Some("on"));
    }
}

#[test]
fn statuses_have_their_names_and_header_and_library_one_version() {
    Program::build("names").succeed(&[]);
}
