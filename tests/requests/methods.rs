//! Methods other than POST, and requests without a body.

use oauth_token::{BodyFormat, Client, Config, ErrorKind, Method};

use crate::support::Server;
use crate::{bare, pairs, request_of, values};

#[test]
fn a_get_has_its_parameters_in_the_query_and_no_body() {
    let request = request_of(|server| {
        bare(server)
            .method(Method::Get)
            .body_format(BodyFormat::Query)
            .client_id("me&you")
            .client_secret("a+b c%")
            .param("appid", "{client_id}")
            .param("secret", "{client_secret}")
    });
    assert_eq!((request.method.as_str(), request.path()), ("GET", "/token"));
    assert_eq!(request.query(), pairs(&[("appid", "me&you"), ("secret", "a+b c%")]));
    assert!(request.body.is_empty());
    assert_eq!(values(&request, "Content-Type"), [""; 0]);
    assert_eq!(values(&request, "Transfer-Encoding"), [""; 0]);
    assert_eq!(values(&request, "Accept"), ["application/json"]);
}

#[test]
fn a_get_without_parameters_is_only_its_url_and_headers() {
    let request =
        request_of(|server| bare(server).method(Method::Get).body_format(BodyFormat::None).header("X-Api-Key", "k"));
    assert_eq!((request.method.as_str(), request.target.as_str()), ("GET", "/token"));
    assert_eq!(values(&request, "X-Api-Key"), ["k"]);
    assert!(request.body.is_empty());
}

#[test]
fn a_get_with_a_body_is_refused_when_the_client_is_made() {
    for format in [BodyFormat::Form, BodyFormat::Json] {
        let config = Config::new().token_url("https://a.test/").client_id("me").client_secret("s").method(Method::Get);
        let error = Client::new(config.body_format(format)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        for word in ["`method`", "`body_format`", "`query`", "`none`"] {
            assert!(error.message().contains(word), "{error}");
        }
    }
}

#[test]
fn a_put_carries_its_body_like_a_post() {
    let request = request_of(|server| bare(server).method(Method::Put).param("a", "1"));
    assert_eq!((request.method.as_str(), request.text().as_str()), ("PUT", "a=1"));
    assert_eq!(values(&request, "Content-Length"), ["3"]);
    assert_eq!(values(&request, "Content-Type"), ["application/x-www-form-urlencoded"]);
    let request = request_of(|server| bare(server).method(Method::Put).body_format(BodyFormat::Json).param("a", "1"));
    assert_eq!((request.method.as_str(), request.text().as_str()), ("PUT", r#"{"a":"1"}"#));
}

#[test]
fn a_post_without_a_body_still_has_a_length() {
    for format in [BodyFormat::None, BodyFormat::Query] {
        for method in [Method::Post, Method::Put] {
            let request = request_of(|server| bare(server).method(method).body_format(format));
            assert_eq!(values(&request, "Content-Length"), ["0"], "{format:?} {method:?}");
            assert_eq!(values(&request, "Transfer-Encoding"), [""; 0]);
            assert_eq!(values(&request, "Content-Type"), [""; 0]);
        }
    }
}

#[test]
fn parameters_are_appended_to_the_query_of_the_token_url() {
    for (path, target) in [
        ("/token", "/token?a=1&b=x%20y"),
        ("/token?", "/token?a=1&b=x%20y"),
        ("/token?type=x", "/token?type=x&a=1&b=x%20y"),
        ("/token?type=x&", "/token?type=x&a=1&b=x%20y"),
        ("/", "/?a=1&b=x%20y"),
    ] {
        let request = request_of(|server| {
            bare(server).token_url(server.url(path)).body_format(BodyFormat::Query).param("a", "1").param("b", "x y")
        });
        assert_eq!(request.target, target, "{path}");
    }
}

#[test]
fn body_none_sends_no_parameter_at_all() {
    let request =
        request_of(|server: &Server| bare(server).body_format(BodyFormat::None).grant_type("client_credentials"));
    assert_eq!((request.target.as_str(), request.body.len()), ("/token", 0));
}

#[test]
fn a_parameter_that_body_none_would_lose_is_refused() {
    let config = Config::new().token_url("https://a.test/").client_id("me").client_secret("s").param("b", "1");
    let error = Client::new(config.body_format(BodyFormat::None)).unwrap_err();
    assert!(error.message().contains("`body_format`") && error.message().contains("`param.b`"), "{error}");
}
