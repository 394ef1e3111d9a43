//! tinyproxy, and a host from which the token server can be reached through it alone. To credentials that are wrong it
//! says 401, as if it were the server.

use oauth_token::ErrorKind;
use serde_json::{Value, json};

use crate::asker::{RunIn, Start};
use crate::in_rust_and_in_c;
use crate::servers::{file, port};

in_rust_and_in_c! {
    start:
    without_a_proxy_there_is_no_way
    a_proxy_leads_to_the_server
    credentials_open_a_proxy
    missing_credentials_are_the_proxy_s_affair
    wrong_credentials_are_the_proxy_s_affair_though_it_says_401
    a_server_that_the_proxy_does_not_reach_is_told_as_such
    a_proxy_that_is_down_is_named
}

in_rust_and_in_c! {
    run_in:
    a_proxy_is_found_in_the_environment
    a_proxy_in_the_environment_may_want_credentials
    who_is_named_in_no_proxy_is_asked_directly
    who_is_not_named_in_no_proxy_is_asked_through_the_proxy
    proxy_none_leaves_the_environment_alone
}

const OPEN: &str = "http://proxy.example.test:8888";
const GUARDED: &str = "proxy.example.test:8889";
/// Nobody listens there.
const DOWN: &str = "http://proxy.example.test:8890";

/// A client of the server, which goes by this name.
fn client(host: &str, proxy: &str) -> Value {
    json!({
        "token_url": format!("https://{host}:{}/token", port("oidc_provider")),
        "client_id": "basic", "client_secret": "plain-secret", "ca_file": file("ca.pem"),
        "proxy": proxy, "max_retries": 0, "timeout": "10s",
    })
}

/// A client of the server, under the name that only the proxy can resolve.
fn beyond(proxy: &str) -> Value {
    client("token.example.test", proxy)
}

/// That there was no answer of the server's, and why.
#[track_caller]
fn assert_no_way(start: Start, options: Value, words: &[&str]) {
    let refused = start(options).refused(words);
    assert_eq!(refused.kind, ErrorKind::Network, "{}", refused.message);
    assert_eq!((refused.http_status, refused.code.as_deref()), (None, None), "{}", refused.message);
    assert!(!refused.message.contains("`client_secret`"), "{}", refused.message);
    assert!(!refused.message.contains("word@"), "{}", refused.message);
}

fn without_a_proxy_there_is_no_way(start: Start) {
    assert_no_way(start, beyond("none"), &["token.example.test", "address"]);
}

fn a_proxy_leads_to_the_server(start: Start) {
    start(beyond(OPEN)).granted();
}

fn credentials_open_a_proxy(start: Start) {
    start(beyond(&format!("http://porter:p%6155word@{GUARDED}"))).granted();
}

fn missing_credentials_are_the_proxy_s_affair(start: Start) {
    assert_no_way(start, beyond(&format!("http://{GUARDED}")), &[GUARDED, "407", "`proxy`", "credentials"]);
}

fn wrong_credentials_are_the_proxy_s_affair_though_it_says_401(start: Start) {
    let proxy = format!("http://porter:pa66word@{GUARDED}");
    assert_no_way(start, beyond(&proxy), &[GUARDED, "401", "`proxy`", "credentials"]);
}

fn a_server_that_the_proxy_does_not_reach_is_told_as_such(start: Start) {
    assert_no_way(start, client("nowhere.example.test", OPEN), &["nowhere.example.test", "`proxy`", "50"]);
}

fn a_proxy_that_is_down_is_named(start: Start) {
    assert_no_way(start, beyond(DOWN), &["proxy.example.test:8890", "`proxy`"]);
}

fn a_proxy_is_found_in_the_environment(run_in: RunIn) {
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        run_in(&[(name, OPEN)], beyond("env")).expect(name);
    }
}

fn a_proxy_in_the_environment_may_want_credentials(run_in: RunIn) {
    let (right, wrong) = (format!("http://porter:p%6155word@{GUARDED}"), format!("http://porter:no@{GUARDED}"));
    run_in(&[("HTTPS_PROXY", &right)], beyond("env")).expect("these are right");
    let message = run_in(&[("HTTPS_PROXY", &wrong)], beyond("env")).expect_err("these are wrong");
    assert!(message.contains("HTTPS_PROXY") && message.contains("401"), "{message}");
}

fn who_is_named_in_no_proxy_is_asked_directly(run_in: RunIn) {
    for named in ["direct.example.test", ".example.test", "elsewhere.test, example.test", "*"] {
        run_in(&[("HTTPS_PROXY", DOWN), ("NO_PROXY", named)], client("direct.example.test", "env")).expect(named);
    }
}

fn who_is_not_named_in_no_proxy_is_asked_through_the_proxy(run_in: RunIn) {
    let environment = [("HTTPS_PROXY", DOWN), ("NO_PROXY", "token.example.test,example.com")];
    let message = run_in(&environment, client("direct.example.test", "env")).expect_err("the proxy is down");
    assert!(message.contains("environment variable HTTPS_PROXY"), "{message}");
}

fn proxy_none_leaves_the_environment_alone(run_in: RunIn) {
    run_in(&[("HTTPS_PROXY", DOWN), ("ALL_PROXY", DOWN)], client("direct.example.test", "none")).expect("no proxy");
}
