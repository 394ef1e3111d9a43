//! One provider: its facts and its options.

use std::path::Path;

use serde_json::{Map, Value};

use crate::support::Reply;

pub(crate) const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/providers");

/// How a provider is related to OAuth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    ClientCredentials,
    /// Id and secret for a token, without OAuth's words.
    Alike,
    /// A signed grant.
    Assertion,
    Adjacent,
}

pub(crate) struct Provider {
    facts: Value,
}

/// All that are described.
pub(crate) fn all() -> Vec<Provider> {
    let facts = read("facts.jsonl");
    facts.lines().map(|line| Provider { facts: serde_json::from_str(line).expect("a line is JSON") }).collect()
}

impl Provider {
    pub(crate) fn id(&self) -> &str {
        self.text("id")
    }

    pub(crate) fn kind(&self) -> Kind {
        match self.text("kind") {
            "cc" => Kind::ClientCredentials,
            "cc-like" => Kind::Alike,
            "assertion" => Kind::Assertion,
            "adjacent" => Kind::Adjacent,
            other => panic!("{other} is no kind"),
        }
    }

    /// The options, as they stand in the file.
    pub(crate) fn options(&self) -> Map<String, Value> {
        let file = format!("{}.json", self.id());
        serde_json::from_str(&read(&file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    pub(crate) fn fact(&self, name: &str) -> Option<&Value> {
        self.facts.get(name)
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.fact(name).and_then(Value::as_str).unwrap_or_else(|| panic!("no {name} in {}", self.facts))
    }

    pub(crate) fn number(&self, name: &str) -> u64 {
        self.fact(name).and_then(Value::as_u64).unwrap_or_else(|| panic!("no {name} in {}", self.facts))
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.fact(name).is_some_and(|flag| flag == true)
    }

    pub(crate) fn object(&self, name: &str) -> &Map<String, Value> {
        self.fact(name).and_then(Value::as_object).unwrap_or_else(|| panic!("no {name} in {}", self.facts))
    }

    /// The answer that holds the token.
    pub(crate) fn answer(&self) -> Reply {
        reply(self.number("status"), self.fact("answer").expect("an answer is described"))
    }

    /// How it says no, and what of that a user must be told.
    pub(crate) fn refusal(&self) -> Option<(Reply, Vec<String>)> {
        let error = self.fact("error")?;
        let words = error["words"].as_array().expect("the words are listed");
        let words = words.iter().map(|word| word.as_str().expect("a word is text").to_owned()).collect();
        Some((reply(error["status"].as_u64().expect("the status is a number"), &error["body"]), words))
    }
}

/// Texts as they are, all else as JSON.
fn reply(status: u64, body: &Value) -> Reply {
    let status = u16::try_from(status).expect("this is a status");
    match body {
        Value::String(text) => Reply::text(status, "text/plain", text.as_str()),
        _ => Reply::json(status, body.clone()),
    }
}

fn read(file: &str) -> String {
    let path = Path::new(DIRECTORY).join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
