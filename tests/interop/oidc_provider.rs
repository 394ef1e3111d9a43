//! oidc-provider: certified, strict, and of the opinion that id and secret are form-encoded in Basic.

use serde_json::{Value, json};

use crate::asker::{Granted, Start};
use crate::in_rust_and_in_c;
use crate::servers::{RESERVED, file, port, post, with};

in_rust_and_in_c! {
    start:
    a_token_is_what_the_introspection_knows_of_it
    reserved_characters_pass_through_basic
    a_plus_in_the_secret_passes_through_basic
    reserved_characters_in_the_client_id_pass_through_basic
    what_worked_in_basic_is_kept
    each_way_of_encoding_is_understood_or_refused
    reserved_characters_pass_through_the_body
    an_assertion_may_be_signed_with_the_secret
    an_assertion_may_be_signed_with_rs256
    an_assertion_may_be_signed_with_ps256
    an_assertion_may_be_signed_with_es256
    an_assertion_may_be_signed_with_eddsa
    every_assertion_is_new
    an_assertion_by_the_wrong_key_is_refused
    an_assertion_for_somebody_else_is_refused
    a_self_signed_certificate_takes_the_place_of_a_secret
    a_certificate_of_an_authority_takes_the_place_of_a_secret
    another_certificate_is_refused
    a_missing_certificate_is_refused
    a_resource_is_granted
    a_resource_that_issues_jwts_is_granted
    an_unknown_resource_is_refused
    two_resources_are_refused
    scopes_are_granted
    a_scope_is_granted_in_part
    an_unknown_scope_is_passed_over
    a_scope_that_the_client_may_not_have_is_refused
    no_scope_is_granted_without_one
    a_wrong_secret_is_refused
    a_wrong_secret_of_reserved_characters_is_called_wrong
    an_alternate_secret_of_reserved_characters_takes_over
    an_unknown_client_is_refused
    a_secret_that_no_server_may_issue_is_refused
    another_way_of_authentication_is_refused
    an_issuer_names_its_token_url
    a_revoked_token_is_replaced
}

fn url(path: &str) -> String {
    format!("https://localhost:{}{path}", port("oidc_provider"))
}

/// What every client needs but its credentials.
fn client(id: &str) -> Value {
    json!({ "token_url": url("/token"), "client_id": id, "ca_file": file("ca.pem"), "proxy": "none", "max_retries": 0 })
}

fn basic(id: &str, secret: &str) -> Value {
    with(client(id), json!({ "client_secret": secret }))
}

fn signed(id: &str, algorithm: &str, key: &str) -> Value {
    let options =
        json!({ "client_auth": "private_key_jwt", "assertion_alg": algorithm, "private_key_file": file(key) });
    with(client(id), options)
}

fn certified(id: &str, method: &str, certificate: &str) -> Value {
    let (certificate, key) = (file(&format!("{certificate}.pem")), file(&format!("{certificate}-key.pem")));
    with(client(id), json!({ "client_auth": method, "tls_cert_file": certificate, "tls_key_file": key }))
}

/// What the server itself says of a token (RFC 7662).
fn introspect(granted: &Granted) -> Value {
    ask_about(granted, "introspection").1
}

/// The token's server, asked by a client of its own over the plain port that it has for the tests.
fn ask_about(granted: &Granted, endpoint: &str) -> (u16, Value) {
    let url = format!("http://127.0.0.1:{}/token/{endpoint}", port("oidc_provider_plain"));
    let caller = [("client_id", "post-reserved"), ("client_secret", RESERVED)];
    post(&url, &[caller[0], caller[1], ("token", granted.access_token())])
}

/// That a client with these options gets a token that its server knows as its own.
#[track_caller]
fn assert_works(start: Start, options: Value) -> Granted {
    let id = options["client_id"].clone();
    let granted = start(options).granted();
    let known = introspect(&granted);
    assert_eq!((&known["active"], &known["client_id"]), (&json!(true), &id), "{known}");
    granted
}

fn a_token_is_what_the_introspection_knows_of_it(start: Start) {
    let granted = assert_works(start, with(basic("basic", "plain-secret"), json!({ "scope": "read" })));
    let known = introspect(&granted);
    assert_eq!((&known["token_type"], &known["scope"]), (&json!("Bearer"), &json!("read")), "{known}");
    let life = known["exp"].as_u64().unwrap() - known["iat"].as_u64().unwrap();
    assert_eq!(life, 3600);
    assert!((3590..=3600).contains(&granted.expires_in.as_secs()), "{granted:?}");
}

fn reserved_characters_pass_through_basic(start: Start) {
    assert_works(start, basic("basic-reserved", RESERVED));
}

