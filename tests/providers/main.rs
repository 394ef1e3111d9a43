//! Real providers, reached by configuration alone: `ID.json` holds the options that a user would write from the
//! provider's documentation, `facts.jsonl` what that documentation says about request and answer. README.md tells more.

#![cfg(all(feature = "http", feature = "jwt"))]

#[path = "../support/mod.rs"]
mod support;

mod assertion;
mod computed;
mod provider;
mod request;
mod setup;

use std::io::{self, Write};

use provider::{Kind, Provider};
use setup::Loopback;

/// What is wrong with a provider, if anything: the request that the options lead to, the token, the failure.
fn check(provider: &Provider, loopback: &Loopback) -> Result<(), String> {
    let (token, requests) = loopback.ask(provider, provider.answer())?;
    let [sent] = requests.as_slice() else {
        return Err(format!("it took {} requests", requests.len()));
    };
    request::check(provider, sent, &loopback.url(provider))?;
    let token = token.map_err(|error| error.to_string())?;
    let life = provider.number("life");
    if token.access_token() != provider.text("token") {
        return Err("it is another token".into());
    }
    if token.expires_in().as_secs() != life || token.is_expiry_assumed() != provider.flag("assumed") {
        return Err(format!("it lives for {:?}, not {life} s", token.expires_in()));
    }
    let Some((refusal, words)) = provider.refusal() else {
        return Ok(());
    };
    let (outcome, _) = loopback.ask(provider, refusal)?;
    let Err(error) = outcome else {
        return Err("a refusal was taken for a token".into());
    };
    match words.iter().find(|word| !error.to_string().contains(word.as_str())) {
        Some(word) => Err(format!("its error does not say `{word}`: {error}")),
        None => Ok(()),
    }
}

/// Checks the providers of some kinds and says how many are reached in full; what is wrong with the others.
fn check_all(title: &str, kinds: &[Kind]) -> Vec<String> {
    let loopback = Loopback::new();
    let (mut reached, mut notes, mut problems) = (0, String::new(), Vec::new());
    let providers: Vec<_> = provider::all().into_iter().filter(|each| kinds.contains(&each.kind())).collect();
    for provider in &providers {
        match (check(provider, &loopback), provider.fact("partly")) {
            (Ok(()), None) => reached += 1,
            (Ok(()), Some(limit)) => notes += &format!("; {} in part: {limit}", provider.id()),
            (Err(problem), _) => problems.push(format!("{}: {problem}", provider.id())),
        }
    }
    // Not by `println!`, which the test harness would keep to itself.
    let _ = writeln!(io::stdout(), "{title}: {reached} of {}{notes}", providers.len());
    problems
}

#[test]
fn every_provider_of_client_credentials_is_reached_by_its_options() {
    let problems = check_all("client credentials", &[Kind::ClientCredentials, Kind::Alike]);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn providers_of_signed_grants_and_of_yet_other_logins_are_reached_too() {
    let problems = [check_all("signed grants", &[Kind::Assertion]), check_all("other logins", &[Kind::Adjacent])];
    let problems = problems.concat();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_facts_and_the_options_are_about_the_same_providers() {
    let mut described: Vec<_> = provider::all().iter().map(|each| format!("{}.json", each.id())).collect();
    let directory = std::fs::read_dir(provider::DIRECTORY).expect("the directory is there");
    let names = directory.map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned());
    let mut configured: Vec<_> = names.filter(|name| name.ends_with(".json")).collect();
    described.sort();
    configured.sort();
    assert_eq!(described, configured);
    assert!(described.len() >= 176, "only {}", described.len());
}
