//! Options that are missing, misspelt, impossible or at odds with each other: said when the client is made.

#![cfg(feature = "http")]

mod checks;
mod support;

use oauth_token::{BodyFormat, Client, ClientAuth, Config, ErrorKind};

use checks::{CLIENT_ID, SECRET, assert_error, config, refusal};

const URL: &str = "https://login.example.test/token";

#[test]
fn a_missing_token_url_is_named() {
    let error = refusal(Config::new().client_id(CLIENT_ID).client_secret(SECRET));
    assert_error(&error, ErrorKind::Config, &["`token_url` is missing", "https://"]);
}

#[test]
fn a_missing_client_id_is_named() {
    let error = refusal(Config::new().token_url(URL).client_secret(SECRET));
    assert_error(&error, ErrorKind::Config, &["`client_id` is missing"]);
}

#[test]
fn a_missing_secret_is_named_with_every_way_to_give_one() {
    let error = refusal(Config::new().token_url(URL).client_id(CLIENT_ID));
    assert_error(
        &error,
        ErrorKind::Config,
        &["secret is missing", "`client_secret`", "`client_secret_file`", "`client_auth`"],
    );
}

#[test]
fn an_empty_secret_is_not_taken_for_a_secret() {
    let error = refusal(config(URL).client_secret(""));
    assert_error(&error, ErrorKind::Config, &["`client_secret` is empty", "`client_auth`"]);
}

#[test]
fn an_empty_client_id_is_not_taken_for_an_id() {
    let error = refusal(config(URL).client_id(""));
    assert_error(&error, ErrorKind::Config, &["`client_id` is empty"]);
}

#[test]
fn a_misspelt_option_suggests_the_one_that_was_meant() {
    for (misspelt, meant) in [
        ("tokn_url", "`token_url`"),
        ("token-url", "`token_url`"),
        ("CLIENT_ID", "`client_id`"),
        ("clientSecret", "`client_secret`"),
        ("client_secret_flie", "`client_secret_file`"),
        ("cafile", "`ca_file`"),
        ("time_out", "`timeout`"),
    ] {
        let error = Config::new().set(misspelt, SECRET).expect_err(misspelt);
        assert_error(&error, ErrorKind::Config, &[&format!("`{misspelt}`"), "did you mean", meant]);
    }
}

#[test]
fn an_option_that_resembles_none_points_to_the_list() {
    let error = Config::new().set("xylophone", SECRET).expect_err("there is no such option");
    assert_error(&error, ErrorKind::Config, &["`xylophone`", "README", "`param.NAME`"]);
}

