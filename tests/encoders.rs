//! Whatever is put into a request comes out of an independent decoder unchanged.

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth_token::{BasicEncoding, BodyFormat, Client, ClientAuth, Config};
use proptest::collection::btree_map;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};

use support::{FakeTransport, Request, answer};

type Pairs = Vec<(String, String)>;

/// The same cases at every run; `PROPTEST_CASES` asks for more of them.
fn plan() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(6749), failure_persistence: None, ..ProptestConfig::default() }
}

/// Any text that C can hold.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[^\0]{1,40}",
        // What means something in one encoding or another comes up more often than by chance.
        r#"[a%+&=:;{}"'\\/?# <>é☂.~*-]{1,40}"#,
    ]
}

/// Any secret that a form can carry; one that ends with a line end is taken for a slip, and refused.
fn secret() -> impl Strategy<Value = String> {
    text().prop_filter("ends with a line end", |text| !text.ends_with(['\n', '\r']))
}

/// Text without control characters, which neither options of one line nor Basic may hold (RFC 7617 §2).
fn plain() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.replace(char::is_control, "^"))
}

/// Names that no parameter of OAuth has, and that do not nest.
fn parameters() -> impl Strategy<Value = BTreeMap<String, String>> {
    let names = text().prop_map(|name| format!("x{}", name.replace('.', "_")));
    btree_map(names, text(), 0..5)
}

/// As options take values that begin no placeholder.
fn literal(text: &str) -> String {
    text.replace('{', "{{")
}

fn with_parameters(config: Config, parameters: &BTreeMap<String, String>) -> Config {
    parameters.iter().fold(config, |config, (name, value)| config.param(name, literal(value)))
}

fn config(client_id: &str, client_secret: &str) -> Config {
    Config::new().token_url("https://login.example.test/token").client_id(client_id).client_secret(client_secret)
}

/// The request that these options lead to.
fn request_of(config: Config) -> Request {
    let transport = Arc::new(FakeTransport::new(|_| answer(200, json!({"access_token": "t"}))));
    let client = Client::builder(config).transport(transport.clone()).build().expect("the options are good");
    client.token().expect("it was granted");
    transport.requests().pop().expect("there was a request")
}

/// What a form or a query holds, by the decoder of the URL standard.
fn decoded(encoded: &str) -> Pairs {
    form_urlencoded::parse(encoded.as_bytes()).into_owned().collect()
}

fn query(request: &Request) -> Pairs {
    decoded(request.target.split_once('?').map_or("", |(_, query)| query))
}

fn json_body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).expect("it is JSON")
}

fn basic(request: &Request) -> String {
    let header = request.header("authorization").and_then(|value| value.strip_prefix("Basic ")).expect("it is Basic");
    base64_decoded(header)
}

fn base64_decoded(encoded: &str) -> String {
    String::from_utf8(STANDARD.decode(encoded).expect("it is base64")).expect("it is UTF-8")
}

/// Decoded in both ways in use: as a form, where `+` is a space, and by escapes alone.
fn unescaped(escaped: &str) -> [String; 2] {
    let as_form = decoded(&format!("x={}", escaped.replace('&', "%26"))).remove(0).1;
    let by_escapes = percent_encoding::percent_decode_str(escaped).decode_utf8().expect("it is UTF-8");
    [as_form, by_escapes.into_owned()]
}

/// All that a request in this format must hold, in no order.
fn expected(
    client_id: &str,
    client_secret: &str,
    scope: &str,
    own: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let ours = [
        ("grant_type", "client_credentials"),
        ("scope", scope),
        ("client_id", client_id),
        ("client_secret", client_secret),
    ];
    let ours = ours.map(|(name, value)| (name.to_owned(), value.to_owned()));
    ours.into_iter().chain(own.clone()).collect()
}

fn without_repetition(pairs: Pairs) -> BTreeMap<String, String> {
    let count = pairs.len();
    let map: BTreeMap<String, String> = pairs.into_iter().collect();
    assert_eq!(map.len(), count, "a parameter was sent twice");
    map
}

