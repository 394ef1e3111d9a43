//! What a client says while it works, and what `Debug` says of everything that a program holds, shows no secret.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use oauth_token::transport::{Response, Transport, TransportError, TransportErrorKind};
use oauth_token::{BodyFormat, Client, ClientAuth, Config, Secret, Unauthorized, UseRefreshToken};
use serde_json::json;

use crate::checks::{CLIENT_ID, SECRET, TOKEN, answering, client_with, config, granted, percent_encode};
use crate::examination::Seen;
use crate::support::{FakeTransport, Outcome, Reply, Request, Server, TestClock, answer};
use crate::{log_lines, marks, told};

/// By then a token of an hour is due.
const DUE: Duration = Duration::from_secs(3_400);
/// By then it must not be handed out, and no pause lasts.
const EXPIRED: Duration = Duration::from_secs(3_700);

/// For a transport of one's own.
fn offline(query: &str) -> Config {
    let url = format!("https://login.example.test/token{query}");
    Config::new().token_url(url).client_id(CLIENT_ID).client_secret(SECRET)
}

/// What is logged and otherwise seen of the work.
#[track_caller]
fn assert_shows_nothing(work: impl FnOnce(&Seen)) {
    let seen = Seen::default();
    let ((), lines) = log_lines::overheard(|| work(&seen));
    lines.into_iter().for_each(|line| seen.note(line));
    let texts = seen.texts();
    assert!(!texts.is_empty(), "nothing was seen");
    marks::assert_none_in(&texts);
}

#[test]
fn events_statistics_and_log_show_nothing_through_the_life_of_a_token() {
    let grants_and_fails = || {
        let refused = json!({"error": "invalid_client", "error_description": format!("no {SECRET}")});
        vec![granted(TOKEN), Reply::json(401, refused), granted(TOKEN), granted(&format!("{TOKEN}2"))]
    };
    assert_shows_nothing(|seen| {
        let server = answering(grants_and_fails());
        let clock = TestClock::new();
        let client = client_with(seen.observing(config(server.url("/token")).max_retries(0)), &clock);
        let token = client.token().unwrap();
        seen.note(format!("{token:?} {token:#?}"));
        clock.advance(DUE);
        client.token().expect("the renewal fails, and the token is still good");
        client.token().expect("handed out while due");
        seen.note_error(
            &client.refresh_if_due(Duration::from_secs(1)).map_or_else(|error| error, |()| unseen(&client)),
        );
        clock.advance(EXPIRED);
        let second = client.token().unwrap();
        client.invalidate(&second);
        let refused = client.call(|authorization| {
            assert!(authorization.contains(TOKEN));
            Err::<(), _>(Unauthorized(()))
        });
        seen.note(format!("{refused:?}"));
        client.set_secret(format!("{SECRET}3")).unwrap();
        client.reset();
        seen.note_state(&client);
        client.cancel();
        seen.note_error(&client.token().unwrap_err());
        seen.note_state(&client);
    });
}

/// An error to look at where a verb gave none: a call without time never waits.
fn unseen(client: &Client) -> oauth_token::Error {
    client.derive(Config::new().scope("other")).unwrap().token_within(Duration::ZERO).unwrap_err()
}

#[test]
fn what_is_logged_of_a_call_over_tls_shows_nothing() {
    assert_shows_nothing(|seen| {
        let server = Server::https(|_| granted(TOKEN));
        let client = Client::new(seen.observing(config(server.url("/token")).ca_pem(server.ca_pem()))).unwrap();
        client.token().unwrap();
    });
}

#[test]
fn what_is_logged_of_a_secret_in_the_query_shows_nothing() {
    assert_shows_nothing(|seen| {
        let server = Server::http(|_| granted(TOKEN));
        let own = config(server.url(&format!("/token?key={}", percent_encode(SECRET))))
            .client_auth(ClientAuth::ClientSecretPost)
            .body_format(BodyFormat::Query);
        Client::new(seen.observing(own)).unwrap().token().unwrap();
        assert_eq!(server.requests()[0].query().len(), 4);
    });
}

/// Feature `capi` compiles the log of the wire's crates out.
#[cfg(not(feature = "capi"))]
#[test]
fn what_crates_log_is_overheard() {
    let server = Server::http(|_| granted(TOKEN));
    let client = Client::new(config(server.url("/token"))).unwrap();
    let (_, lines) = log_lines::overheard(|| client.token().unwrap());
    assert!(lines.iter().any(|line| line.contains(" ureq")), "{lines:?}");
}

/// Everything that is sent, as some servers repeat it.
fn echo(request: &Request) -> String {
    let headers: Vec<_> = request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let decoded = request.basic_decoded().map(|(id, secret)| format!("{id}:{secret}"));
    format!("{} {} {} {}", request.target, headers.join(" "), request.text(), decoded.unwrap_or_default())
}

#[test]
fn a_server_that_repeats_all_it_was_sent_teaches_an_error_nothing() {
    for status in [200, 302, 400, 401, 403, 404, 429, 500, 503] {
        let replies: [fn(u16, &str) -> Reply; 4] = [
            |status, echoed| Reply::json(status, json!({"error": "invalid_client", "error_description": echoed})),
            |status, echoed| Reply::json(status, json!({"error": echoed, "error_uri": echoed, echoed: echoed})),
            |status, echoed| Reply::text(status, "text/plain", echoed),
            |status, echoed| Reply::text(status, "text/html", format!("<title>{echoed}</title>")),
        ];
        for reply in replies {
            let server = Server::http(move |request| {
                let echoed = echo(request);
                reply(status, &echoed).header("Location", &format!("/{}", percent_encode(&echoed)))
            });
            let error = Client::new(config(server.url("/token")).max_retries(0)).unwrap().token().unwrap_err();
            told(&server, config(server.url("/token")), error.kind(), &[&format!("HTTP {status}")]);
        }
    }
}

