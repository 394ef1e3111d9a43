//! What an error says to check: the options that the request was made of.

use oauth_token::{BodyFormat, ClientAuth, Config, Secret};

use crate::support::TemporaryDirectory;
use crate::support::offline::{with_secret_file, without_secret};
use crate::{config, refused, setup};

/// What is told of a refusal with this code.
#[track_caller]
fn told(config: Config, status: u16, code: &'static str) -> String {
    setup(config, move |_| refused(status, code)).client.token().unwrap_err().message().to_owned()
}

#[track_caller]
fn assert_tells(told: &str, words: &[&str]) {
    words.iter().for_each(|word| assert!(told.contains(word), "`{word}` is not told: {told}"));
}

#[test]
fn a_refused_grant_is_told_with_the_options_that_it_is_made_of() {
    let grant = |grant_type: &str| config().grant_type(grant_type);
    for (config, words) in [
        (grant("password").param("username", "u").param("password", "p"), "`param.username` and `param.password`"),
        (
            grant("authorization_code").param("code", "c"),
            "`param.code`, `param.redirect_uri` and `param.code_verifier`",
        ),
        (grant("refresh_token").param("refresh_token", "r"), "check `param.refresh_token`"),
        (grant("urn:ietf:params:oauth:grant-type:jwt-bearer").param("assertion", "a"), "check `param.assertion`"),
        (grant("something_else"), "check `grant_type` and `param.NAME`"),
        (config(), "check `client_id`, `client_secret` and `grant_type`"),
    ] {
        assert_tells(&told(config, 400, "invalid_grant"), &[words]);
    }
}

#[test]
fn a_refused_secret_is_told_with_where_it_came_from() {
    let directory = TemporaryDirectory::new();
    let path = directory.write("secret", "s3cret\n");
    let of_file = with_secret_file(&path);
    let of_callback = || without_secret().secret_source(|_| Ok::<_, String>(Secret::new("s3cret")));
    let file = format!("check `client_id`, `client_secret_file` ({}) and `client_auth`", path.display());
    assert_tells(&told(of_file.clone(), 401, "invalid_client"), &[&file]);
    assert_tells(&told(of_file, 401, ""), &["and `client_secret_file` ("]);
    assert_tells(&told(of_callback(), 401, "invalid_client"), &["`client_id`, what the secret callback gave and"]);
    let words = "`client_id`, `client_secret`, `client_secret_alternate` and `client_auth`";
    assert_tells(&told(config().client_secret_alternate("other"), 401, "invalid_client"), &[words]);

    let replaced = setup(of_callback(), |_| refused(401, "invalid_client"));
    replaced.client.set_secret("another").unwrap();
    assert_tells(replaced.client.token().unwrap_err().message(), &["the secret that was set in the place"]);
}

#[test]
fn credentials_of_the_users_own_are_told_where_there_are_some() {
    let own = without_secret().client_auth(ClientAuth::None).param("key", "k");
    assert_tells(&told(own, 401, "invalid_client"), &["the credentials in `param.NAME` and `header.NAME`"]);
}

#[test]
fn parameters_that_are_not_in_a_form_are_told_and_are_among_what_to_check() {
    let post = || config().client_auth(ClientAuth::ClientSecretPost);
    for (status, code) in [(401, "invalid_client"), (400, "unsupported_grant_type"), (400, ""), (401, "")] {
        let told = told(post().body_format(BodyFormat::Json), status, code);
        assert_tells(&told, &["sent: client_secret_post, as JSON, client_id `me`", "`body_format`"]);
    }
    let query = told(post().body_format(BodyFormat::Query), 401, "invalid_client");
    assert_tells(&query, &["client_secret_post, in the query", "`body_format`"]);
    let form = told(post(), 401, "invalid_client");
    assert!(!form.contains("`body_format`") && form.contains("client_secret_post, client_id"), "{form}");
    let scope = told(post().body_format(BodyFormat::Json), 400, "invalid_scope");
    assert!(!scope.contains("`body_format`"), "{scope}");
}
