//! Takes out of a server's words what was sent to it in secret.

use std::ops::Range;

use crate::line::clean;
use crate::secret::Secret;

use super::json::Json;
use super::path::Path;
use super::unescaped::Unescaped;

/// Knows the secrets of one exchange, and recognises them however a server writes them.
#[derive(Clone, Default)]
pub(crate) struct Redactor {
    /// As they are. What a text is compared with is made when there is a text: most answers are tokens.
    secrets: Vec<Secret>,
    /// The length of the longest, blanks and all.
    longest: usize,
    /// There is more to hide than can be looked for.
    is_mute: bool,
}

impl Redactor {
    /// Shorter secrets are also parts of ordinary words, and are only hidden where they stand alone.
    const SHORT: usize = 8;
    /// So much of a text is looked at, in bytes.
    const SCANNED: usize = 16 << 10;
    /// How many bytes an escape may take for one byte of a secret, itself escaped again: `%5Cu0026`, `&amp;#x0026;`.
    const LONGEST_ESCAPE: usize = 12;
    /// And how many blanks may stand within it.
    const BLANKS: usize = 2 << 10;
    /// The text as it is, and what is left when it is unescaped once, twice and three times.
    const LAYERS: usize = 4;
    /// How long the tokens of an answer may be, in bytes, and how many, for anything else in it to be told.
    const TOKEN: usize = 8 << 10;
    const TOKENS: usize = 16;

    /// Also hides this text: as it is, on one line, percent-encoded, in a form, in JSON and in HTML, and in one of these
    /// within another.
    pub(crate) fn hide(&mut self, secret: &str) {
        self.longest = self.longest.max(secret.len());
        // What is longer than all that is looked at cannot stand in it.
        if secret.len() > Self::SCANNED {
            return;
        }
        let is_known = self.secrets.iter().any(|known| known.expose() == secret);
        if !secret.is_empty() && !is_known {
            self.secrets.push(Secret::new(secret));
        }
    }

    /// Also hides the tokens that an answer holds: where the token belongs, and under their names wherever they are.
    pub(crate) fn hide_tokens(&mut self, document: &Json, token_path: &Path) {
        let mut tokens = Vec::new();
        tokens.extend(token_path.find(document).and_then(Json::text));
        collect_tokens(document, &mut tokens);
        self.is_mute |= tokens.len() > Self::TOKENS;
        for token in tokens.into_iter().take(Self::TOKENS).map(Secret::expose) {
            self.is_mute |= token.len() > Self::TOKEN;
            if token.len() <= Self::TOKEN {
                self.hide(token);
            }
        }
    }

    /// The text on one line of at most `length` characters, without secrets.
    pub(crate) fn clean(&self, text: &str, length: usize) -> String {
        clean(&self.redact(text), length)
    }

    /// The text without secrets, and of a long one the beginning.
    pub(crate) fn redact(&self, text: &str) -> String {
        let shown = match text.len() > Self::SCANNED {
            // What begins within may end behind it, and must be seen whole.
            true => Self::SCANNED.saturating_sub(self.longest.saturating_mul(Self::LONGEST_ESCAPE) + Self::BLANKS),
            false => text.len(),
        };
        if self.is_mute || (shown == 0 && !text.is_empty()) {
            return "[secret]".into();
        }
        let beginning = up_to(text, shown);
        let mut redacted = String::new();
        let mut at = 0;
        let found = self.find(up_to(text, Self::SCANNED));
        for secret in found.into_iter().take_while(|secret| secret.start < beginning.len()) {
            // One that begins within the one before only makes that longer.
            if secret.start >= at {
                redacted.push_str(beginning.get(at..secret.start).unwrap_or_default());
                redacted.push_str("[secret]");
            }
            at = at.max(secret.end);
        }
        redacted.push_str(beginning.get(at..).unwrap_or_default());
        redacted
    }

