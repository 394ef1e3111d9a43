//! Keys and assertions stay inside.

use oauth_token::{Client, ClientAuth, Config};
use serde_json::json;

use crate::support::answer;
use crate::{TOKEN_URL, config, key, key_path, setup};

fn lines_of(pem: &str) -> Vec<String> {
    pem.lines().filter(|line| !line.starts_with('-')).map(str::to_owned).collect()
}

#[test]
fn a_key_is_in_no_debug_output() {
    let pem = key("p256_pkcs8.pem");
    let config = config().private_key_pem(pem.as_str());
    let client = Client::new(config.clone()).unwrap();
    let shown = format!("{config:?} {config:#?} {client:?} {client:#?}");
    for line in lines_of(&pem) {
        assert!(!shown.contains(&line), "{shown}");
    }
    assert!(shown.contains("private_key_pem"), "that it is set may be known: {shown}");
}

#[test]
fn an_assertion_that_the_server_repeats_is_taken_out() {
    for in_header in [false, true] {
        let mut config =
            Config::new().token_url(TOKEN_URL).client_id("me").private_key_file(key_path("p256_pkcs8.pem"));
        config = if in_header {
            config.client_auth(ClientAuth::None).header("X-Proof", "Bearer {assertion}")
        } else {
            config.client_auth(ClientAuth::PrivateKeyJwt)
        };
        let setup = setup(config, |request| {
            let sent = request.form_value("client_assertion");
            let proof = sent.or_else(|| request.header("X-Proof").map(|value| value.replace("Bearer ", "")));
            answer(
                400,
                json!({"error": "invalid_client", "error_description": format!("bad proof {}", proof.unwrap())}),
            )
        });
        let error = setup.client.token().unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("bad proof"), "{shown}");
        assert!(!shown.contains("eyJ"), "{shown}");
    }
}

#[test]
fn a_refused_assertion_is_told_with_what_to_check_and_how_it_was_sent() {
    let setup = setup(crate::with_key("p256_pkcs8.pem"), |_| answer(401, json!({"error": "invalid_client"})));
    let error = setup.client.token().unwrap_err();
    for word in ["private_key_jwt", "invalid_client", "`key_id`", "`assertion_audience`", "clock"] {
        assert!(error.message().contains(word), "`{word}` is not said: {error}");
    }
    assert_eq!(setup.server.requests().len(), 1, "another attempt would be refused like the first");
}