fn a_plus_in_the_secret_passes_through_basic(start: Start) {
    assert_works(start, basic("basic-plus", "one+two"));
}

fn reserved_characters_in_the_client_id_pass_through_basic(start: Start) {
    assert_works(start, basic("id+with%20:reserved", RESERVED));
}

fn what_worked_in_basic_is_kept(start: Start) {
    let mut client = start(basic("basic-plus", "one+two"));
    client.granted();
    client.invalidate();
    // The first token cost two requests, one for each way of writing the secret.
    assert_eq!(client.ask().requests, 3);
}

fn each_way_of_encoding_is_understood_or_refused(start: Start) {
    let encoded = |encoding| with(basic("basic-reserved", RESERVED), json!({ "basic_encoding": encoding }));
    assert_works(start, encoded("form"));
    assert_works(start, encoded("minimal"));
    // A `%` that begins no escape: not even a wrong secret to a server that decodes.
    start(encoded("raw")).rejected(400, "invalid_request", &["not properly encoded", "client_secret_basic"]);
    let raw = with(basic("basic-plus", "one+two"), json!({ "basic_encoding": "raw" }));
    start(raw).rejected(401, "invalid_client", &["check `client_id`, `client_secret` and `client_auth`"]);
}

fn reserved_characters_pass_through_the_body(start: Start) {
    assert_works(start, with(basic("post-reserved", RESERVED), json!({ "client_auth": "client_secret_post" })));
}

fn an_assertion_may_be_signed_with_the_secret(start: Start) {
    let secret = format!("{RESERVED} and thirty-two bytes or more");
    assert_works(start, with(basic("secret-jwt", &secret), json!({ "client_auth": "client_secret_jwt" })));
}

fn an_assertion_may_be_signed_with_rs256(start: Start) {
    assert_works(start, signed("rs256", "RS256", "rsa.pem"));
}

fn an_assertion_may_be_signed_with_ps256(start: Start) {
    assert_works(start, signed("ps256", "PS256", "rsa.pem"));
}

fn an_assertion_may_be_signed_with_es256(start: Start) {
    assert_works(start, signed("es256", "ES256", "ec.pem"));
}

fn an_assertion_may_be_signed_with_eddsa(start: Start) {
    assert_works(start, signed("eddsa", "EdDSA", "ed25519.pem"));
}

fn every_assertion_is_new(start: Start) {
    let mut client = start(signed("es256", "ES256", "ec.pem"));
    let first = client.granted();
    client.invalidate();
    // The server remembers every `jti` and takes none twice.
    let second = client.granted();
    assert_ne!(first.authorization, second.authorization);
}

fn an_assertion_by_the_wrong_key_is_refused(start: Start) {
    let options = signed("ps256", "PS256", "rsa.pem");
    assert_works(start, options.clone());
    let options = with(options, json!({ "client_id": "rs256" }));
    start(options).rejected(
        401,
        "invalid_client",
        &["private_key_jwt", "check `client_id`, `private_key_file`, `key_id`"],
    );
}

fn an_assertion_for_somebody_else_is_refused(start: Start) {
    let options = json!({ "assertion_audience": "https://login.example.test/token" });
    let options = with(signed("es256", "ES256", "ec.pem"), options);
    start(options).rejected(401, "invalid_client", &["`assertion_audience`"]);
}

fn a_self_signed_certificate_takes_the_place_of_a_secret(start: Start) {
    assert_works(start, certified("self-signed", "self_signed_tls_client_auth", "self-signed"));
}

fn a_certificate_of_an_authority_takes_the_place_of_a_secret(start: Start) {
    assert_works(start, certified("certified", "tls_client_auth", "client"));
}

fn another_certificate_is_refused(start: Start) {
    for (id, method, certificate) in
        [("self-signed", "self_signed_tls_client_auth", "client"), ("certified", "tls_client_auth", "self-signed")]
    {
        let options = certified(id, method, certificate);
        start(options).rejected(401, "invalid_client", &[method, "`tls_cert_file`"]);
    }
}

fn a_missing_certificate_is_refused(start: Start) {
    let options = with(client("self-signed"), json!({ "client_auth": "none" }));
    start(options).rejected(401, "invalid_client", &["check `client_auth`"]);
}

const API: &str = "https://api.example.test/";

fn a_resource_is_granted(start: Start) {
    let granted =
        assert_works(start, with(basic("basic", "plain-secret"), json!({ "resource": API, "scope": "read" })));
    assert_eq!(introspect(&granted)["aud"], API);
}

