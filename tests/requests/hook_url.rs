//! A hook that computes a part of the URL.

use oauth_token::transport::Request;
use oauth_token::{BodyFormat, Client, ErrorKind};
use serde_json::json;

use crate::checks::{SECRET, assert_hides, config};
use crate::request_of;
use crate::support::{Reply, Server};

fn with_signature(request: &mut Request, value: &str) -> Result<(), String> {
    let url = request.url().as_text();
    let separator = if url.contains('?') { '&' } else { '?' };
    request.set_url(&format!("{url}{separator}sign={value}"))
}

#[test]
fn a_hook_signs_the_query_that_the_parameters_made() {
    let request = request_of(|server| {
        crate::bare(server).body_format(BodyFormat::Query).param("a", "1").request_hook(|request| {
            let length = request.url().as_text().split_once('?').unwrap().1.len();
            with_signature(request, &length.to_string())?;
            assert!(request.url().as_text().ends_with("?a=1&sign=3"), "the hook sees its own change");
            Ok::<_, String>(())
        })
    });
    let pairs = [("a", "1"), ("sign", "3")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(request.query(), pairs);
}

#[test]
fn a_hook_sets_another_path_and_the_body_stays() {
    let request = request_of(|server| {
        config(server.url("/token?v=1"))
            .request_hook(|request| request.set_url(&request.url().as_text().replace("/token?v=1", "/signed/abc")))
    });
    assert_eq!((request.target.as_str(), request.text().as_str()), ("/signed/abc", "grant_type=client_credentials"));
}

#[test]
fn a_hook_cannot_send_secrets_elsewhere() {
    let elsewhere = Server::http(crate::checks::grant);
    let url = elsewhere.url("/token");
    let server = Server::http(crate::checks::grant);
    let here = server.url("/token");
    let (wanted, configured) = (url.trim_end_matches("/token"), here.trim_end_matches("/token"));
    for (to, words) in [
        (url.clone(), vec![wanted, configured, "the path and the query"]),
        (here.replace("http://", "https://"), vec!["leads to `https://"]),
        (here.replace("127.0.0.1", "localhost"), vec!["leads to `http://localhost"]),
        (here.replace("http://", "http://me:pass@"), vec!["user name"]),
        ("/token".into(), vec!["cannot be used"]),
    ] {
        let client = Client::new(config(&here).request_hook(move |request| request.set_url(&to))).unwrap();
        let error = client.token().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Callback);
        for word in words {
            assert!(error.message().contains(word), "`{word}` is not said: {error}");
        }
        assert_hides(&error, SECRET);
    }
    assert_eq!((elsewhere.connections(), server.connections()), (0, 0));
}

#[test]
fn a_change_that_was_refused_leaves_the_url_as_it_was() {
    let request = request_of(|server| {
        config(server.url("/token")).request_hook(|request| {
            request.set_url("https://evil.test/token").unwrap_err();
            Ok::<_, String>(())
        })
    });
    assert_eq!(request.target, "/token");
}

#[test]
fn what_a_hook_put_into_the_url_is_not_repeated_in_an_error() {
    let server = Server::http(|request| {
        let decoded: Vec<String> = request.query().into_iter().map(|(_, value)| value).collect();
        let words = format!("bad {}: {}", request.target, decoded.join(", "));
        Reply::json(400, json!({"error": "invalid_request", "error_description": words}))
    });
    for addition in ["?sign=s3cr%2bt%2Fvalue", "/s3cr+t-value", "/s3cr%2bt%2Fvalue?v=1"] {
        let to = server.url(&format!("/token{addition}"));
        let config = config(server.url("/token?v=1")).request_hook(move |request| request.set_url(&to));
        let error = Client::new(config).unwrap().token().unwrap_err();
        assert!(error.message().contains("bad /token"), "{error}");
        assert!(!format!("{error:?}").contains("s3cr"), "{error:?}");
    }
}

#[test]
fn a_signature_is_hidden_as_it_was_sent_and_as_a_server_reads_it() {
    let server = Server::http(|request| {
        let words = format!("bad {} or {}", request.text(), request.form_value("sign").unwrap_or_default());
        Reply::json(400, json!({"error": "invalid_request", "error_description": words}))
    });
    let config = config(server.url("/token")).request_hook(|request| {
        request.set_body("a=1&sign=c0mputed%2b%2fvalue%3d");
        Ok::<_, String>(())
    });
    let error = Client::new(config).unwrap().token().unwrap_err();
    assert!(!format!("{error:?}").contains("c0mputed"), "{error:?}");
}