    /// The secrets without blanks; those that hold escapes themselves, also without these.
    fn forms(&self) -> Vec<Secret> {
        let mut forms = Vec::new();
        for layer in self.secrets.iter().flat_map(|secret| layers(secret.expose())) {
            let form = Secret::new(layer.text());
            if !form.is_empty() && !forms.contains(&form) {
                forms.push(form);
            }
        }
        forms
    }

    /// Where secrets stand in the text, the first first.
    fn find(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let forms = self.forms();
        for layer in layers(text) {
            for secret in forms.iter().map(Secret::expose) {
                let is_short = secret.len() < Self::SHORT;
                let places = occurrences(layer.text(), secret, is_short).map(|start| start..start + secret.len());
                let places = places.filter(|place| !is_short || stands_alone(&layer, place));
                found.extend(places.map(|place| layer.origin(place)));
            }
        }
        found.sort_by_key(|place| (place.start, place.end));
        found
    }
}

/// The text as it is, and as it was before it was escaped.
fn layers(text: &str) -> impl Iterator<Item = Unescaped> {
    let mut next = Some(Unescaped::of(text));
    std::iter::from_fn(move || {
        let layer = next.take()?;
        next = layer.once_more();
        Some(layer)
    })
    .take(Redactor::LAYERS)
}

/// Where `part` begins in the text; with `overlapping`, also within another.
fn occurrences<'a>(text: &'a str, part: &'a str, overlapping: bool) -> impl Iterator<Item = usize> {
    let step = if overlapping { part.chars().next().map_or(1, char::len_utf8) } else { part.len() };
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text.get(from..)?.find(part)?;
        from = start + step;
        Some(start)
    })
}

fn stands_alone(layer: &Unescaped, place: &Range<usize>) -> bool {
    layer.neighbours(place).into_iter().flatten().all(|neighbour| !neighbour.is_alphanumeric())
}

/// At most so many bytes of the text, in whole characters.
fn up_to(text: &str, length: usize) -> &str {
    (0..=length.min(text.len())).rev().find_map(|end| text.get(..end)).unwrap_or_default()
}

fn collect_tokens<'a>(document: &'a Json, tokens: &mut Vec<&'a Secret>) {
    match document {
        Json::Array(elements) => elements.iter().for_each(|element| collect_tokens(element, tokens)),
        Json::Object(members) => members.iter().for_each(|(name, value)| match is_token(name) {
            true => collect_texts(Some(value), tokens),
            false => collect_tokens(value, tokens),
        }),
        _ => {}
    }
}

fn collect_texts<'a>(value: Option<&'a Json>, texts: &mut Vec<&'a Secret>) {
    match value {
        Some(Json::Text(text)) => texts.push(text),
        Some(Json::Array(elements)) => elements.iter().for_each(|element| collect_texts(Some(element), texts)),
        Some(Json::Object(members)) => members.iter().for_each(|(_, value)| collect_texts(Some(value), texts)),
        _ => {}
    }
}

