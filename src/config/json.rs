//! Options from a JSON object.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use crate::error::{Error, ErrorKind};
use crate::protocol::Json;
use crate::secret::Secret;

use super::Config;

/// Sets every member of the object.
pub(super) fn apply(config: &mut Config, text: &str) -> Result<(), Error> {
    let document = Json::parse(text.as_bytes())
        .map_err(|error| Error::new(ErrorKind::Config, format!("the JSON of the options cannot be read: {error}")))?;
    let Json::Object(members) = &document else {
        return Err(Error::new(
            ErrorKind::Config,
            format!("the JSON of the options is {}, not an object such as {{\"token_url\": \"…\"}}", document.kind()),
        ));
    };
    for (name, value) in members {
        set(config, name, value)?;
    }
    Ok(())
}

fn set(config: &mut Config, name: &str, value: &Json) -> Result<(), Error> {
    if let Json::Object(members) = value {
        if matches!(name, "param" | "header" | "assertion_claim") || name.starts_with("param.") {
            for (inner, value) in members {
                set(config, &format!("{name}.{inner}"), value)?;
            }
            return Ok(());
        }
    }
    if !super::names::is_known(name) {
        return Err(super::names::unknown(name));
    }
    let is_text = matches!(value, Json::Text(_));
    if !is_text && !matches!(value, Json::Null) && config.set_json_value(name, value)? {
        return Ok(());
    }
    config.set_option(name, scalar(name, value)?.expose())
}

fn scalar(name: &str, value: &Json) -> Result<Secret, Error> {
    match value {
        Json::Text(_) | Json::Bool(_) | Json::Integer(_) | Json::Unsigned(_) | Json::Float(_) => Ok(value.to_secret()),
        Json::Array(elements) if matches!(name, "scope" | "resource") => {
            let texts: Option<Vec<&str>> = elements.iter().map(|element| element.text().map(Secret::expose)).collect();
            texts
                .map(|texts| Secret::from(texts.join(" ")))
                .ok_or_else(|| Error::new(ErrorKind::Config, format!("option `{name}`: the list may hold only texts")))
        }
        Json::Null | Json::Array(_) | Json::Object(_) => Err(Error::new(
            ErrorKind::Config,
            format!("option `{name}`: the JSON holds {} where text, a number or a boolean belongs", value.kind()),
        )),
    }
}

impl<'de> Deserialize<'de> for Config {
    /// Reads the options as a map, so that a `Config` can be a part of a program's own configuration.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ConfigVisitor)
    }
}

struct ConfigVisitor;

impl<'de> Visitor<'de> for ConfigVisitor {
    type Value = Config;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map of oauth-token options")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Config, A::Error> {
        let mut config = Config::new();
        while let Some(name) = map.next_key::<String>()? {
            let value: Json = map.next_value()?;
            set(&mut config, &name, &value).map_err(serde::de::Error::custom)?;
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_numbers_booleans_and_lists_are_taken() {
        let config: Config = r#"{"token_url":"https://example.com/","timeout":1.5,"max_retries":3,
            "dangerous_allow_http":true,"scope":["a","b"],"param":{"a":"1","b":{"c":2}},"header.X-Key":"k"}"#
            .parse()
            .unwrap();
        assert_eq!(config.values.timeout, Some(std::time::Duration::from_millis(1500)));
        assert_eq!(config.values.max_retries, Some(3));
        assert_eq!(config.values.dangerous_allow_http, Some(true));
        assert_eq!(config.values.scope.as_deref(), Some("a b"));
        assert_eq!(config.params.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a", "b.c"]);
        assert_eq!(config.headers.len(), 1);
    }

    #[test]
    fn what_is_no_object_of_options_is_refused_without_its_values() {
        for text in ["", "[]", "null", r#"{"scope":null}"#, r#"{"client_secret":{"a":"hunter2"}}"#, r#"{"a":"hunter2"#]
        {
            let error = text.parse::<Config>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{text}");
            assert!(!error.message().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_config_can_be_a_part_of_a_program_s_own() {
        let config: Config = serde_json::from_str(r#"{"client_id":"me","timeout":"5s"}"#).unwrap();
        assert_eq!(config.values.client_id.as_deref(), Some("me"));
        let error = serde_json::from_str::<Config>(r#"{"clientid":"me"}"#).unwrap_err();
        assert!(error.to_string().contains("`client_id`"), "{error}");
    }
}
