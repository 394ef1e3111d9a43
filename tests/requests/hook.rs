//! A function of the program's own that changes requests before they are sent.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use oauth_token::transport::Request;
use oauth_token::{BodyFormat, Client, Config, ErrorKind};
use serde_json::json;

use crate::checks::{SECRET, assert_hides, config, grant};
use crate::request_of;
use crate::support::{Reply, Server};

fn unchanged(_: &mut Request) -> Result<(), String> {
    Ok(())
}

#[test]
fn a_hook_sees_the_request_as_it_would_be_sent() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let request = request_of(|server| {
        let seen = Arc::clone(&seen);
        config(server.url("/token?v=1")).scope("a b").header("X-Key", "k").request_hook(move |request| {
            let headers: Vec<String> = request.headers().map(|(name, _)| name.to_ascii_lowercase()).collect();
            seen.lock().unwrap().push(format!(
                "{} {} {:?} {:?} {}",
                request.method(),
                request.url().as_text().split_once("/token").unwrap().1,
                request.header("x-kEy"),
                request.body(),
                headers.contains(&"authorization".to_owned()),
            ));
            Ok::<_, String>(())
        })
    });
    let expected = r#"POST ?v=1 Some("k") Some("grant_type=client_credentials&scope=a%20b") true"#;
    assert_eq!(*seen.lock().unwrap(), [expected]);
    assert_eq!(request.text(), "grant_type=client_credentials&scope=a%20b");
}

#[test]
fn a_hook_sees_the_query_that_the_parameters_made() {
    let request = request_of(|server| {
        crate::bare(server).body_format(BodyFormat::Query).param("a", "1").request_hook(|request| {
            let url = request.url().as_text();
            request.set_header("X-Signed", url.split_once('?').unwrap().1)
        })
    });
    assert_eq!(request.header("X-Signed"), Some("a=1"));
}

#[test]
fn a_hook_sets_headers_and_the_body_and_the_length_follows() {
    let request = request_of(|server| {
        config(server.url("/token")).header("X-Old", "old").request_hook(|request| {
            request.set_header("x-old", "new")?;
            request.set_header("X-Signature", format!("{}", request.body().unwrap_or_default().len()))?;
            request.set_header("Authorization", "Signed abc")?;
            request.set_body("other=body&of=\u{fc}");
            Ok::<_, String>(())
        })
    });
    assert_eq!(crate::values(&request, "X-Old"), ["new"]);
    assert_eq!(crate::values(&request, "Authorization"), ["Signed abc"]);
    assert_eq!(request.header("X-Signature"), Some("29"));
    assert_eq!(request.text(), "other=body&of=\u{fc}");
    assert_eq!(request.header("Content-Length"), Some("16"));
}

#[test]
fn a_hook_runs_for_every_attempt() {
    let count = Arc::new(AtomicUsize::new(0));
    let answers = AtomicUsize::new(0);
    let server = Server::http(move |request| match answers.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::empty(503),
        _ => grant(request),
    });
    let config = config(server.url("/token")).request_hook({
        let count = Arc::clone(&count);
        move |request| request.set_header("X-Count", count.fetch_add(1, Ordering::SeqCst).to_string())
    });
    let client = Client::builder(config).clock(crate::support::TestClock::new()).build().unwrap();
    client.token().unwrap();
    let sent: Vec<_> = server.requests().iter().map(|request| request.header("X-Count").map(str::to_owned)).collect();
    assert_eq!(sent, [Some("0".into()), Some("1".into())]);
}

