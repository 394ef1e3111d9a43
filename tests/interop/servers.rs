//! Where the servers are, and what the tests ask them themselves.

use std::env;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use ureq::Agent;

/// As the servers know it; reserved somewhere in it is every character that is reserved anywhere.
pub(crate) const RESERVED: &str = r#"p%40+s:w&o/r=d ?#~"\100%"#;

/// A file that `.ci/interop` made: a key or a certificate.
pub(crate) fn file(name: &str) -> String {
    let directory = env::var_os("OAUTH_TOKEN_INTEROP").expect("run .ci/interop, which starts the servers");
    PathBuf::from(directory).join(name).into_os_string().into_string().expect("the path is not UTF-8")
}

pub(crate) fn port(server: &str) -> u16 {
    let ports = fs::read(file("ports.json")).expect("the servers have written their ports");
    let ports: Value = serde_json::from_slice(&ports).expect("not JSON");
    ports[server].as_u64().and_then(|port| port.try_into().ok()).expect("not a port")
}

/// These options, and besides them some others.
pub(crate) fn with(mut options: Value, others: Value) -> Value {
    let (Value::Object(options_map), Value::Object(others)) = (&mut options, others) else {
        panic!("options are an object");
    };
    options_map.extend(others);
    options
}

/// The status and the body of an answer to one of the tests' own questions.
pub(crate) fn get(url: &str, authorization: &str) -> (u16, Value) {
    let answer = agent().get(url).header("Authorization", authorization).call().expect("the server is there");
    read(answer)
}

pub(crate) fn post(url: &str, form: &[(&str, &str)]) -> (u16, Value) {
    read(agent().post(url).send_form(form.iter().copied()).expect("the server is there"))
}

pub(crate) fn delete(url: &str) -> (u16, Value) {
    read(agent().delete(url).call().expect("the server is there"))
}

fn read(mut answer: ureq::http::Response<ureq::Body>) -> (u16, Value) {
    let text = answer.body_mut().read_to_string().expect("the answer breaks off");
    (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(json!(text)))
}

fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).proxy(None).build().into()
}
