//! Text as it was before it was escaped, in whatever way, and where each part of it stood.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::line::is_blank;

/// A text without blanks, and for each of its bytes what of the original it stands for.
///
/// Forms write a space as `+`, and nobody knows which was meant, so that both are left out.
pub(super) struct Unescaped {
    text: Zeroizing<String>,
    origins: Vec<Range<usize>>,
}

impl Unescaped {
    /// The text with its escapes.
    pub(super) fn of(text: &str) -> Self {
        let mut unescaped = Self::with_capacity(text.len());
        for (at, character) in text.char_indices() {
            unescaped.push(character, at..at + character.len_utf8());
        }
        unescaped
    }

    /// The same with one layer of escapes less: percent-encoding, JSON's, HTML's; `None` where there is none.
    pub(super) fn once_more(&self) -> Option<Self> {
        let mut inner = Self::with_capacity(self.text.len());
        let mut is_escaped = false;
        let mut rest = self.text.as_str();
        while let Some(first) = rest.chars().next() {
            let escape = unescape(rest);
            is_escaped |= escape.is_some();
            let (character, length) = escape.unwrap_or((first, first.len_utf8()));
            let at = self.text.len() - rest.len();
            inner.push(character, self.origin(at..at + length));
            rest = rest.get(length..).unwrap_or_default();
        }
        is_escaped.then_some(inner)
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What of the original these bytes stand for.
    pub(super) fn origin(&self, bytes: Range<usize>) -> Range<usize> {
        let start = self.origins.get(bytes.start).map_or(0, |origin| origin.start);
        let last = bytes.end.checked_sub(1).and_then(|last| self.origins.get(last));
        start..last.map_or(start, |origin| origin.end)
    }

    /// The characters before and behind these bytes, as far as nothing was left out in between.
    pub(super) fn neighbours(&self, bytes: &Range<usize>) -> [Option<char>; 2] {
        let touch = |at: usize| {
            let before = at.checked_sub(1).and_then(|before| self.origins.get(before));
            before.zip(self.origins.get(at)).is_some_and(|(before, behind)| before.end >= behind.start)
        };
        let before = self.text.get(..bytes.start).and_then(|text| text.chars().next_back());
        let behind = self.text.get(bytes.end..).and_then(|text| text.chars().next());
        [before.filter(|_| touch(bytes.start)), behind.filter(|_| touch(bytes.end))]
    }

    /// No layer is longer than the one around it, so that no buffer grows and leaves a copy behind.
    fn with_capacity(length: usize) -> Self {
        Self { text: Zeroizing::new(String::with_capacity(length)), origins: Vec::with_capacity(length) }
    }

    fn push(&mut self, character: char, origin: Range<usize>) {
        if character != '+' && !is_blank(character) {
            self.text.push(character);
            self.origins.extend(std::iter::repeat_n(origin, character.len_utf8()));
        }
    }
}

/// The character for which the text begins with an escape, and the length of that.
fn unescape(text: &str) -> Option<(char, usize)> {
    match text.as_bytes().first()? {
        b'%' => percent(text),
        b'\\' => backslash(text),
        b'&' => entity(text),
        _ => None,
    }
}

/// `%C3%BC` (RFC 3986 §2.1); `%FC`, where it is no UTF-8, as ISO 8859-1.
fn percent(text: &str) -> Option<(char, usize)> {
    let byte = |nth: usize| {
        let escape = text.get(3 * nth..3 * nth + 3)?;
        hexadecimal(escape.strip_prefix('%')?).and_then(|value| u8::try_from(value).ok())
    };
    let first = byte(0)?;
    let bytes: Vec<u8> = (0..4).map_while(byte).collect();
    let character = (1..=bytes.len()).find_map(|length| {
        let text = std::str::from_utf8(bytes.get(..length)?).ok()?;
        Some((text.chars().next()?, 3 * length))
    });
    Some(character.unwrap_or((char::from(first), 3)))
}

/// `\"`, `\n`, `\u00fc` (RFC 8259 §7).
fn backslash(text: &str) -> Option<(char, usize)> {
    let character = match text.as_bytes().get(1)? {
        b'u' => return unit_pair(text).or_else(|| Some((char::from_u32(unit(text)?)?, 6))),
        b'b' | b'f' | b'n' | b'r' | b't' => ' ',
        b'"' => '"',
        b'\'' => '\'',
        b'/' => '/',
        b'\\' => '\\',
        _ => return None,
    };
    Some((character, 2))
}

/// What lies beyond 16 bits is written as two units.
fn unit_pair(text: &str) -> Option<(char, usize)> {
    let units = [unit(text)?, unit(text.get(6..)?)?].map(|unit| u16::try_from(unit).unwrap_or_default());
    let mut characters = char::decode_utf16(units);
    // Two that are no pair are two characters.
    let pair = characters.next()?.ok()?;
    characters.next().is_none().then_some((pair, 12))
}

fn unit(text: &str) -> Option<u32> {
    hexadecimal(text.get(..6)?.strip_prefix("\\u")?)
}

/// `&amp;`, `&#252;`, `&#xfc;`.
fn entity(text: &str) -> Option<(char, usize)> {
    /// Enough for every character, with zeros before it.
    const LONGEST: usize = 12;
    const NAMED: [(&str, char); 6] =
        [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", ' ')];
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(digits) => hexadecimal(digits),
        None => number.parse().ok(),
    });
    let named = || NAMED.iter().find(|(known, _)| *known == name).map(|(_, character)| *character);
    Some((number.and_then(char::from_u32).or_else(named)?, end + 1))
}

fn hexadecimal(digits: &str) -> Option<u32> {
    let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| is_hexadecimal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn once(text: &str) -> Option<String> {
        Unescaped::of(text).once_more().map(|inner| inner.text().to_owned())
    }

    #[test]
    fn every_way_of_escaping_is_undone() {
        for (escaped, text) in [
            ("a%2Fb%c3%BC%FC", "a/büü"),
            (r#"\"\\\/\'\u00fc\ud83d\ude02"#, "\"\\/'ü\u{1f602}"),
            ("&lt;&amp;&quot;&#39;&#x2b;&#x2F;&#0252;", "<&\"'/ü"),
            ("%2525", "%25"),
            (r"a\nb%20c&nbsp;d", "abcd"),
        ] {
            assert_eq!(once(escaped).as_deref(), Some(text), "{escaped}");
        }
    }

    #[test]
    fn what_is_no_escape_stays() {
        for text in ["", "100%", "%4", "%zz", r"\", r"\x", r"\u12", r"\ud83d", "&", "&amp", "&#;", "&#xx;", "a"] {
            assert_eq!(once(text), None, "{text}");
        }
        assert_eq!(once(r"\ud83d\u0041").as_deref(), Some(r"\ud83dA"));
    }

    #[test]
    fn each_part_knows_where_it_stood() {
        let inner = Unescaped::of("x %2541 y").once_more().and_then(|layer| layer.once_more()).unwrap();
        assert_eq!(inner.text(), "xAy");
        assert_eq!(inner.origin(1..2), 2..7);
        assert_eq!(inner.neighbours(&(1..2)), [None, None]);
        let touching = Unescaped::of("x%41y").once_more().unwrap();
        assert_eq!(touching.neighbours(&(1..2)), [Some('x'), Some('y')]);
    }
}
