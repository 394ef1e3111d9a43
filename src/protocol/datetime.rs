//! Dates as HTTP and providers write them, in Unix seconds.

/// A moment in UTC as RFC 3339 writes it, to the second.
pub(crate) fn rfc3339(unix: u64) -> String {
    let (hour, minute, second) = (unix / 3600 % 24, unix / 60 % 60, unix % 60);
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", rfc3339_date(unix))
}

/// The day of a moment in UTC.
pub(crate) fn rfc3339_date(unix: u64) -> String {
    let (year, month, day) = civil_from_days((unix / 86_400) as i64);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The Unix seconds of a date in HTTP's preferred form, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
pub(crate) fn parse_http_date(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_weekday, date) = text.trim().split_once(", ")?;
    let mut words = date.split_ascii_whitespace();
    let day: u8 = number(words.next()?, 2)?;
    let month_name = words.next()?;
    let month = 1 + MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month_name))? as u8;
    let year: u16 = number(words.next()?, 4)?;
    let mut time = words.next()?.splitn(3, ':');
    let hour: u8 = number(time.next()?, 2)?;
    let minute: u8 = number(time.next()?, 2)?;
    let second: u8 = number(time.next()?, 2)?;
    if words.next()? != "GMT" || words.next().is_some() {
        return None;
    }
    if !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let days = days_from_civil(i64::from(year), i64::from(month), i64::from(day));
    let seconds = days * 86_400 + i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    u64::try_from(seconds).ok()
}

/// How far a zone is ahead of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct UtcOffset {
    minutes: i64,
}

impl UtcOffset {
    /// Reads `Z`, `+02:00`, `-0530` or `+02`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("z") || text.eq_ignore_ascii_case("utc") || text.eq_ignore_ascii_case("gmt") {
            return Some(Self::default());
        }
        let (sign, rest) = match text.strip_prefix('+') {
            Some(rest) => (1, rest),
            None => (-1, text.strip_prefix('-')?),
        };
        let digits = rest.replace(':', "");
        let (hours, minutes) = match digits.len() {
            2 => (number::<i64>(&digits, 2)?, 0),
            4 => (number::<i64>(digits.get(..2)?, 2)?, number::<i64>(digits.get(2..)?, 2)?),
            _ => return None,
        };
        (hours <= 14 && minutes <= 59).then_some(Self { minutes: sign * (hours * 60 + minutes) })
    }
}

/// The Unix milliseconds of RFC 3339 and its near misses: a space for the `T`, no zone (then `offset`), a zone without
/// colon, no seconds, a date alone (its first moment), and `YYYYMMDDHHMMSS`.
pub(crate) fn parse_datetime(text: &str, offset: UtcOffset) -> Option<i64> {
    let text = text.trim();
    if text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let (date, time) = text.split_at(8);
        return moment(compact_date(date)?, compact_time(time)?, offset);
    }
    let date = text.get(..10)?;
    let mut parts = date.splitn(3, '-');
    let date = (number(parts.next()?, 4)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let rest = text.get(10..)?;
    if rest.is_empty() {
        return moment(date, 0, offset);
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let end = rest.find(|character: char| !matches!(character, '0'..='9' | ':' | '.' | ',')).unwrap_or(rest.len());
    let (time, zone) = rest.split_at(end);
    let zone = zone.trim();
    let offset = if zone.is_empty() { offset } else { UtcOffset::read(zone)? };
    moment(date, clock_time(time)?, offset)
}

/// Milliseconds of a day from `hh:mm`, `hh:mm:ss` or `hh:mm:ss.fff`.
fn clock_time(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let mut parts = whole.splitn(3, ':');
    let (hour, minute): (i64, i64) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let second: i64 = parts.next().map_or(Some(0), |second| number(second, 2))?;
    let milliseconds = match fraction.get(..3).unwrap_or(fraction) {
        "" => 0,
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => format!("{digits:0<3}").parse().ok()?,
        _ => return None,
    };
    time_of_day(hour, minute, second).map(|time| time + milliseconds)
}

fn compact_date(digits: &str) -> Option<(i64, i64, i64)> {
    Some((number(digits.get(..4)?, 4)?, number(digits.get(4..6)?, 2)?, number(digits.get(6..)?, 2)?))
}

fn compact_time(digits: &str) -> Option<i64> {
    time_of_day(number(digits.get(..2)?, 2)?, number(digits.get(2..4)?, 2)?, number(digits.get(4..)?, 2)?)
}

fn time_of_day(hour: i64, minute: i64, second: i64) -> Option<i64> {
    (hour < 24 && minute < 60 && second <= 60).then_some((hour * 3600 + minute * 60 + second) * 1000)
}

fn moment((year, month, day): (i64, i64, i64), time_ms: i64, offset: UtcOffset) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    Some(days_from_civil(year, month, day) * 86_400_000 + time_ms - offset.minutes * 60_000)
}

fn number<T: std::str::FromStr>(digits: &str, length: usize) -> Option<T> {
    if digits.len() != length || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

// Both conversions count years from March, so that the leap day is the last of its year, in eras of 400 years.

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments_are_written_as_rfc3339() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_827_696), "2000-02-29T12:34:56Z");
        assert_eq!(rfc3339(4_102_444_800), "2100-01-01T00:00:00Z");
    }

    #[test]
    fn the_example_of_rfc_9110_is_read() {
        assert_eq!(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
    }

    #[test]
    fn every_day_of_four_centuries_survives_the_round_trip() {
        assert_eq!(days_from_civil(1970, 1, 1), 0);
        for day in 0..146_097 {
            let (year, month, date) = civil_from_days(day);
            assert_eq!(days_from_civil(year, month, date), day);
        }
    }

    #[test]
    fn what_is_no_date_is_not_read() {
        for text in [
            "",
            "120",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Foo 1994 08:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT x",
            "Sun, 06 Nov 1994",
        ] {
            assert_eq!(parse_http_date(text), None, "{text}");
        }
    }
}