#[test]
fn a_misspelt_option_in_json_suggests_the_one_that_was_meant() {
    let json = format!(r#"{{"token_url": "{URL}", "client_secert": "{SECRET}"}}"#);
    let error = json.parse::<Config>().expect_err("there is no such option");
    assert_error(&error, ErrorKind::Config, &["`client_secert`", "`client_secret`"]);
}

#[test]
fn a_failure_to_set_an_option_that_nobody_looked_at_is_told_by_the_client() {
    let mut config = config(URL);
    let first = config.set("time_out", "5s").expect_err("there is no such option");
    let _ = config.set("scoop", "a");
    let error = refusal(config.timeout(std::time::Duration::from_secs(5)));
    assert_eq!(error.message(), first.message());
}

#[test]
fn a_value_that_is_no_choice_names_the_choices() {
    let error = Config::new().set("client_auth", "basic").expect_err("it is called client_secret_basic");
    assert_error(&error, ErrorKind::Config, &["`client_auth`", "`basic`", "`client_secret_basic`", "`none`"]);
}

#[test]
fn a_duration_that_is_none_shows_how_one_is_written() {
    let error = Config::new().set("timeout", "soon").expect_err("that is no duration");
    assert_error(&error, ErrorKind::Config, &["`timeout`", "`soon`", "`30s`", "`500ms`"]);
}

#[test]
fn a_time_limit_of_nothing_is_refused() {
    let mut config = config(URL);
    config.set("timeout", "0").expect("it is a duration");
    assert_error(&refusal(config), ErrorKind::Config, &["`timeout` is 0"]);
}

#[test]
fn a_token_url_that_is_not_a_url_says_what_one_begins_with() {
    for text in ["login.example.test/token", "/token", "token"] {
        assert_error(&refusal(config(text)), ErrorKind::Config, &["`token_url`", "`https://`"]);
    }
}

#[test]
fn a_token_url_of_another_scheme_is_named_with_the_right_one() {
    assert_error(&refusal(config("ftp://a.example.test/")), ErrorKind::Config, &["`token_url`", "`ftp`", "https"]);
}

#[test]
fn a_token_url_that_cannot_be_parsed_names_the_option() {
    for text in ["", "https://", "https:///token", "https://a b/", "https://a:port/", "https://a/#b"] {
        assert_error(&refusal(config(text)), ErrorKind::Config, &["`token_url`"]);
    }
}

#[test]
fn credentials_in_the_token_url_are_refused_and_not_repeated() {
    let error = refusal(config("https://user:pa55word@login.example.test/token"));
    assert_error(&error, ErrorKind::Config, &["`token_url`", "`client_id`", "`client_secret`"]);
    assert!(!format!("{error:?}").contains("pa55word"), "{error}");
}

#[test]
fn plain_http_to_another_machine_is_refused_and_names_both_ways_out() {
    for url in [
        "http://login.example.test/token",
        "http://localhost.example.test/token",
        "http://127.0.0.1.example.test/token",
        "http://192.0.2.1/token",
        "http://[2001:db8::1]/token",
    ] {
        assert_error(
            &refusal(config(url)),
            ErrorKind::Config,
            &["`token_url`", url, "`https`", "`dangerous_allow_http`"],
        );
    }
}

#[test]
fn plain_http_for_refresh_tokens_is_refused_too() {
    let error = refusal(config(URL).refresh_url("http://login.example.test/refresh"));
    assert_error(&error, ErrorKind::Config, &["`refresh_url`", "`dangerous_allow_http`"]);
}

#[test]
fn plain_http_to_another_machine_is_allowed_by_whoever_says_so() {
    Client::new(config("http://login.example.test/token").dangerous_allow_http(true)).expect("it was allowed");
}

#[test]
fn plain_http_to_this_machine_needs_no_permission() {
    for url in ["http://localhost/token", "http://127.0.0.1:8080/token", "http://[::1]:8080/token"] {
        Client::new(config(url)).expect(url);
    }
}

#[test]
fn a_secret_and_a_secret_file_contradict_each_other() {
    let error = refusal(config(URL).client_secret_file("/run/secrets/oauth"));
    assert_error(&error, ErrorKind::Config, &["`client_secret`", "`client_secret_file`", "keep one"]);
}

#[test]
fn a_file_and_a_text_of_the_same_thing_contradict_each_other() {
    for (file, text) in [("ca_file", "ca_pem"), ("tls_cert_file", "tls_cert_pem"), ("tls_key_file", "tls_key_pem")] {
        let mut config = config(URL);
        config.set(file, "/etc/some.pem").expect(file);
        config.set(text, SECRET).expect(text);
        assert_error(&refusal(config), ErrorKind::Config, &[&format!("`{file}`"), &format!("`{text}`"), "keep one"]);
    }
}

#[test]
fn two_authorization_headers_contradict_each_other() {
    for name in ["Authorization", "authorization"] {
        let error = refusal(config(URL).header(name, format!("Key {SECRET}")));
        let option = format!("`header.{name}`");
        assert_error(&error, ErrorKind::Config, &[&option, "`client_secret_basic`", "`client_auth` to `none`"]);
    }
}

#[test]
fn a_secret_that_nothing_would_send_is_not_dropped_in_silence() {
    let error = refusal(config(URL).client_auth(ClientAuth::None));
    assert_error(
        &error,
        ErrorKind::Config,
        &["nothing would send", "`client_auth`", "`{client_secret}`", "`param.NAME`"],
    );
}

#[test]
fn a_parameter_is_not_dropped_in_silence_where_none_are_sent() {
    let config = || config(URL).body_format(BodyFormat::None);
    for (config, lost) in [
        (config().param("tenant", "a"), "`param.tenant`"),
        (config().scope("a"), "`scope`"),
        (config().audience("a"), "`audience`"),
        (config().resource("https://a"), "`resource`"),
        (config().client_auth(ClientAuth::ClientSecretPost), "`client_auth`"),
    ] {
        assert_error(&refusal(config), ErrorKind::Config, &["`body_format`", lost, "`header.NAME`"]);
    }
    Client::new(config().scope("")).expect("nothing is lost");
}

#[test]
fn a_secret_beside_a_client_certificate_is_not_dropped_in_silence() {
    let error = refusal(config(URL).client_auth(ClientAuth::TlsClientAuth));
    assert_error(&error, ErrorKind::Config, &["nothing would send", "`client_auth`"]);
}

#[test]
fn a_header_that_the_transport_writes_cannot_be_set() {
    for name in ["Host", "Content-Length", "Transfer-Encoding", "Connection", "Expect"] {
        let error = refusal(config(URL).header(name, "1"));
        assert_error(&error, ErrorKind::Config, &[&format!("`header.{name}`"), "transport"]);
    }
}

#[test]
fn a_header_value_of_two_lines_is_refused_and_not_repeated() {
    let error = refusal(config(URL).header("X-Key", format!("{SECRET}\r\nX-Other: 1")));
    assert_error(&error, ErrorKind::Config, &["`header.X-Key`", "one line"]);
}

#[test]
fn a_proxy_that_cannot_be_used_is_refused_without_its_password() {
    for url in ["socks5://user:pa55word@proxy.example.test:1080", "pa55word://proxy", "http://"] {
        let mut config = config(URL);
        config.set("proxy", url).expect("it is read when the client is made");
        let error = refusal(config);
        assert_error(&error, ErrorKind::Config, &["`proxy`", "`http://host:port`", "`none`"]);
        assert!(!format!("{error:?}").contains("pa55word"), "{error}");
    }
}
