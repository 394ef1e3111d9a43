//! Servers repeat what they were sent; errors do not.

#![cfg(feature = "http")]

mod checks;
mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth_token::transport::Response;
use oauth_token::{Client, ClientAuth, Config, Error, UseRefreshToken};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::json;

use checks::{CLIENT_ID, SECRET, TOKEN, answering, assert_hides, client_with, config, percent_encode, token_error};
use support::{FakeTransport, Reply, Request, Server, TestClock};

const REFRESH_TOKEN: &str = "r3fresh-of-the-client";

/// The error after a refusal whose every part repeats what `echo` makes of the request.
#[track_caller]
fn assert_is_hidden(
    config: impl Fn(String) -> Config,
    echo: impl Fn(&Request) -> String + Clone + Send + Sync + 'static,
) {
    let replies: [fn(&str) -> Reply; 6] = [
        |echoed| Reply::json(401, json!({"error": "invalid_client", "error_description": format!("Got {echoed}!")})),
        |echoed| Reply::json(400, json!({"error": format!("bad_{echoed}")})),
        |echoed| Reply::json(400, json!({"errors": [{"code": echoed, "message": echoed}]})),
        |echoed| Reply::text(500, "text/plain", format!("Got {echoed}!")),
        |echoed| Reply::text(400, "text/html", format!("<title>Got {echoed}!</title>")),
        |echoed| Reply::text(400, "text/plain", format!("{}{echoed}", "x".repeat(290))),
    ];
    for reply in replies {
        let echo = echo.clone();
        let server = Server::http(move |request| reply(&echo(request)));
        let error = token_error(config(server.url("/token")));
        assert_hides(&error, SECRET);
        assert_repeats_no_part(&error);
    }
}

/// Half a secret is half a leak.
#[track_caller]
fn assert_repeats_no_part(error: &Error) {
    for part in ["hunter2", "of the", "of+the", "of%20the", "%26client"] {
        assert!(!format!("{error:?}").contains(part), "`{part}` is shown: {error}");
    }
}

fn posting(url: String) -> Config {
    config(url).client_auth(ClientAuth::ClientSecretPost)
}

#[test]
fn the_secret_as_it_is_is_hidden() {
    assert_is_hidden(config, |_| SECRET.to_owned());
}

#[test]
fn the_secret_as_it_was_posted_is_hidden() {
    assert_is_hidden(posting, Request::text);
}

#[test]
fn the_percent_encoded_secret_is_hidden() {
    assert_is_hidden(config, |_| percent_encode(SECRET));
}

#[test]
fn the_percent_encoded_secret_in_lower_case_is_hidden() {
    assert_is_hidden(posting, |_| percent_encode(SECRET).to_lowercase());
}

#[test]
fn the_form_encoded_secret_with_plus_for_a_space_is_hidden() {
    assert_is_hidden(posting, |_| percent_encode(SECRET).replace("%20", "+"));
}

#[test]
fn the_authorization_header_is_hidden() {
    assert_is_hidden(config, |request| request.header("authorization").unwrap_or_default().to_owned());
}

#[test]
fn the_secret_that_a_server_decoded_is_hidden() {
    assert_is_hidden(config, |request| {
        request.basic_raw().map(|(id, secret)| format!("{id}:{secret}")).unwrap_or_default()
    });
}

#[test]
fn a_secret_with_characters_that_json_escapes_is_hidden() {
    let secret = r#"back\slash"quote/é"#;
    let server = Server::http(|request| {
        let (_, secret) = request.basic_raw().unwrap_or_default();
        Reply::json(400, json!({"message": format!("Got {secret}")}))
    });
    let error = token_error(config(server.url("/token")).client_secret(secret));
    assert!(error.message().contains("Got"), "{error}");
    assert_hides(&error, secret);
}

#[test]
fn the_secret_is_hidden_in_either_way_of_writing_it() {
    let secret = "hunter2+100%";
    let server = Server::http(|request| {
        let header = request.header("authorization").unwrap_or_default().to_owned();
        let (_, secret) = request.basic_raw().unwrap_or_default();
        Reply::json(401, json!({"error": "invalid_client", "error_description": format!("{header} {secret}")}))
    });
    let error = token_error(config(server.url("/token")).client_secret(secret));
    assert_eq!(server.requests().len(), 2);
    let minimal = "hunter2%2B100%25";
    assert_hides(&error, secret);
    assert_hides(&error, minimal);
}