fn a_resource_that_issues_jwts_is_granted(start: Start) {
    let options = json!({ "resource": "https://jwt.example.test/", "scope": "read" });
    let granted = start(with(basic("basic", "plain-secret"), options)).granted();
    assert_eq!(granted.access_token().split('.').count(), 3, "{granted:?}");
    assert_eq!(granted.scope.as_deref(), Some("read"));
}

fn an_unknown_resource_is_refused(start: Start) {
    let options = with(basic("basic", "plain-secret"), json!({ "resource": "https://other.example.test/" }));
    start(options).rejected(400, "invalid_target", &["https://other.example.test/", "check `resource`"]);
}

fn two_resources_are_refused(start: Start) {
    // That they arrive as two shows in how they are refused.
    let options = json!({ "resource": [API, "https://jwt.example.test/"], "scope": "read" });
    let words = ["only a single resource indicator value is supported", "check `resource`"];
    start(with(basic("basic", "plain-secret"), options)).rejected(400, "invalid_target", &words);
}

fn scopes_are_granted(start: Start) {
    let granted = assert_works(start, with(basic("basic", "plain-secret"), json!({ "scope": "write read" })));
    assert_eq!(granted.scope.as_deref(), Some("write read"));
    assert_eq!(introspect(&granted)["scope"], "write read");
}

fn a_scope_is_granted_in_part(start: Start) {
    // This API knows no `write`, which the server drops without a word.
    let options = json!({ "resource": "https://jwt.example.test/", "scope": "read write" });
    let granted = start(with(basic("basic", "plain-secret"), options)).granted();
    assert_eq!(granted.scope.as_deref(), Some("read"));
}

fn an_unknown_scope_is_passed_over(start: Start) {
    let granted = assert_works(start, with(basic("basic", "plain-secret"), json!({ "scope": "read delete" })));
    assert_eq!(granted.scope.as_deref(), Some("read"));
}

fn a_scope_that_the_client_may_not_have_is_refused(start: Start) {
    let options = with(basic("basic", "plain-secret"), json!({ "scope": "read admin" }));
    start(options).rejected(400, "invalid_scope", &["`read admin`", "check `scope`"]);
}

fn no_scope_is_granted_without_one(start: Start) {
    assert_eq!(assert_works(start, basic("basic", "plain-secret")).scope, None);
}

fn a_wrong_secret_is_refused(start: Start) {
    for (id, method) in [("basic", "client_secret_basic"), ("post-reserved", "client_secret_post")] {
        let options = with(basic(id, "wrong-secret"), json!({ "client_auth": method }));
        start(options).rejected(401, "invalid_client", &[id, method, "check `client_id`, `client_secret`"]);
    }
}

fn a_wrong_secret_of_reserved_characters_is_called_wrong(start: Start) {
    // In the first way of writing it, this server cannot read the secret at all.
    let words = ["(`basic_encoding` raw, then minimal)", "check `client_id`, `client_secret`"];
    start(basic("basic", RESERVED)).rejected(401, "invalid_client", &words);
}

fn an_alternate_secret_of_reserved_characters_takes_over(start: Start) {
    let alternate = json!({ "client_secret_alternate": RESERVED });
    assert_works(start, with(basic("basic-reserved", "an%old+one"), alternate));
}

fn an_unknown_client_is_refused(start: Start) {
    let options = basic("nobody", "plain-secret");
    start(options).rejected(401, "invalid_client", &["`nobody`", "check `client_id`, `client_secret`"]);
}

fn a_secret_that_no_server_may_issue_is_refused(start: Start) {
    // RFC 6749 appendix A.2: a secret is visible ASCII and spaces.
    let words = ["not properly encoded", "client_secret_basic"];
    start(basic("basic", "schlüssel")).rejected(400, "invalid_request", &words);
}

fn another_way_of_authentication_is_refused(start: Start) {
    let words = ["client_secret_basic", "check `client_id`, `client_secret` and `client_auth`"];
    start(basic("secret-jwt", RESERVED)).rejected(401, "invalid_client", &words);
}

fn an_issuer_names_its_token_url(start: Start) {
    let mut options = with(basic("basic", "plain-secret"), json!({ "issuer": url("") }));
    options.as_object_mut().unwrap().remove("token_url");
    assert_works(start, options);
}

fn a_revoked_token_is_replaced(start: Start) {
    let mut client = start(basic("basic", "plain-secret"));
    let first = client.granted();
    assert_eq!(ask_about(&first, "revocation").0, 200);
    assert_eq!(introspect(&first), json!({ "active": false }));
    assert_eq!(client.granted().authorization, first.authorization, "the client cannot know yet");
    client.invalidate();
    let second = client.granted();
    assert_ne!(second.authorization, first.authorization);
    assert_eq!(introspect(&second)["active"], true);
}
