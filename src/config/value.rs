//! The types of option values, and how each is read from text.

use std::path::PathBuf;
use std::time::Duration;

use crate::protocol::{Path, Url, UtcOffset};
use crate::secret::Secret;

/// A value that an option may have.
pub(crate) trait OptionValue: Sized {
    /// What Rust code gives for it.
    type Given;

    /// Takes what Rust code gives; the error does not repeat it.
    fn accept(given: Self::Given) -> Result<Self, String>;

    /// Reads it from text; the error says what is wanted.
    fn parse(text: &str) -> Result<Self, String>;
}

impl OptionValue for String {
    type Given = String;

    fn accept(given: String) -> Result<Self, String> {
        Self::parse(&given)
    }

    fn parse(text: &str) -> Result<Self, String> {
        if text.chars().any(char::is_control) {
            return Err("it holds control characters; was a line end left in?".into());
        }
        Ok(text.to_owned())
    }
}

impl OptionValue for Secret {
    type Given = Secret;

    fn accept(given: Secret) -> Result<Self, String> {
        if given.has_inner_nul() {
            return Err("it holds a NUL character".into());
        }
        Ok(given)
    }

    fn parse(text: &str) -> Result<Self, String> {
        Ok(Secret::new(text))
    }
}

impl OptionValue for PathBuf {
    type Given = PathBuf;

    fn accept(given: PathBuf) -> Result<Self, String> {
        if given.as_os_str().is_empty() {
            return Err("it is empty".into());
        }
        Ok(given)
    }

    fn parse(text: &str) -> Result<Self, String> {
        Self::accept(text.into())
    }
}

impl OptionValue for Url {
    type Given = String;

    fn accept(given: String) -> Result<Self, String> {
        Self::parse(&given)
    }

    fn parse(text: &str) -> Result<Self, String> {
        text.parse()
    }
}

impl OptionValue for Path {
    type Given = String;

    fn accept(given: String) -> Result<Self, String> {
        Self::parse(&given)
    }

    fn parse(text: &str) -> Result<Self, String> {
        text.parse()
    }
}

impl OptionValue for UtcOffset {
    type Given = String;

    fn accept(given: String) -> Result<Self, String> {
        Self::parse(&given)
    }

    fn parse(text: &str) -> Result<Self, String> {
        UtcOffset::read(text).ok_or_else(|| format!("`{}` is not an offset such as `+02:00`", shown(text)))
    }
}

/// The name of a signature algorithm (RFC 7518 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AlgorithmName(pub(crate) &'static str);

impl OptionValue for AlgorithmName {
    type Given = String;

    fn accept(given: String) -> Result<Self, String> {
        Self::parse(&given)
    }

    fn parse(text: &str) -> Result<Self, String> {
        const NAMES: [&str; 12] = [
            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA", "HS256", "HS384", "HS512",
        ];
        choose(text, &NAMES.map(|name| (name, Self(name))))
    }
}

impl OptionValue for bool {
    type Given = bool;

    fn accept(given: bool) -> Result<Self, String> {
        Ok(given)
    }

    fn parse(text: &str) -> Result<Self, String> {
        choose(text, &[("true", true), ("false", false)])
    }
}

impl OptionValue for u32 {
    type Given = u32;

    fn accept(given: u32) -> Result<Self, String> {
        Ok(given)
    }

    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| format!("`{}` is not a whole number up to {}", shown(text), u32::MAX))
    }
}

impl OptionValue for Duration {
    type Given = Duration;

    fn accept(given: Duration) -> Result<Self, String> {
        Ok(given)
    }

    fn parse(text: &str) -> Result<Self, String> {
        const UNITS: [(&str, f64); 5] = [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0), ("", 1.0)];
        let unsuitable = || {
            format!("`{}` is not a duration that can be, such as `30s`, `500ms`, `5m`, `1h`, or seconds", shown(text))
        };
        let (number, unit) = split_number(text);
        let seconds: f64 = number.parse().map_err(|_| unsuitable())?;
        let (_, factor) = UNITS.into_iter().find(|(name, _)| *name == unit).ok_or_else(unsuitable)?;
        Duration::try_from_secs_f64(seconds * factor).map_err(|_| unsuitable())
    }
}

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ByteCount(pub(crate) usize);

impl OptionValue for ByteCount {
    type Given = usize;

    fn accept(given: usize) -> Result<Self, String> {
        Ok(Self(given))
    }

    fn parse(text: &str) -> Result<Self, String> {
        const UNITS: [(&str, usize); 3] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("", 1)];
        let unsuitable = || format!("`{}` is not a size such as `256KiB`, `1MiB`, or bytes", shown(text));
        let (number, unit) = split_number(text);
        let count: usize = number.parse().map_err(|_| unsuitable())?;
        let (_, factor) = UNITS.into_iter().find(|(name, _)| *name == unit).ok_or_else(unsuitable)?;
        count.checked_mul(factor).map(Self).ok_or_else(unsuitable)
    }
}

/// The value that one of a few words stands for.
pub(super) fn choose<T: Copy>(text: &str, choices: &[(&str, T)]) -> Result<T, String> {
    if let Some((_, value)) = choices.iter().find(|(name, _)| *name == text) {
        return Ok(*value);
    }
    let names = choices.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let meant = choices.iter().find(|(name, _)| !text.is_empty() && name.ends_with(&format!("_{text}")));
    let suggestion = meant.map(|(name, _)| format!("; did you mean `{name}`?")).unwrap_or_default();
    Err(format!("`{}` is not one of {names}{suggestion}", shown(text)))
}

fn split_number(text: &str) -> (&str, &str) {
    let end = text.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(text.len());
    text.split_at(end)
}

fn shown(text: &str) -> String {
    crate::line::clean(text, 40)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_every_unit_and_without_one() {
        for (text, milliseconds) in [
            ("30s", 30_000),
            ("500ms", 500),
            ("5m", 300_000),
            ("1h", 3_600_000),
            ("7", 7_000),
            ("1.5", 1_500),
            ("0", 0),
        ] {
            assert_eq!(Duration::parse(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in ["", "s", "-1", "5 m", "1d", "1e3", "1h30m", "∞", "99999999999999999999h", "..", "NaN"] {
            assert!(Duration::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_read_in_every_unit_and_without_one() {
        assert_eq!(ByteCount::parse("256KiB"), Ok(ByteCount(262_144)));
        assert_eq!(ByteCount::parse("2MiB"), Ok(ByteCount(2_097_152)));
        assert_eq!(ByteCount::parse("10"), Ok(ByteCount(10)));
        for text in ["", "KiB", "1KB", "1.5MiB", "-1", "99999999999999999999", "99999999999999999MiB"] {
            assert!(ByteCount::parse(text).is_err(), "{text}");
        }
    }
}