/// `access_token`, `refreshToken` and the like.
fn is_token(name: &str) -> bool {
    const NAMES: [&str; 3] = ["accesstoken", "refreshtoken", "idtoken"];
    let letters = name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase());
    NAMES.iter().any(|known| letters.clone().eq(known.chars()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(secrets: &[&str], text: &str) -> String {
        let mut redactor = Redactor::default();
        secrets.iter().for_each(|secret| redactor.hide(secret));
        redactor.clean(text, 1000)
    }

    #[test]
    fn a_secret_is_hidden_in_every_form() {
        let secret = "p/w \"ü&<x>";
        for form in [
            secret,
            "p%2Fw%20%22%C3%BC%26%3Cx%3E",
            "p%2fw%20%22%c3%bc%26%3cx%3e",
            "p%2Fw+%22%C3%BC%26%3Cx%3E",
            r#"p/w \"ü&<x>"#,
            r#"p\/w \"ü&<x>"#,
            "p/w &quot;ü&amp;&lt;x&gt;",
            "p/w &#34;ü&amp;&lt;x&gt;",
            r#"p\/w \u0022\u00fc\u0026\u003cx\u003E"#,
            "p&#x2F;w&#32;&#x22;&#252;&#38;&#60;x&#x3e;",
            "p%252Fw%2520%2522%25C3%25BC%2526%253Cx%253E",
            "p%2Fw+%22%FC%26%3Cx%3E",
            "p/w \\&quot;ü&amp;amp;&amp;lt;x&amp;gt;",
        ] {
            assert_eq!(redacted(&[secret], &format!("it was {form}!")), "it was [secret]!", "{form}");
        }
    }

    #[test]
    fn a_short_secret_is_hidden_where_it_stands_alone_and_spares_words() {
        assert_eq!(redacted(&["bad"], "a bad one, forbade, (bad)"), "a [secret] one, forbade, ([secret])");
        assert_eq!(redacted(&["t"], "the t"), "the [secret]");
    }

    #[test]
    fn of_two_secrets_one_inside_the_other_nothing_stays_behind() {
        assert_eq!(redacted(&["hunter22", "hunter22-and-more"], "hunter22-and-more hunter22"), "[secret] [secret]");
    }

    #[test]
    fn long_and_many_tokens_cost_little_to_look_for() {
        let path: Path = "access_token".parse().unwrap();
        let token = |length: usize| format!(r#"{{"access_token":"{}"}}"#, r#"\"%25&amp;"#.repeat(length / 11));
        let many = format!("[{}]", vec![token(5_000); 40].join(","));
        for answer in [token(100), token(8_000), token(250_000), many] {
            let mut redactor = Redactor::default();
            redactor.hide_tokens(&Json::parse(answer.as_bytes()).unwrap(), &path);
            let held: usize = redactor.secrets.iter().map(|secret| secret.expose().len()).sum();
            assert!(held < 32 << 10, "{held} bytes for {} of an answer", answer.len());
            let told = redactor.redact("invalid");
            assert_eq!(told, if answer.len() < 10_000 { "invalid" } else { "[secret]" });
        }
    }

    #[test]
    fn of_secrets_that_overlap_nothing_stays_behind() {
        assert_eq!(redacted(&["abcdefgh", "efghijkl"], "x abcdefghijkl y"), "x [secret] y");
        assert_eq!(redacted(&["aa"], "aaa aa"), "aaa [secret]");
    }

    #[test]
    fn a_secret_that_looks_escaped_is_hidden_as_it_is_and_escaped() {
        for secret in
            ["100%41-of-it", r"back\nslash-\u0041", "fish&amp;chips&#65;", "%", r"ends-with-a-\", "abcdefg+%25"]
        {
            let in_json = Json::Text(Secret::new(secret)).to_document();
            let in_html = secret.replace('&', "&amp;");
            let in_url = secret.replace('%', "%25").replace('+', "%2B");
            for form in [secret, in_json.expose().trim_matches('"'), &in_html, &in_url] {
                assert_eq!(redacted(&[secret], &format!("got ({form})")), "got ([secret])", "{secret}");
            }
        }
    }

    #[test]
    fn of_a_long_text_the_beginning_is_told_and_no_part_of_a_secret() {
        let secret = "hunter2-of-the-client";
        for padding in (Redactor::SCANNED - 200..Redactor::SCANNED).step_by(7) {
            let mut redactor = Redactor::default();
            redactor.hide(secret);
            let told = redactor.redact(&format!("{}{secret}{secret}", ".".repeat(padding)));
            assert!(told.len() > Redactor::SCANNED / 2 && !told.contains("hunter2"), "{padding}");
        }
        assert_eq!(redacted(&[&"x".repeat(Redactor::SCANNED)], &"y".repeat(Redactor::SCANNED + 1)), "[secret]");
    }

    #[test]
    fn what_is_put_in_between_to_hide_a_secret_does_not() {
        assert_eq!(redacted(&["correct horse"], "correct\u{200b}horse correct\n horse"), "[secret] [secret]");
        assert_eq!(redacted(&["hunter22"], "hun\u{ad}ter\u{2060}22 h%20u%E2%80%8Bn\\u2062ter22"), "[secret] [secret]");
    }
}
