//! Which parameters and headers a request holds, and how they are written.

use oauth_token::{BodyFormat, ClientAuth, Config};
use serde_json::json;

use crate::{config, granted, setup};

#[test]
fn the_plain_request_is_that_of_rfc_6749() {
    let setup = setup(config().scope("a b"), |_| granted("t"));
    setup.client.token().unwrap();
    let request = &setup.server.requests()[0];
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "https://login.example.com/token"));
    assert_eq!(request.text(), "grant_type=client_credentials&scope=a%20b");
    assert_eq!(request.header("Authorization"), Some("Basic bWU6czNjcmV0"));
    assert_eq!(request.header("Accept"), Some("application/json"));
    assert_eq!(request.header("User-Agent"), Some(concat!("oauth-token/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(request.header("Content-Type"), Some("application/x-www-form-urlencoded"));
}

#[test]
fn an_empty_grant_type_sends_none_and_empty_options_send_nothing() {
    let setup = setup(config().grant_type("").scope("").audience("").resource(""), |_| granted("t"));
    setup.client.token().unwrap();
    assert_eq!(setup.server.requests()[0].text(), "");
}

#[test]
fn several_resources_are_several_parameters() {
    let setup = setup(config().resource("https://a https://b").audience("api"), |_| granted("t"));
    setup.client.token().unwrap();
    let form = setup.server.requests()[0].form();
    let resources: Vec<_> = form.iter().filter(|(name, _)| name == "resource").map(|(_, value)| value).collect();
    assert_eq!(resources, ["https://a", "https://b"]);
    assert!(form.contains(&("audience".into(), "api".into())));
}

#[test]
fn parameters_and_headers_of_the_user_replace_ours_and_fill_placeholders() {
    let config = config()
        .client_auth(ClientAuth::None)
        .param("client", "{client_id}")
        .scope("ours")
        .param("scope", "theirs")
        .param("brace", "{{x}")
        .header("X-Secret", "{base64:{client_id}:{client_secret}}")
        .header("accept", "*/*");
    let setup = setup(config, |_| granted("t"));
    setup.client.token().unwrap();
    let request = &setup.server.requests()[0];
    assert_eq!(request.text(), "grant_type=client_credentials&client=me&scope=theirs&brace=%7Bx%7D");
    assert_eq!(request.header("X-Secret"), Some("bWU6czNjcmV0"));
    assert_eq!(request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("accept")).count(), 1);
    assert_eq!(request.header("Accept"), Some("*/*"));
    assert_eq!(request.header("Authorization"), None);
}

#[test]
fn each_request_has_a_uuid_of_its_own_and_one_only() {
    let setup = setup(config().header("X-Request-Id", "{uuid}").param("id", "{uuid}"), |_| granted("t"));
    setup.client.token().unwrap();
    setup.client.reset();
    setup.client.token().unwrap();
    let requests = setup.server.requests();
    let ids: Vec<_> = requests.iter().map(|request| request.header("X-Request-Id").unwrap().to_owned()).collect();
    assert_ne!(ids[0], ids[1]);
    assert_eq!(requests[0].form_value("id").as_ref(), Some(&ids[0]));
}

#[test]
fn a_json_body_holds_the_same_parameters_nested_by_their_dots() {
    let config = config()
        .client_auth(ClientAuth::ClientSecretPost)
        .body_format(BodyFormat::Json)
        .resource("https://a https://b")
        .param("auth.tenant", "x")
        .param("auth.deep.quote", "say \"hi\"\n")
        .param("plain", "ü");
    let setup = setup(config, |_| granted("t"));
    setup.client.token().unwrap();
    let request = &setup.server.requests()[0];
    assert_eq!(
        request.json(),
        json!({
            "grant_type": "client_credentials", "client_id": "me", "client_secret": "s3cret",
            "resource": ["https://a", "https://b"],
            "auth": {"tenant": "x", "deep": {"quote": "say \"hi\"\n"}}, "plain": "ü"
        })
    );
    assert_eq!(request.header("Content-Type"), Some("application/json"));
    assert_eq!(request.header("Authorization"), None);
}

#[test]
fn anything_put_into_a_form_comes_out_of_an_independent_decoder_unchanged() {
    let awkward = "a+b c%d&e=f;g?h#i/j\\k\"l'm\u{fc}\u{2602}\u{1f600}\r\n\t~*";
    let config = config()
        .client_auth(ClientAuth::ClientSecretPost)
        .client_secret(awkward)
        .param("free", awkward)
        .param("na me&", "x");
    let setup = setup(config, |_| granted("t"));
    setup.client.token().unwrap();
    let request = &setup.server.requests()[0];
    assert_eq!(request.form_value("client_secret").as_deref(), Some(awkward));
    assert_eq!(request.form_value("free").as_deref(), Some(awkward));
    assert_eq!(request.form_value("na me&").as_deref(), Some("x"));
}

#[cfg(feature = "jwt")]
#[test]
fn where_a_header_holds_an_assertion_the_client_id_is_not_sent_as_well() {
    let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let config = Config::new()
        .token_url("https://login.example.com/token")
        .client_id("me")
        .client_auth(ClientAuth::None)
        .private_key_pem(key)
        .grant_type("")
        .body_format(BodyFormat::Json)
        .header("Authorization", "Bearer {assertion}");
    let setup = setup(config, |_| granted("t"));
    setup.client.token().unwrap();
    let request = &setup.server.requests()[0];
    assert_eq!(request.text(), "{}");
    assert!(request.header("Authorization").unwrap().starts_with("Bearer ey"));
}