#[test]
fn a_transport_that_repeats_all_it_was_given_teaches_an_error_nothing() {
    assert_shows_nothing(|seen| {
        let own = offline("");
        let transport = FakeTransport::new(|request| {
            Err(TransportError::new(TransportErrorKind::Other, format!("sending {} failed", echo(request)), true))
        });
        let client =
            Client::builder(seen.observing(own.max_retries(0))).transport(Arc::new(transport)).build().unwrap();
        seen.note_error(&client.token().unwrap_err());
        seen.note_state(&client);
    });
}

#[test]
fn what_panics_say_shows_nothing() {
    let breaks = |set: fn(Config) -> Config, transport: fn(&Request) -> Outcome| {
        assert_shows_nothing(|seen| {
            let builder = Client::builder(set(seen.observing(offline("").max_retries(0))));
            let client = builder.transport(Arc::new(FakeTransport::new(transport))).build().unwrap();
            let asked = log_lines::overheard(|| panic::catch_unwind(AssertUnwindSafe(|| client.token())));
            let (Err(payload), lines) = asked else { panic!("it went on") };
            assert!(lines.iter().any(|line| line.contains("something of the host's")), "{lines:?}");
            lines.into_iter().for_each(|line| seen.note(line));
            seen.note(format!("{:?}", payload.downcast_ref::<&str>()));
            seen.note_state(&client);
        });
    };
    breaks(|config| config, |_| panic!("something of the host's"));
    let unasked: fn(&Request) -> Outcome = |_| answer(401, json!({"error": SECRET}));
    breaks(|config| config.request_hook(|_| -> Result<(), String> { panic!("something of the host's") }), unasked);
}

/// Notes what `Debug` says of what a transport is given and gives.
struct Showing(Seen);

impl Transport for Showing {
    fn send(&self, request: &oauth_token::transport::Request) -> Result<Response, TransportError> {
        let response = answer(200, json!({"access_token": TOKEN, "refresh_token": SECRET, "id_token": TOKEN}));
        self.0.note(format!("{request:?} {request:#?} {:?} {:?}", request.cancellation(), request.url()));
        self.0.note(format!("{response:?} {response:#?}"));
        response
    }
}

#[test]
fn debug_shows_nothing_of_all_that_a_program_holds() {
    assert_shows_nothing(|seen| {
        let encoded = percent_encode(SECRET);
        let shown = seen.clone();
        let config = offline(&format!("?key={encoded}"))
            .client_secret_alternate(SECRET)
            .param("password", SECRET)
            .header("X-Key", SECRET)
            .use_refresh_token(UseRefreshToken::Always)
            .request_hook(move |request| {
                request.set_header("X-Computed", SECRET)?;
                shown.note(format!("{request:?} {request:#?}"));
                Ok::<(), String>(())
            });
        seen.note(format!("{config:?} {config:#?}"));
        let client = Client::builder(config).transport(Arc::new(Showing(seen.clone()))).build().unwrap();
        let token = client.token().unwrap();
        assert_eq!(token.id_token(), Some(TOKEN));
        seen.note(format!("{token:?} {token:#?}"));
        seen.note_state(&client);
        seen.note(format!("{:?} {:?}", Secret::new(SECRET), client.derive(Config::new().client_secret(SECRET))));
        #[cfg(feature = "ureq-middleware")]
        seen.note(format!("{:?}", oauth_token::BearerMiddleware::new(client)));
    });
}

#[test]
fn options_that_are_refused_do_not_repeat_secrets() {
    assert_shows_nothing(|seen| {
        let mut config = Config::new();
        for (name, value) in [
            ("client_secret", format!("{SECRET}\0")),
            ("param.password", format!("{{{SECRET}")),
            ("header.X-Key", format!("{SECRET}\r\nX: 1")),
            ("proxy", format!("socks9://me:{SECRET}@proxy.test")),
            ("token_url", format!("https://me:{SECRET}@login.example.test/token")),
            ("private_key_pem", SECRET.to_owned()),
        ] {
            if let Err(error) = config.set(name, &value) {
                seen.note_error(&error);
            }
            seen.note_error(&Client::new(config.clone()).unwrap_err());
        }
        for json in [
            format!("{{\"client_secret\": \"{SECRET}"),
            format!("{{\"client_secret\": [\"{SECRET}\"]}}"),
            SECRET.into(),
        ] {
            seen.note_error(&json.parse::<Config>().unwrap_err());
        }
    });
}

#[test]
fn a_secret_source_that_fails_once_is_asked_again_and_shows_nothing() {
    assert_shows_nothing(|seen| {
        let asked = AtomicUsize::new(0);
        let shown = seen.clone();
        let server = Server::http(|_| Reply::json(401, json!({"error": "invalid_client"})));
        let own = Config::new()
            .token_url(server.url("/token"))
            .client_id("me")
            .secret_source(move |request| {
                shown.note(format!("{request:?}"));
                match asked.fetch_add(1, Ordering::SeqCst) {
                    0 => Ok(Secret::new(SECRET)),
                    1 => Ok(Secret::new(&format!("{SECRET}2"))),
                    _ => Err("the vault is sealed"),
                }
            })
            .max_retries(0);
        let clock = TestClock::new();
        let client = client_with(seen.observing(own), &clock);
        for _ in 0..2 {
            seen.note_error(&client.token().unwrap_err());
            clock.advance(EXPIRED);
        }
        assert_eq!(server.requests().len(), 2);
    });
}
