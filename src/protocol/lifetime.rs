//! How long a token lives, in all the ways in which that is written.

use std::time::Duration;

use super::datetime::{UtcOffset, parse_datetime};
use super::json::Json;

/// How an answer writes a lifetime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ExpiresFormat {
    /// Seconds from now (RFC 6749 §5.1).
    #[default]
    Seconds,
    /// Milliseconds from now.
    Milliseconds,
    /// Minutes from now.
    Minutes,
    /// A duration from now: `1h`, `30m`, `02:10:25`.
    Duration,
    /// The moment of expiry in Unix seconds.
    Unix,
    /// The moment of expiry in Unix milliseconds.
    UnixMs,
    /// The moment of expiry as a date and time: RFC 3339 and its near misses, and `YYYYMMDDHHMMSS`.
    Datetime,
}

/// What a moment of expiry is compared with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reference {
    /// The server's time, or ours, in Unix milliseconds.
    pub(crate) now_ms: i64,
    /// The zone of a date that names none.
    pub(crate) offset: UtcOffset,
}

impl ExpiresFormat {
    /// What it takes a value for, for messages.
    pub(crate) fn told(self) -> &'static str {
        match self {
            Self::Seconds => "a number of seconds",
            Self::Milliseconds => "a number of milliseconds",
            Self::Minutes => "a number of minutes",
            Self::Duration => "a duration",
            Self::Unix => "a moment in Unix seconds",
            Self::UnixMs => "a moment in Unix milliseconds",
            Self::Datetime => "a date and time",
        }
    }

    /// Reads a lifetime; past ones are zero, and `None` is what makes no sense.
    pub(crate) fn read(self, value: &Json, reference: Reference) -> Option<Duration> {
        match self {
            Self::Seconds => scaled(value, 1.0),
            Self::Milliseconds => scaled(value, 0.001),
            Self::Minutes => scaled(value, 60.0),
            Self::Duration => match value {
                Json::Text(text) => duration(text.expose().trim()),
                _ => scaled(value, 1.0),
            },
            Self::Unix => until(number(value)? * 1000.0, reference),
            Self::UnixMs => until(number(value)?, reference),
            Self::Datetime => {
                let moment = parse_datetime(value.to_secret().expose(), reference.offset)?;
                until(moment as f64, reference)
            }
        }
    }
}

/// A lifetime in seconds, as RFC 6749 §5.1 has it and as servers write it.
pub(crate) fn seconds(value: &Json) -> Option<Duration> {
    scaled(value, 1.0)
}

fn scaled(value: &Json, factor: f64) -> Option<Duration> {
    if let (Json::Unsigned(whole), 1.0) = (value, factor) {
        return Some(Duration::from_secs(*whole));
    }
    from_seconds(number(value)? * factor)
}

/// A number, or one written as text.
fn number(value: &Json) -> Option<f64> {
    let number = match value {
        Json::Unsigned(number) => *number as f64,
        Json::Integer(number) => *number as f64,
        Json::Float(number) => *number,
        Json::Text(text) => text.expose().trim().parse().ok()?,
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => return None,
    };
    f64::is_finite(number).then_some(number)
}

fn from_seconds(seconds: f64) -> Option<Duration> {
    Some(Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX))
}

fn until(moment_ms: f64, reference: Reference) -> Option<Duration> {
    from_seconds((moment_ms - reference.now_ms as f64) / 1000.0)
}

/// `1h`, `90 min`, `02:10:25`, `10:25`, or bare seconds.
fn duration(text: &str) -> Option<Duration> {
    if text.contains(':') {
        let mut seconds = 0.0;
        for part in text.split(':') {
            let part: f64 = part.trim().parse().ok()?;
            if part < 0.0 {
                return None;
            }
            seconds = seconds * 60.0 + part;
        }
        return from_seconds(seconds);
    }
    let end = text.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "ms" => 0.001,
        "" | "s" | "sec" | "second" | "seconds" => 1.0,
        "m" | "min" | "minute" | "minutes" => 60.0,
        "h" | "hour" | "hours" => 3600.0,
        "d" | "day" | "days" => 86_400.0,
        _ => return None,
    };
    from_seconds(digits.parse::<f64>().ok()? * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000_000;

    fn read(format: ExpiresFormat, written: &str) -> Option<f64> {
        let value = Json::parse(written.as_bytes()).unwrap();
        let reference = Reference { now_ms: NOW, offset: UtcOffset::read("+01:00").unwrap() };
        format.read(&value, reference).map(|life| life.as_secs_f64())
    }

    #[test]
    fn each_unit_is_read_as_number_and_as_text() {
        for (format, number, text) in [
            (ExpiresFormat::Seconds, "60", r#"" 60 ""#),
            (ExpiresFormat::Milliseconds, "60000", r#""60000""#),
            (ExpiresFormat::Minutes, "1", r#""1.0""#),
            (ExpiresFormat::Duration, "60", r#""1m""#),
            (ExpiresFormat::Unix, "1700000060", r#""1700000060""#),
            (ExpiresFormat::UnixMs, "1700000060000", r#""1700000060000""#),
        ] {
            assert_eq!(read(format, number), Some(60.0), "{format:?}");
            assert_eq!(read(format, text), Some(60.0), "{format:?}");
        }
    }

    #[test]
    fn durations_are_read_in_words_and_with_colons() {
        for (written, seconds) in
            [("1h", 3600.0), ("90 min", 5400.0), ("02:10:25", 7825.0), ("237:10:25", 853_825.0), ("10:25", 625.0)]
        {
            assert_eq!(read(ExpiresFormat::Duration, &format!("{written:?}")), Some(seconds), "{written}");
        }
        for written in ["soon", "1 fortnight", "1:x", ""] {
            assert_eq!(read(ExpiresFormat::Duration, &format!("{written:?}")), None, "{written}");
        }
    }

    #[test]
    fn a_moment_is_taken_relative_to_now_with_and_without_zone() {
        for written in [
            "2023-11-14T22:14:20Z",
            "2023-11-14T23:14:20+01:00",
            "2023-11-14T22:14:20+0000",
            "2023-11-14 23:14:20",
            "2023-11-14T23:14:20.000",
            "20231114231420",
        ] {
            assert_eq!(read(ExpiresFormat::Datetime, &format!("{written:?}")), Some(60.0), "{written}");
        }
        assert_eq!(read(ExpiresFormat::Datetime, r#""2023-11-14T22:13:20Z""#), Some(0.0));
        assert_eq!(read(ExpiresFormat::Datetime, r#""2001-01-01T00:00:00Z""#), Some(0.0), "long past");
        assert_eq!(read(ExpiresFormat::Datetime, "20231114231420"), Some(60.0));
        assert_eq!(read(ExpiresFormat::Datetime, "1700000060"), None);
    }

    #[test]
    fn what_makes_no_sense_is_none_and_what_is_beyond_all_sense_is_very_long() {
        for written in ["null", "true", "[]", "{}", r#""""#, r#""inf""#, r#""NaN""#] {
            assert_eq!(read(ExpiresFormat::Seconds, written), None, "{written}");
        }
        assert!(read(ExpiresFormat::Seconds, "9223372036854775807").unwrap() > 9e18);
        assert!(read(ExpiresFormat::Minutes, "1e300").unwrap() > 1e18);
        assert_eq!(read(ExpiresFormat::Seconds, "-5"), Some(0.0));
    }
}
