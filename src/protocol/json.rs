//! JSON whose texts wipe themselves.

use std::cell::Cell;
use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use zeroize::Zeroizing;

use crate::secret::{Secret, SecretBuffer};

/// How deep an answer may nest.
const MAX_DEPTH: usize = 32;
/// How many values an answer may hold: the shortest takes two bytes of it, and many times that in memory.
const MAX_VALUES: usize = 8_192;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Integer(i64),
    Unsigned(u64),
    Float(f64),
    Text(Secret),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Parses a whole document; the error says where it is wrong and repeats nothing of it.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, serde_json::Error> {
        // Some servers begin with a byte order mark, which RFC 8259 §8.1 lets readers ignore.
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let mut deserializer = serde_json::Deserializer::from_slice(text);
        let value = Json::deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(value)
    }

    /// The member of an object; of several with the same name, the last.
    pub(crate) fn get(&self, name: &str) -> Option<&Json> {
        match self {
            Self::Object(members) => members.iter().rfind(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The first element of an array.
    pub(crate) fn first(&self) -> Option<&Json> {
        match self {
            Self::Array(elements) => elements.first(),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub(crate) fn text(&self) -> Option<&Secret> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Texts as they are, all else as compact JSON.
    pub(crate) fn to_secret(&self) -> Secret {
        if let Self::Text(text) = self {
            return text.clone();
        }
        self.to_document()
    }

    /// Compact JSON.
    pub(crate) fn to_document(&self) -> Secret {
        let mut output = SecretBuffer::default();
        match serde_json::to_writer(&mut output, self) {
            Ok(()) => output.into_secret().unwrap_or_default(),
            Err(_) => Secret::default(),
        }
    }

    /// What kind of value it is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) | Self::Unsigned(_) | Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Unsigned(value) => serializer.serialize_u64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(text) => serializer.serialize_str(text.expose()),
            Self::Array(elements) => {
                let mut sequence = serializer.serialize_seq(Some(elements.len()))?;
                for element in elements {
                    sequence.serialize_element(element)?;
                }
                sequence.end()
            }
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Seed { depth: 0, values: &Cell::new(0) }.deserialize(deserializer)
    }
}

/// Carries the depth and the number of values so far, so that a hostile answer can exhaust neither the stack nor memory.
struct Seed<'a> {
    depth: usize,
    values: &'a Cell<usize>,
}

impl Seed<'_> {
    fn deeper<E: de::Error>(&self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(format_args!("nested deeper than {MAX_DEPTH}")));
        }
        Ok(Self { depth: self.depth + 1, values: self.values })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        if self.values.get() >= MAX_VALUES {
            return Err(de::Error::custom(format_args!("more than {MAX_VALUES} values")));
        }
        self.values.set(self.values.get() + 1);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Integer(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Unsigned(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Float(value))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Json, E> {
        if text.contains('\0') {
            return Err(E::custom("a text holds a NUL character"));
        }
        Ok(Json::Text(Secret::new(text)))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Json, E> {
        let text = Zeroizing::new(text);
        self.visit_str(&text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Json, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = sequence.next_element_seed(self.deeper()?)? {
            elements.push(element);
        }
        Ok(Json::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            members.push((name, map.next_value_seed(self.deeper()?)?));
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_survives_parsing_and_writing() {
        let text = r#"{"a":[1,-2,2.5,true,null],"b":{"c":"ü\n"},"d":18446744073709551615}"#;
        assert_eq!(Json::parse(text.as_bytes()).unwrap().to_document().expose(), text);
    }

    #[test]
    fn thirty_two_levels_are_read_and_thirty_three_are_not() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Json::parse(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert!(Json::parse(nested(MAX_DEPTH + 1).as_bytes()).is_err());
        assert!(Json::parse("[".repeat(1_000_000).as_bytes()).is_err());
    }

    #[test]
    fn as_many_values_are_read_as_the_bound_allows_however_they_are_nested() {
        let list = |count: usize| format!("[{}]", vec!["0"; count].join(","));
        let object = |count: usize| format!("{{{}}}", vec![r#""":0"#; count].join(","));
        let pairs = |count: usize| format!("[[0]{}]", ",[0]".repeat(count / 2 - 1));
        for document in [list, object] {
            assert!(Json::parse(document(MAX_VALUES - 1).as_bytes()).is_ok());
            let error = Json::parse(document(MAX_VALUES).as_bytes()).unwrap_err().to_string();
            assert!(error.contains("more than 8192 values"), "{error}");
        }
        assert!(Json::parse(pairs(MAX_VALUES - 2).as_bytes()).is_ok());
        assert!(Json::parse(pairs(MAX_VALUES).as_bytes()).is_err());
    }

    #[test]
    fn errors_repeat_nothing_of_the_document() {
        for text in [r#"{"access_token":"hunter2"#, r#"{"access_token":"hunter2" 5}"#, r#"{"a":"hunter2\u0000"}"#] {
            let error = Json::parse(text.as_bytes()).unwrap_err().to_string();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn of_two_members_with_one_name_the_last_counts() {
        let value = Json::parse(br#"{"a":1,"a":2}"#).unwrap();
        assert_eq!(value.get("a"), Some(&Json::Unsigned(2)));
    }
}