#[test]
fn a_hook_that_fails_ends_the_call_and_nothing_is_sent() {
    let server = Server::http(grant);
    let client = Client::new(config(server.url("/token")).request_hook(|_| Err("the signer is not there"))).unwrap();
    let error = client.token().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Callback);
    assert!(error.message().contains("the signer is not there"), "{error}");
    assert_hides(&error, SECRET);
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_hook_cannot_smuggle_headers() {
    let refused = Arc::new(AtomicUsize::new(0));
    let request = request_of(|server| {
        let refused = Arc::clone(&refused);
        config(server.url("/token")).request_hook(move |request| {
            for (name, value) in [
                ("X-A", "a\r\nX-B: b"),
                ("X-A", "a\nX-B: b"),
                ("X-A", "a\0"),
                ("X-A: b\r\nX-B", "a"),
                ("X A", "a"),
                ("", "a"),
                ("Host", "evil.test"),
                ("content-length", "0"),
                ("Transfer-Encoding", "chunked"),
                ("Connection", "keep-alive"),
            ] {
                refused.fetch_add(usize::from(request.set_header(name, value).is_err()), Ordering::SeqCst);
            }
            Ok::<_, String>(())
        })
    });
    assert_eq!(refused.load(Ordering::SeqCst), 10);
    assert_eq!((request.header("X-A"), request.header("X-B")), (None, None));
}

#[test]
fn what_a_hook_put_in_is_not_repeated_in_an_error() {
    let server = Server::http(|request| {
        let signature = request.header("X-Signature").unwrap_or_default();
        let part = request.form_value("sign").or_else(|| request.json()["sign"].as_str().map(str::to_owned));
        let words = format!("bad {}, {} and {signature}", request.text(), part.unwrap_or_default());
        Reply::json(400, json!({"error": "invalid_request", "error_description": words}))
    });
    for body in ["computed-5ecret", "a=1&sign=computed-5ecret", r#"{"a": 1, "sign": "computed-5ecret"}"#] {
        let config = config(server.url("/token")).request_hook(move |request| {
            request.set_body(body);
            request.set_header("X-Signature", "computed-5ignature")
        });
        let error = Client::new(config).unwrap().token().unwrap_err();
        assert!(error.message().contains("bad"), "{error}");
        for hidden in ["computed-5ecret", "computed-5ignature"] {
            assert!(!format!("{error:?}").contains(hidden), "{error:?}");
        }
    }
}

#[test]
fn the_search_for_an_issuer_s_metadata_does_not_go_through_the_hook() {
    let seen = Arc::new(AtomicUsize::new(0));
    let server = Server::http(|request| {
        let issuer = format!("http://{}", request.header("Host").unwrap_or_default());
        match request.method.as_str() {
            "GET" => Reply::json(200, json!({"issuer": issuer, "token_endpoint": format!("{issuer}/token")})),
            _ => grant(request),
        }
    });
    let config = Config::new()
        .issuer(server.url(""))
        .client_id("me")
        .client_secret("s")
        .proxy(oauth_token::ProxyChoice::None)
        .request_hook({
            let seen = Arc::clone(&seen);
            move |request| {
                seen.fetch_add(1, Ordering::SeqCst);
                request.set_header("X-Signature", "s")
            }
        });
    Client::new(config).unwrap().token().unwrap();
    assert_eq!((server.requests().len(), seen.load(Ordering::SeqCst)), (2, 1));
    assert_eq!(server.requests()[0].header("X-Signature"), None);
}

#[test]
fn a_hook_that_asks_its_own_client_is_told_so() {
    let slot: Arc<Mutex<Option<Client>>> = Arc::default();
    let server = Server::http(grant);
    let config = config(server.url("/token")).request_hook({
        let slot = Arc::clone(&slot);
        move |_| {
            let client = slot.lock().unwrap().clone().unwrap();
            let error = client.token().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Reentrant);
            Ok::<_, String>(())
        }
    });
    let client = Client::new(config).unwrap();
    *slot.lock().unwrap() = Some(client.clone());
    client.token().unwrap();
    *slot.lock().unwrap() = None;
}

#[test]
fn a_hook_that_panics_is_an_error_and_the_next_caller_may_ask() {
    let panics = Arc::new(AtomicUsize::new(1));
    let server = Server::http(grant);
    let config = config(server.url("/token")).request_hook({
        let panics = Arc::clone(&panics);
        move |request| {
            let left = panics.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            assert!(left.is_err(), "the hook panics, as this test wants");
            unchanged(request)
        }
    });
    let client = Client::new(config).unwrap();
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| client.token()));
    assert!(outcome.is_err() || outcome.is_ok_and(|token| token.is_err()));
    client.reset();
    client.token().unwrap();
}
