//! `client_secret_basic` with characters that some servers decode and some do not.

use std::time::Duration;

use oauth_token::{BasicEncoding, Config};

use crate::support::{Outcome, Request};
use crate::{config, granted, refused, setup};

/// Credentials that mean something to a decoder, or to a splitter.
const AWKWARD: [(&str, &str); 7] = [
    ("me", "a+b"),
    ("me", "50%"),
    ("me", "%2B%41"),
    ("me", "colon:inside"),
    ("me", "ümläut ☂"),
    ("a+b", "plain"),
    ("100%ü", "x+y:z%20 &=/?"),
];

type Reader = fn(&Request) -> Option<(String, String)>;

fn awkward(id: &str, secret: &str) -> Config {
    config().client_id(id).client_secret(secret)
}

#[test]
fn servers_that_decode_and_servers_that_do_not_are_both_understood() {
    let readers: [(&str, Reader); 2] = [("raw", Request::basic_raw), ("decoding", Request::basic_decoded)];
    for (name, read) in readers {
        for (id, secret) in AWKWARD {
            let setup = setup(awkward(id, secret), move |request| {
                let is_known = read(request) == Some((id.into(), secret.into()));
                if is_known { granted("t") } else { refused(401, "invalid_client") }
            });
            assert!(setup.client.token().is_ok(), "{name} server, {id} {secret}");
            assert!(setup.server.requests().len() <= 2, "{name} server, {id} {secret}");
        }
    }
}

#[test]
fn what_worked_once_is_sent_first_from_then_on() {
    let setup = setup(awkward("me", "a+b"), |request| {
        let is_known = request.basic_decoded() == Some(("me".into(), "a+b".into()));
        if is_known { granted("t") } else { refused(401, "invalid_client") }
    });
    setup.client.token().unwrap();
    assert_eq!(setup.server.requests().len(), 2);
    setup.clock.advance(Duration::from_secs(3600));
    setup.client.token().unwrap();
    assert_eq!(setup.server.requests().len(), 3);
}

#[test]
fn a_wrong_plain_secret_is_sent_once() {
    let setup = setup(awkward("me", "nothing special"), |_| refused(401, "invalid_client"));
    setup.client.token().unwrap_err();
    assert_eq!(setup.server.requests().len(), 1);
}

#[test]
fn a_wrong_awkward_secret_is_sent_in_both_ways_and_no_more() {
    for status in [400, 401, 403] {
        let setup = setup(awkward("me", "a+b"), move |_| refused(status, "invalid_request"));
        setup.client.token().unwrap_err();
        assert_eq!(setup.server.requests().len(), 2, "HTTP {status}");
    }
    let setup = setup(awkward("me", "a+b"), |_| refused(404, "invalid_request"));
    setup.client.token().unwrap_err();
    assert_eq!(setup.server.requests().len(), 1, "a 404 is not about the secret");
}

#[test]
fn an_error_tells_the_encodings_that_were_sent_and_no_others() {
    let raw = "sent: client_secret_basic (`basic_encoding` raw), client_id";
    let both = "sent: client_secret_basic (`basic_encoding` raw, then minimal), client_id";
    for (status, code, told) in [
        (400, "invalid_scope", raw),
        (400, "unsupported_grant_type", raw),
        (302, "", raw),
        (415, "", raw),
        (401, "invalid_client", both),
        (400, "invalid_request", both),
    ] {
        let setup = setup(awkward("me", "hunter2+x"), move |_| refused(status, code));
        let error = setup.client.token().unwrap_err();
        assert!(error.message().contains(told), "HTTP {status} {code}: {error}");
        assert_eq!(setup.server.requests().len(), if told == raw { 1 } else { 2 }, "HTTP {status} {code}");
    }
}

/// Decodes by the letter: what cannot be decoded is no request, what can is looked at.
fn strict_decoder(known: &'static str) -> impl Fn(&Request) -> Outcome {
    move |request| {
        let (_, sent) = request.basic_raw().unwrap();
        let ends_in_escape = sent.rsplit('%').next().is_some_and(|after| after.len() >= 2);
        let (_, secret) = request.basic_decoded().unwrap();
        match () {
            () if sent.contains('%') && !ends_in_escape => refused(400, "invalid_request"),
            () if secret == known => granted("t"),
            () => refused(401, "invalid_client"),
        }
    }
}

#[test]
fn a_wrong_secret_that_a_server_cannot_decode_at_first_is_called_wrong() {
    let setup = setup(awkward("me", "50%"), strict_decoder("100%"));
    let error = setup.client.token().unwrap_err();
    assert_eq!((error.code(), error.http_status()), (Some("invalid_client"), Some(401)), "{error}");
    assert!(error.message().contains("with `raw` it answered HTTP 400: invalid_request"), "{error}");
    assert_eq!(setup.server.requests().len(), 2);
}

#[test]
fn a_wrong_secret_that_a_server_cannot_decode_at_first_makes_way_for_another() {
    let setup = setup(awkward("me", "50%").client_secret_alternate("100%"), strict_decoder("100%"));
    assert!(setup.client.token().is_ok());
}

#[test]
fn what_a_server_says_after_it_has_read_the_secret_is_told() {
    // It takes secrets as they are, and minds something else.
    for (code, secret) in [("unauthorized_client", "50%"), ("invalid_request", "a+b"), ("invalid_request", "%41")] {
        let setup = setup(awkward("me", secret), move |request| {
            let is_known = request.basic_raw() == Some(("me".into(), secret.into()));
            if is_known { refused(400, code) } else { refused(401, "invalid_client") }
        });
        assert_eq!(setup.client.token().unwrap_err().code(), Some(code), "{secret}");
    }
}

#[test]
fn an_encoding_that_is_chosen_is_the_only_one() {
    for (encoding, written) in [
        (BasicEncoding::Raw, "m:e:a+b%"),
        (BasicEncoding::Minimal, "m%3Ae:a%2Bb%25"),
        (BasicEncoding::Form, "m%3Ae:a%2Bb%25"),
    ] {
        let setup = setup(awkward("m:e", "a+b%").basic_encoding(encoding), |_| refused(401, "invalid_client"));
        setup.client.token().unwrap_err();
        let requests = setup.server.requests();
        assert_eq!(requests.len(), 1, "{encoding:?}");
        let (id, secret) = requests[0].basic_raw().unwrap();
        assert_eq!(format!("{id}:{secret}"), written, "{encoding:?}");
    }
}
