//! The requests that the README's recipes lead to are those that the providers' documentation wants.

#![cfg(feature = "jwt")]

mod support;

use std::sync::Arc;

use oauth_token::{Client, Config};
use serde_json::json;

use support::{FakeTransport, Request, TestClock, lasting_claims};

const FORM: &str = "application/x-www-form-urlencoded";

/// The heading of a recipe, and the last request that it leads to: method and URL, credentials in the header, type of the
/// body, parameters. Of an assertion, header, claims and lifetime.
const WANTED: [(&str, &[&str]); 18] = [
    (
        "JSON body, rotating secrets",
        &[
            "POST https://api.kong.globalid.dev/oauth/token",
            "application/json",
            r#"{"grant_type":"client_credentials","scope":"openid","client_id":"your-client-id","client_secret":"your-client-secret"}"#,
        ],
    ),
    (
        "Basic and several scopes, with an ID token",
        &[
            "POST https://id.example.com/api/id/v1/auth/token",
            "Basic your-client-id:your-client-secret",
            FORM,
            "grant_type=client_credentials",
            "scope=openid email profile inspect",
        ],
    ),
    (
        "Basic and several scopes, with an ID token",
        &[
            "POST https://id.example.com/api/id/v1/auth/token",
            "Basic your-client-id:your-client-secret",
            FORM,
            "code=the-code",
            "code_verifier=the-verifier",
            "grant_type=authorization_code",
            "redirect_uri=https://app.example.com/callback",
            "scope=openid email profile inspect",
        ],
    ),
    (
        "Secret in the form, refresh tokens at their own endpoint",
        &[
            "POST https://auth.korusticket.com/realms/korusticket/protocol/openid-connect/token",
            FORM,
            "client_id=your-client-id",
            "client_secret=your-client-secret",
            "grant_type=refresh_token",
            "refresh_token=the-refresh-token",
        ],
    ),
    (
        "Basic and nothing else",
        &[
            "POST https://api.example.com/oauth/v2/token",
            "Basic any id you chose:your-api-token",
            FORM,
            "grant_type=client_credentials",
        ],
    ),
    (
        "Microsoft Entra ID, with a secret",
        &[
            "POST https://login.microsoftonline.com/your-tenant-id/oauth2/v2.0/token",
            FORM,
            "client_id=your-application-id",
            "client_secret=your-client-secret",
            "grant_type=client_credentials",
            "scope=https://graph.microsoft.com/.default",
        ],
    ),
    (
        "Microsoft Entra ID, with a certificate",
        &[
            "POST https://login.microsoftonline.com/your-tenant-id/oauth2/v2.0/token",
            FORM,
            r#"client_assertion={"alg":"PS256","typ":"JWT","x5t#S256":"obLD1OX2BxgpOktcbX6PkKGyw9Tl9gcYKTpLXG1-j5A"} {"aud":"https://login.microsoftonline.com/your-tenant-id/oauth2/v2.0/token","iss":"your-application-id","sub":"your-application-id"} for 60 s"#,
            "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "grant_type=client_credentials",
            "scope=https://graph.microsoft.com/.default",
        ],
    ),
    (
        "Auth0",
        &[
            "POST https://your-tenant.eu.auth0.com/oauth/token",
            FORM,
            "audience=https://api.example.com/",
            "client_id=your-client-id",
            "client_secret=your-client-secret",
            "grant_type=client_credentials",
        ],
    ),
    (
        "Okta, with a key",
        &[
            "POST https://your-org.okta.com/oauth2/v1/token",
            FORM,
            r#"client_assertion={"alg":"RS256","kid":"the-kid-of-the-key","typ":"JWT"} {"aud":"https://your-org.okta.com/oauth2/v1/token","iss":"your-client-id","sub":"your-client-id"} for 60 s"#,
            "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "grant_type=client_credentials",
            "scope=okta.users.read okta.groups.read",
        ],
    ),
    (
        "Keycloak",
        &[
            "POST https://found.example.com/token",
            "Basic your-client-id:your-client-secret",
            FORM,
            "grant_type=client_credentials",
        ],
    ),
    (
        "Amazon Cognito",
        &[
            "POST https://your-domain.auth.eu-central-1.amazoncognito.com/oauth2/token",
            "Basic your-app-client-id:your-app-client-secret",
            FORM,
            "grant_type=client_credentials",
            "scope=your-resource-server/read your-resource-server/write",
        ],
    ),
    (
        "Google service account",
        &[
            "POST https://oauth2.googleapis.com/token",
            FORM,
            r#"assertion={"alg":"RS256","kid":"your-private-key-id","typ":"JWT"} {"aud":"https://oauth2.googleapis.com/token","iss":"robot@your-project.iam.gserviceaccount.com","scope":"https://www.googleapis.com/auth/devstorage.read_only"} for 60 s"#,
            "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer",
        ],
    ),
    (
        "Salesforce, client credentials",
        &[
            "POST https://your-domain.my.salesforce.com/services/oauth2/token",
            FORM,
            "client_id=your-consumer-key",
            "client_secret=your-consumer-secret",
            "grant_type=client_credentials",
        ],
    ),
    (
        "Salesforce, JWT bearer",
        &[
            "POST https://login.salesforce.com/services/oauth2/token",
            FORM,
            r#"assertion={"alg":"RS256","typ":"JWT"} {"aud":"https://login.salesforce.com","iss":"your-consumer-key","sub":"user@example.com"} for 60 s"#,
            "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer",
        ],
    ),
    (
        "Box",
        &[
            "POST https://api.box.com/oauth2/token",
            FORM,
            "box_subject_id=your-enterprise-id",
            "box_subject_type=enterprise",
            "client_id=your-client-id",
            "client_secret=your-client-secret",
            "grant_type=client_credentials",
        ],
    ),
    (
        "Zoom, server to server",
        &[
            "POST https://zoom.us/oauth/token",
            "Basic your-client-id:your-client-secret",
            FORM,
            "account_id=your-account-id",
            "grant_type=account_credentials",
        ],
    ),
    (
        "eBay",
        &[
            "POST https://api.ebay.com/identity/v1/oauth2/token",
            "Basic your-app-id:your-cert-id",
            FORM,
            "grant_type=client_credentials",
            "scope=https://api.ebay.com/oauth/api_scope",
        ],
    ),
    (
        "Apigee",
        &[
            "POST https://api.example.com/oauth/accesstoken?grant_type=client_credentials",
            "Basic your-consumer-key:your-consumer-secret",
            "no body",
        ],
    ),
];

