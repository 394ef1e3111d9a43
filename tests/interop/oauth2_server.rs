//! @node-oauth/oauth2-server in an express application: takes Basic as it is, and the body by the letter.

use std::time::Duration;

use oauth_token::{Client, Config};
use serde_json::{Value, json};

use crate::asker::{Granted, Start};
use crate::in_rust_and_in_c;
use crate::servers::{RESERVED, delete, get, port, with};
use crate::support::TestClock;

in_rust_and_in_c! {
    start:
    reserved_characters_pass_through_basic
    a_secret_that_this_server_takes_as_it_is_costs_one_request
    each_way_of_encoding_is_understood_or_refused
    reserved_characters_pass_through_the_body
    a_wrong_secret_in_basic_is_refused_with_401
    a_wrong_secret_in_the_body_is_refused_with_400
    an_unknown_scope_is_refused
    a_protected_resource_takes_the_authorization_as_it_is_handed_out
    a_revoked_token_is_replaced_after_the_resource_s_401
    a_password_with_reserved_characters_is_granted
    a_wrong_password_is_refused
    a_password_is_not_sent_again_where_there_is_a_refresh_token
}

fn url(path: &str) -> String {
    format!("http://127.0.0.1:{}{path}", port("oauth2_server"))
}

fn client(id: &str, secret: &str) -> Value {
    json!({
        "token_url": url("/oauth/token"), "client_id": id, "client_secret": secret,
        "proxy": "none", "max_retries": 0,
    })
}

/// The status of the protected resource's answer.
fn resource(authorization: &str) -> u16 {
    get(&url("/resource"), authorization).0
}

fn revoke(token: &str) {
    assert_eq!(delete(&url(&format!("/tokens/{token}"))).0, 204);
}

fn reserved_characters_pass_through_basic(start: Start) {
    let granted = start(client("raw", RESERVED)).granted();
    assert_eq!(resource(&granted.authorization), 200);
}

fn a_secret_that_this_server_takes_as_it_is_costs_one_request(start: Start) {
    assert_eq!(start(client("raw", RESERVED)).ask().requests, 1);
}

fn each_way_of_encoding_is_understood_or_refused(start: Start) {
    let encoded = |encoding| with(client("raw", RESERVED), json!({ "basic_encoding": encoding }));
    start(encoded("raw")).granted();
    for encoding in ["minimal", "form"] {
        start(encoded(encoding)).rejected(401, "invalid_client", &["client_secret_basic", "check `client_id`"]);
    }
}

fn reserved_characters_pass_through_the_body(start: Start) {
    start(with(client("raw", RESERVED), json!({ "client_auth": "client_secret_post" }))).granted();
}

fn a_wrong_secret_in_basic_is_refused_with_401(start: Start) {
    let words = ["client_secret_basic", "check `client_id`, `client_secret`"];
    start(client("plain", "wrong-secret")).rejected(401, "invalid_client", &words);
}

fn a_wrong_secret_in_the_body_is_refused_with_400(start: Start) {
    let options = with(client("plain", "wrong-secret"), json!({ "client_auth": "client_secret_post" }));
    let words = ["client_secret_post", "check `client_id`, `client_secret`"];
    start(options).rejected(400, "invalid_client", &words);
}

fn an_unknown_scope_is_refused(start: Start) {
    let options = with(client("plain", "plain-secret"), json!({ "scope": "read admin" }));
    start(options).rejected(400, "invalid_scope", &["`read admin`", "check `scope`"]);
}

fn a_protected_resource_takes_the_authorization_as_it_is_handed_out(start: Start) {
    let granted = start(with(client("plain", "plain-secret"), json!({ "scope": "read" }))).granted();
    let (status, answer) = get(&url("/resource"), &granted.authorization);
    assert_eq!((status, &answer["user"], &answer["scope"]), (200, &json!("plain"), &json!(["read"])));
    // The scheme's case is all that is wrong with this.
    assert_eq!(resource(&format!("bearer {}", granted.access_token())), 400);
}

fn a_revoked_token_is_replaced_after_the_resource_s_401(start: Start) {
    let mut client = start(client("plain", "plain-secret"));
    let first = client.granted();
    assert_eq!(resource(&first.authorization), 200);
    revoke(first.access_token());
    assert_eq!(resource(&first.authorization), 401);
    client.invalidate();
    let second = client.granted();
    assert_eq!(resource(&second.authorization), 200);
}

fn password(password: &str) -> Value {
    let param = json!({ "username": "ada", "password": password });
    with(client("plain", "plain-secret"), json!({ "grant_type": "password", "param": param }))
}

fn a_password_with_reserved_characters_is_granted(start: Start) {
    let granted = start(password("pass+w%rd")).granted();
    assert_eq!(get(&url("/resource"), &granted.authorization).1["user"], "ada");
}

fn a_wrong_password_is_refused(start: Start) {
    start(password("wrong")).rejected(400, "invalid_grant", &["user credentials are invalid"]);
}

fn a_password_is_not_sent_again_where_there_is_a_refresh_token(start: Start) {
    let mut client = start(with(password("pass+w%rd"), json!({ "use_refresh_token": "always" })));
    let first = client.granted();
    client.invalidate();
    let second = client.granted();
    assert_ne!(first.authorization, second.authorization);
    let has_refresh_token = |granted: &Granted| came_with_refresh_token(&granted.authorization);
    assert!(has_refresh_token(&first) && !has_refresh_token(&second));
}

/// Whether the server issued it by the password, and not by a refresh token.
fn came_with_refresh_token(authorization: &str) -> bool {
    let (status, answer) = get(&url("/resource"), authorization);
    assert_eq!(status, 200, "{answer}");
    answer["came_with_refresh_token"].as_bool().unwrap()
}

// Only a Rust program can move the clock, and a server's tokens live long.
#[test]
#[ignore = "needs the servers that .ci/interop starts"]
fn a_refresh_answer_without_a_new_refresh_token_keeps_the_old_one() {
    let clock = TestClock::new();
    let options = with(password("pass+w%rd"), json!({ "use_refresh_token": "always" }));
    let config: Config = serde_json::from_value(options).unwrap();
    let client = Client::builder(config).clock(clock.clone()).build().unwrap();
    let sources: Vec<bool> = (0..4)
        .map(|_| {
            clock.advance(Duration::from_secs(3600));
            came_with_refresh_token(client.token().unwrap().authorization())
        })
        .collect();
    assert_eq!(sources, [true, false, false, false]);
}