#[test]
fn a_secret_in_a_header_of_one_s_own_is_hidden() {
    let own = |url: String| {
        let config = Config::new().token_url(url).client_id(CLIENT_ID).client_secret(SECRET);
        config.client_auth(ClientAuth::None).header("X-Key", "{base64:{client_id}:{client_secret}}")
    };
    assert_is_hidden(own, |request| request.header("x-key").unwrap_or_default().to_owned());
}

#[test]
fn a_password_among_the_parameters_is_hidden() {
    let password = "correct horse battery";
    let server = Server::http(|request| Reply::json(400, json!({"message": request.form_value("password")})));
    let config =
        config(server.url("/token")).grant_type("password").param("username", "me").param("password", password);
    assert_hides(&token_error(config), password);
}

#[test]
fn a_key_in_the_query_of_the_token_url_is_hidden() {
    let key = "k3yInTheQuery";
    let server = Server::http(|request| Reply::text(404, "text/plain", format!("Cannot POST {}", request.target)));
    let error = token_error(config(server.url(&format!("/token?key={key}"))));
    assert!(error.message().contains("Cannot POST"), "{error}");
    assert_hides(&error, key);
}

#[test]
fn a_secret_that_looks_like_a_tag_is_hidden_in_a_page() {
    let server = Server::http(|_| Reply::text(400, "text/html", format!("<p>Got {SECRET}</p>")));
    assert_repeats_no_part(&token_error(config(server.url("/token"))));
}

#[test]
fn a_secret_that_a_page_escaped_is_hidden() {
    let escaped = SECRET.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let server = Server::http(move |_| Reply::text(400, "text/html", format!("<p>Got {escaped}</p>")));
    assert_repeats_no_part(&token_error(config(server.url("/token"))));
}

#[test]
fn a_secret_is_hidden_even_where_a_long_page_is_cut() {
    let secret = "hunter2-of-the-client";
    let page = |padding: usize| format!("<p>{}{secret}{}", " ".repeat(padding), "x".repeat(300));
    // Round lengths are where texts get cut; the tag counts or not.
    for cut in [256, 512, 1_024, 2_048, 4_096, 8_192, 16_384] {
        let page = page(cut - secret.len());
        let server = Server::http(move |_| Reply::text(400, "text/html", page.clone()));
        assert_repeats_no_part(&token_error(config(server.url("/token")).client_secret(secret)));
    }
}