proptest! {
    #![proptest_config(plan())]

    #[test]
    fn a_form_brings_everything_back(id in plain(), secret in secret(), scope in plain(), own in parameters()) {
        let config = config(&id, &secret).client_auth(ClientAuth::ClientSecretPost).scope(&scope);
        let request = request_of(with_parameters(config, &own));
        prop_assert_eq!(without_repetition(decoded(&request.text())), expected(&id, &secret, &scope, &own));
    }

    #[test]
    fn a_query_brings_everything_back(id in plain(), secret in secret(), scope in plain(), own in parameters()) {
        let config = config(&id, &secret).client_auth(ClientAuth::ClientSecretPost).scope(&scope);
        let request = request_of(with_parameters(config, &own).body_format(BodyFormat::Query));
        prop_assert!(request.body.is_empty());
        prop_assert_eq!(without_repetition(query(&request)), expected(&id, &secret, &scope, &own));
    }

    #[test]
    fn a_json_body_brings_everything_back(id in plain(), secret in secret(), scope in plain(), own in parameters()) {
        let config = config(&id, &secret).client_auth(ClientAuth::ClientSecretPost).scope(&scope);
        let request = request_of(with_parameters(config, &own).body_format(BodyFormat::Json));
        prop_assert_eq!(json_body(&request), json!(expected(&id, &secret, &scope, &own)));
    }

    #[test]
    fn nested_names_become_nested_objects(names in prop::collection::vec("[a-z\"\\\\é ]{1,5}", 1..8), value in text()) {
        let config = config("me", "s3cret").body_format(BodyFormat::Json).param(names.join("."), literal(&value));
        let body = json_body(&request_of(config));
        let found = names.iter().try_fold(&body, |inner, name| inner.get(name));
        prop_assert_eq!(found, Some(&json!(value)));
    }

    #[test]
    fn basic_as_it_is_brings_both_back(id in plain(), secret in plain()) {
        let request = request_of(config(&id, &secret).basic_encoding(BasicEncoding::Raw));
        prop_assert_eq!(basic(&request), format!("{id}:{secret}"));
    }

    #[test]
    fn basic_with_the_least_escapes_brings_both_back(id in plain(), secret in plain()) {
        let request = request_of(config(&id, &secret).basic_encoding(BasicEncoding::Minimal));
        let credentials = basic(&request);
        let (written_id, written_secret) = credentials.split_once(':').unwrap();
        prop_assert_eq!(unescaped(written_id), [id.clone(), id]);
        prop_assert_eq!(unescaped(written_secret), [secret.clone(), secret]);
    }

    #[test]
    fn basic_as_a_form_brings_both_back_and_is_plain(id in plain(), secret in plain()) {
        let request = request_of(config(&id, &secret).basic_encoding(BasicEncoding::Form));
        let credentials = basic(&request);
        prop_assert!(credentials.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"%:-._~".contains(&byte)));
        let (written_id, written_secret) = credentials.split_once(':').unwrap();
        prop_assert_eq!(unescaped(written_id), [id.clone(), id]);
        prop_assert_eq!(unescaped(written_secret), [secret.clone(), secret]);
    }

    #[test]
    fn a_template_in_base64_brings_both_back(id in plain(), secret in secret(), between in text(), depth in 1..4_usize) {
        let inner = format!("{{client_id}}{}{{client_secret}}", literal(&between).replace('}', ")"));
        let template = (0..depth).fold(inner, |inner, _| format!("{{base64:{inner}}}"));
        let config = config(&id, &secret).client_auth(ClientAuth::None).grant_type("").param("x", template);
        let sent = decoded(&request_of(config).text()).remove(0).1;
        let written = (0..depth).fold(sent, |sent, _| base64_decoded(&sent));
        prop_assert_eq!(written, format!("{id}{}{secret}", between.replace('}', ")")));
    }

    #[test]
    fn a_header_brings_its_value_back(value in plain(), secret in plain()) {
        let config = config("me", &secret).client_auth(ClientAuth::None);
        let request = request_of(config.header("X-Own", format!("a{}{{client_secret}}z", literal(&value))));
        prop_assert_eq!(request.header("x-own").unwrap(), format!("a{value}{secret}z"));
    }
}
