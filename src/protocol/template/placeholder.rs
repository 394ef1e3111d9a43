//! What stands between braces.

use crate::protocol::datetime;
use crate::secret::SecretBuffer;

use super::Values;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Placeholder {
    ClientId,
    ClientSecret,
    Assertion,
    Uuid,
    /// A moment so many seconds after the request is made, or before.
    Moment(MomentFormat, i64),
}

/// How a moment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MomentFormat {
    /// RFC 3339, in UTC.
    Rfc3339,
    /// The day of it.
    Date,
    Unix,
    UnixMilliseconds,
}

/// No offset is longer: a hundred years.
const LONGEST_OFFSET: i64 = 36_525 * 86_400;

impl Placeholder {
    const ALL: [(&'static str, Self); 8] = [
        ("client_id", Self::ClientId),
        ("client_secret", Self::ClientSecret),
        ("assertion", Self::Assertion),
        ("uuid", Self::Uuid),
        ("now", Self::Moment(MomentFormat::Rfc3339, 0)),
        ("date", Self::Moment(MomentFormat::Date, 0)),
        ("now_unix", Self::Moment(MomentFormat::Unix, 0)),
        ("now_ms", Self::Moment(MomentFormat::UnixMilliseconds, 0)),
    ];

    /// Reads what stands between the braces; the error does not repeat it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (name, offset) = text.split_at(text.find(['+', '-']).unwrap_or(text.len()));
        match Self::ALL.into_iter().find(|(known, _)| *known == name) {
            Some((_, placeholder)) if offset.is_empty() => Ok(placeholder),
            Some((_, Self::Moment(format, _))) => match seconds(offset) {
                Some(offset) => Ok(Self::Moment(format, offset)),
                None => Err(format!(
                    "behind `{{{name}` stands no offset, such as `+300s`, `+5m`, `-1h`, `+7d`, or seconds, of at most a \
                     hundred years"
                )),
            },
            _ => {
                let names = Self::ALL.map(|(name, _)| format!("{{{name}}}")).join(", ");
                Err(format!(
                    "a `{{` begins no known placeholder; write `{{{{` for a brace, or one of {names}, {{now+7d}} and the \
                     like, {{base64:…}}"
                ))
            }
        }
    }

    pub(super) fn push(self, output: &mut SecretBuffer, values: &Values<'_>) {
        match self {
            Self::ClientId => output.push_str(values.client_id),
            Self::ClientSecret => output.push_str(values.client_secret),
            Self::Assertion => output.push_str(values.assertion.expose()),
            Self::Uuid => output.push_str(&values.uuid),
            Self::Moment(format, offset) => {
                let moment_ms = values.now_ms.saturating_add_signed(offset.saturating_mul(1000));
                output.push_str(&match format {
                    MomentFormat::Rfc3339 => datetime::rfc3339(moment_ms / 1000),
                    MomentFormat::Date => datetime::rfc3339_date(moment_ms / 1000),
                    MomentFormat::Unix => (moment_ms / 1000).to_string(),
                    MomentFormat::UnixMilliseconds => moment_ms.to_string(),
                });
            }
        }
    }
}

/// The seconds of a signed offset, with a unit or without.
fn seconds(offset: &str) -> Option<i64> {
    const UNITS: [(char, i64); 4] = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400)];
    let (sign, length) = match offset.strip_prefix('-') {
        Some(length) => (-1, length),
        None => (1, offset.strip_prefix('+')?),
    };
    let unit = UNITS.into_iter().find_map(|(unit, factor)| Some((length.strip_suffix(unit)?, factor)));
    let (digits, factor) = unit.unwrap_or((length, 1));
    let count: u32 = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())??;
    let seconds = i64::from(count) * factor;
    (seconds <= LONGEST_OFFSET).then_some(sign * seconds)
}