#[test]
fn a_token_beside_an_error_is_not_told() {
    let whole = json!({"access_token": TOKEN, "error": "none"}).to_string();
    let broken = ["access_token", "accessToken", "refresh_token", "id_token", "own"]
        .map(|name| format!(r#"{{"{name}":"{TOKEN}","expires_in":"#));
    for (status, body) in [(400, whole)].into_iter().chain(broken.map(|body| (502, body))) {
        let server = Server::http(move |_| Reply::text(status, "application/json", body.clone()));
        assert_hides(&token_error(config(server.url("/token")).token_path("data.own")), SECRET);
    }
}

#[test]
fn words_about_tokens_are_told_where_no_token_is() {
    let server = Server::http(|_| Reply::text(400, "text/plain", "an access token needs a scope: invalid_token"));
    let error = token_error(config(server.url("/token")));
    assert!(error.message().contains("an access token needs a scope: invalid_token"), "{error}");
}

#[test]
fn a_secret_with_reserved_characters_is_hidden_where_a_redirect_points_to() {
    const RESERVED: &str = "hunter2?and#more";
    let server = Server::http(|_| Reply::empty(302).header("Location", &format!("https://a.test/{RESERVED}/x")));
    let error = token_error(config(server.url("/token")).client_secret(RESERVED));
    assert!(error.message().contains("pointing to https://a.test/[secret]"), "{error}");
    assert!(!error.message().contains("hunter2"), "{error}");
}

#[test]
fn tokens_in_a_refusal_are_not_told_wherever_they_stand() {
    let path_of_its_own = |config: Config| config.token_path("data.0.key");
    let at_path = json!({"data": [{"key": TOKEN}], "message": format!("not {TOKEN}")});
    assert_hides_token(path_of_its_own, &at_path);
    for name in ["access_token", "refresh_token", "id_token", "accessToken", "RefreshToken"] {
        for holder in [
            json!({name: TOKEN}),
            json!({"data": {name: TOKEN}}),
            json!({"data": [{"of": [{name: TOKEN}]}]}),
            json!({name: [TOKEN]}),
            json!({name: {"value": TOKEN}}),
        ] {
            let mut refusal = holder.clone();
            refusal["error_description"] = format!("not {TOKEN}").into();
            assert_hides_token(std::convert::identity, &refusal);
            assert_hides_token(std::convert::identity, &json!([{"message": format!("not {TOKEN}")}, holder]));
        }
    }
}

#[track_caller]
fn assert_hides_token(set: impl Fn(Config) -> Config, refusal: &serde_json::Value) {
    let body = refusal.clone();
    let server = Server::http(move |_| Reply::json(400, body.clone()));
    let error = token_error(set(config(server.url("/token"))));
    assert!(error.message().contains("not [secret]"), "{refusal}: {error}");
    assert_hides(&error, SECRET);
}

#[test]
fn the_first_secret_is_hidden_even_after_another_was_tried() {
    let server = Server::http(|request| {
        let (_, secret) = request.basic_raw().unwrap_or_default();
        let words = if secret == SECRET { "unknown".to_owned() } else { format!("not {secret}, nor {SECRET}") };
        Reply::json(401, json!({"error": "invalid_client", "error_description": words}))
    });
    let error = token_error(config(server.url("/token")).client_secret_alternate("correct-horse"));
    assert_eq!(server.requests().len(), 2);
    assert!(error.message().contains("not [secret], nor [secret]"), "{error}");
    assert_hides(&error, SECRET);
}

#[test]
fn the_refresh_token_that_was_sent_is_hidden_in_this_answer_and_the_next() {
    // The first ends the call; after the other the configured grant is asked, whose refusal repeats both requests.
    for (status, requests) in [(429, 2), (400, 3)] {
        let seen = Mutex::new(String::new());
        let server = Server::http(move |request| {
            let mut seen = seen.lock().unwrap();
            if seen.is_empty() {
                seen.push_str("Got ");
                return Reply::json(200, json!({"access_token": TOKEN, "refresh_token": REFRESH_TOKEN}));
            }
            seen.push_str(&request.text());
            Reply::json(status, json!({"error": "invalid_grant", "error_description": *seen}))
        });
        let clock = TestClock::new();
        let own = config(server.url("/token")).use_refresh_token(UseRefreshToken::Always).max_retries(0);
        let client = client_with(own, &clock);
        client.token().expect("the first is granted");
        clock.advance(Duration::from_secs(86_400));
        let error = client.token().expect_err("it was refused");
        assert_eq!(server.requests().len(), requests);
        assert!(error.message().contains("refresh_token=[secret]"), "{error}");
        assert_hides(&error, REFRESH_TOKEN);
    }
}

#[test]
fn a_refresh_token_that_was_issued_and_not_sent_is_hidden() {
    let answers = vec![
        Reply::json(200, json!({"access_token": TOKEN, "refresh_token": REFRESH_TOKEN})),
        Reply::json(400, json!({"error_description": format!("{REFRESH_TOKEN} lives")})),
    ];
    let server = answering(answers);
    let clock = TestClock::new();
    let client = client_with(config(server.url("/token")), &clock);
    client.token().expect("the first is granted");
    clock.advance(Duration::from_secs(86_400));
    let error = client.token().expect_err("it was refused");
    assert!(error.message().contains("[secret] lives"), "{error}");
    assert_hides(&error, REFRESH_TOKEN);
}

#[test]
fn a_secret_that_was_replaced_in_a_file_is_hidden_beside_the_new_one() {
    let directory = support::TemporaryDirectory::new();
    let path = directory.path().join("secret");
    std::fs::write(&path, SECRET).unwrap();
    let rotated = path.clone();
    let server = Server::http(move |_| {
        std::fs::write(&rotated, "correct-horse").unwrap();
        let words = format!("neither {SECRET} nor correct-horse");
        Reply::json(401, json!({"error": "invalid_client", "error_description": words}))
    });
    let own = Config::new().token_url(server.url("/token")).client_id(CLIENT_ID).client_secret_file(&path);
    let error = token_error(own.proxy(oauth_token::ProxyChoice::None));
    assert_eq!(server.requests().len(), 2);
    assert!(error.message().contains("neither [secret] nor [secret]"), "{error}");
    assert_hides(&error, SECRET);
}

#[test]
fn the_secret_as_the_encoding_of_an_answer_is_hidden() {
    let server = Server::http(|_| Reply::text(200, "application/json", "{").header("Content-Encoding", SECRET));
    let error = token_error(config(server.url("/token")));
    assert!(error.message().contains("is encoded as"), "{error}");
    assert_hides(&error, SECRET);
}

#[test]
fn basic_credentials_are_what_the_checks_look_for() {
    let server = Server::http(|_| Reply::empty(401));
    token_error(config(server.url("/token")));
    let expected = format!("Basic {}", STANDARD.encode(format!("{CLIENT_ID}:{SECRET}")));
    assert_eq!(server.requests()[0].header("authorization"), Some(&*expected));
}

/// A text as those write it who repeat it.
fn written(secret: &str) -> Vec<String> {
    let json = in_json(secret);
    let in_ascii: String = json.chars().map(ascii_json).collect();
    let html = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let escaped = ["-._~", "-._~!*'()", "-._*", ""].map(|plain| escape(secret, plain));
    let lowered = escaped.clone().map(|text| lower_case_escapes(&text));
    let quoted = html.replace('"', "&quot;");
    let numbered: String = secret.chars().map(|character| format!("&#{};", u32::from(character))).collect();
    let others = [secret, &json, &json.replace('/', "\\/"), &html, &quoted, &quoted.replace('\'', "&#039;"), &numbered];
    let others = others.map(str::to_owned);
    let twice = [escape(&escaped[0], "-._~"), escape(&in_ascii, ""), in_json(&json), in_json(&quoted)];
    let basic = STANDARD.encode(format!("{CLIENT_ID}:{secret}"));
    escaped.into_iter().chain(lowered).chain(others).chain(twice).chain([in_ascii, basic]).collect()
}

/// As JSON writes it between quotes.
fn in_json(text: &str) -> String {
    let quoted = json!(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// As the cautious write JSON that may stand in HTML.
fn ascii_json(character: char) -> String {
    match character {
        '&' | '<' | '>' | '\'' | '+' | '\u{7f}'.. => format!("\\u{:04x}", u32::from(character)),
        _ => character.to_string(),
    }
}

/// Percent-encoded but for letters, digits and `plain`: RFC 3986, JavaScript, the URL standard and the cautious differ.
fn escape(text: &str, plain: &str) -> String {
    let encode = |byte: u8| match char::from(byte) {
        character if character.is_ascii_alphanumeric() || plain.contains(character) => character.to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

fn lower_case_escapes(text: &str) -> String {
    let mut pieces = text.split('%');
    let start = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(start, |lowered, piece| format!("{lowered}%{}{}", piece[..2].to_lowercase(), &piece[2..]))
}

proptest! {
    #![proptest_config(ProptestConfig {
        // Each tries every way of writing, one after another.
        cases: ProptestConfig::default().cases / 4,
        rng_seed: RngSeed::Fixed(6749),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_the_secret_no_way_of_writing_it_is_shown(secret in "[!-~é☂]{8,30}", around in "[ .,:;()=]{1,3}") {
        for repeated in written(&secret) {
            let told = format!("got{around}{repeated}{around}instead");
            let transport = FakeTransport::new(move |_| Ok(Response::new(400, told.clone())));
            let config = Config::new().token_url("https://login.example.test/token").client_id(CLIENT_ID);
            let builder = Client::builder(config.client_secret(&secret)).transport(Arc::new(transport));
            let error = builder.build().expect("the options are good").token().expect_err("it was refused");
            prop_assert!(error.message().contains("[secret]"), "{} in: {}", repeated, error);
            for way in written(&secret) {
                prop_assert!(!error.message().contains(&way), "{} in: {}", way, error);
            }
        }
    }
}
