//! The middleware for programs that call their API with ureq.

use oauth_token::{BearerMiddleware, Error, ErrorKind};
use ureq::Agent;

use crate::support::offline::{Setup, config, numbered};
use crate::support::{Reply, Request, Server, broken};

/// An API that takes all tokens but this one.
fn api_refusing(token: &'static str) -> Server {
    let refused = format!("Bearer {token}");
    Server::http(move |request| {
        let is_refused = request.header("authorization") == Some(refused.as_str());
        Reply::empty(if is_refused { 401 } else { 200 })
    })
}

/// An agent with the middleware; `is_error` says whether a status above 399 is an error to it.
fn agent(setup: &Setup, is_error: bool) -> Agent {
    let config = Agent::config_builder()
        .middleware(BearerMiddleware::new(setup.client.clone()))
        .http_status_as_error(is_error)
        .proxy(None);
    config.build().into()
}

fn authorizations(api: &Server) -> Vec<String> {
    let given = |request: Request| request.header("authorization").unwrap_or("none").to_owned();
    api.requests().into_iter().map(given).collect()
}

#[test]
fn every_request_is_given_the_token_in_hand() {
    let (api, setup) = (api_refusing("nothing"), crate::setup(config(), numbered()));
    let agent = agent(&setup, true);
    agent.get(api.url("/one")).call().unwrap();
    agent.post(api.url("/two")).send("body").unwrap();
    assert_eq!(authorizations(&api), ["Bearer token-1"; 2]);
    assert_eq!(setup.asked(), 1);
    let posted = &api.requests()[1];
    assert_eq!((posted.method.as_str(), posted.text().as_str()), ("POST", "body"));
}

#[test]
fn a_request_with_an_authorization_of_its_own_is_left_alone_even_when_it_is_refused() {
    let (api, setup) = (api_refusing("theirs"), crate::setup(config(), numbered()));
    let agent = agent(&setup, false);
    let answer = agent.get(api.url("/")).header("Authorization", "Bearer theirs").call().unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(authorizations(&api), ["Bearer theirs"]);
    assert_eq!((setup.asked(), setup.client.statistics().invalidated), (0, 0));
}

#[test]
fn a_401_is_returned_and_the_next_request_has_another_token() {
    let (api, setup) = (api_refusing("token-1"), crate::setup(config(), numbered()));
    let agent = agent(&setup, false);
    assert_eq!(agent.get(api.url("/")).call().unwrap().status(), 401);
    assert_eq!(api.requests().len(), 1, "a middleware cannot repeat a request");
    assert_eq!(agent.get(api.url("/")).call().unwrap().status(), 200);
    assert_eq!(authorizations(&api), ["Bearer token-1", "Bearer token-2"]);
}

#[test]
fn a_401_that_is_an_error_to_the_agent_counts_as_well() {
    let (api, setup) = (api_refusing("token-1"), crate::setup(config(), numbered()));
    let agent = agent(&setup, true);
    let error = agent.get(api.url("/")).call().unwrap_err();
    assert!(matches!(error, ureq::Error::StatusCode(401)), "{error}");
    assert_eq!(agent.get(api.url("/")).call().unwrap().status(), 200);
    assert_eq!(authorizations(&api), ["Bearer token-1", "Bearer token-2"]);
}

#[test]
fn other_refusals_leave_the_token_in_use() {
    for status in [400, 403, 404, 500, 503] {
        let (api, setup) = (Server::http(move |_| Reply::empty(status)), crate::setup(config(), numbered()));
        for is_error in [false, true] {
            let agent = agent(&setup, is_error);
            assert_eq!(agent.get(api.url("/")).call().is_err(), is_error);
        }
        assert_eq!((setup.asked(), setup.client.statistics().invalidated), (1, 0), "{status}");
    }
}

#[test]
fn without_a_token_the_request_fails_with_the_client_s_own_error_and_is_not_sent() {
    let (api, setup) = (api_refusing("nothing"), crate::setup(config().max_retries(0), |_| broken(true)));
    let error = agent(&setup, true).get(api.url("/")).call().unwrap_err();
    let ureq::Error::Other(inner) = error else { panic!("{error}") };
    let inner = inner.downcast::<Error>().expect("it is this crate's error");
    assert_eq!(inner.kind(), ErrorKind::Network);
    assert_eq!(api.connections(), 0);
}

#[test]
fn the_token_does_not_follow_a_redirect_to_another_host() {
    let elsewhere = Server::http(|_| Reply::empty(200));
    let target = elsewhere.url("/").replace("127.0.0.1", "localhost");
    let api = Server::http(move |_| Reply::empty(302).header("Location", &target));
    let setup = crate::setup(config(), numbered());
    agent(&setup, true).get(api.url("/")).call().unwrap();
    assert_eq!(authorizations(&api), ["Bearer token-1"]);
    assert_eq!(authorizations(&elsewhere), ["none"]);
}