#[test]
fn every_recipe_sends_what_the_provider_s_documentation_wants() {
    let readme = include_str!("../README.md");
    let mut wanted = WANTED.iter();
    let mut complete = Config::new();
    for section in readme.split("\n### ").skip(1) {
        let (heading, rest) = section.split_once('\n').expect("a heading is a line");
        let section = rest.split("\n## ").next().unwrap_or_default();
        for (number, block) in section.split("```json\n").skip(1).enumerate() {
            let recipe = block.split("```").next().unwrap_or_default();
            if number == 0 {
                complete = Config::new();
            }
            // A second one is an addition to the first.
            complete.set_json(&with_test_key(recipe)).unwrap_or_else(|error| panic!("{heading}: {error}"));
            let (known, lines) = wanted.next().unwrap_or_else(|| panic!("what does `{heading}` send?"));
            assert_eq!(*known, heading);
            assert_eq!(sent(complete.clone()), *lines, "{heading}");
        }
    }
    assert_eq!(wanted.next(), None, "the README has no such recipe");
}

/// The recipe with a key that is there.
fn with_test_key(recipe: &str) -> String {
    let key = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/assertions/keys/rsa_pkcs8.pem");
    recipe.replace("/run/secrets/key.pem", key)
}

/// The last request of a client that needs a token twice.
fn sent(config: Config) -> Vec<String> {
    let server = Arc::new(FakeTransport::new(|request| {
        support::answer(
            200,
            match request.target.strip_suffix("/.well-known/openid-configuration") {
                Some(issuer) => json!({"issuer": issuer, "token_endpoint": "https://found.example.com/token"}),
                None if request.method == "GET" => return support::answer(404, json!({})),
                None => json!({"access_token": "t", "expires_in": 60, "refresh_token": "the-refresh-token"}),
            },
        )
    }));
    let clock = TestClock::new();
    let is_repeatable = !format!("{config:?}").contains("param.code");
    let client =
        Client::builder(config).transport(server.clone()).clock(clock.clone()).build().expect("it is complete");
    client.token().expect("it was granted");
    if is_repeatable {
        clock.advance(std::time::Duration::from_secs(60));
        client.token().expect("it was granted again");
    }
    shown(server.requests().last().expect("there was one"))
}

fn shown(request: &Request) -> Vec<String> {
    let mut lines = vec![format!("{} {}", request.method, request.target)];
    lines.extend(request.basic_raw().map(|(identifier, secret)| format!("Basic {identifier}:{secret}")));
    lines.push(request.header("Content-Type").unwrap_or("no body").to_owned());
    if request.json().is_object() {
        lines.push(request.text());
        return lines;
    }
    let mut pairs: Vec<_> = request.form().into_iter().filter(|(name, _)| !name.is_empty()).collect();
    pairs.sort();
    lines.extend(
        pairs.iter().map(|(name, value)| format!("{name}={}", lasting_claims(value).unwrap_or_else(|| value.clone()))),
    );
    lines
}
