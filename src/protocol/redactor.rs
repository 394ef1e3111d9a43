//! Takes out of a server's words what was sent to it in secret.

use crate::line::clean;
use crate::secret::Secret;

use super::encoding::escaped;
use super::json::Json;

/// Knows the secrets of one request, in the forms in which a server may repeat them.
#[derive(Clone, Default)]
pub(crate) struct Redactor {
    secrets: Vec<Secret>,
}

/// What is left as it is beside letters and digits: by RFC 3986 §2.3, JavaScript, the URL standard's forms, and the
/// cautious.
const UNESCAPED: [&[u8]; 4] = [b"-._~", b"-._~!*'()", b"-._*", b""];

impl Redactor {
    /// Shorter secrets are also parts of ordinary words, and are only hidden where they stand alone.
    const SHORT: usize = 8;

    /// Also hides this text: as it is, on one line, percent-encoded, in a form, in JSON and in HTML.
    pub(crate) fn hide(&mut self, secret: &str) {
        if secret.is_empty() {
            return;
        }
        let in_json = Json::Text(Secret::new(secret)).to_document();
        let in_html = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        for form in [
            secret.to_owned(),
            clean(secret, usize::MAX),
            in_json.expose().trim_matches('"').to_owned(),
            in_json.expose().trim_matches('"').replace('/', "\\/"),
        ] {
            self.add(form);
        }
        for quote in ["\"", "&quot;", "&#34;"] {
            for apostrophe in ["'", "&#39;", "&#x27;", "&#039;", "&apos;"] {
                self.add(in_html.replace('"', quote).replace('\'', apostrophe));
            }
        }
        for plain in UNESCAPED {
            let encoded = escaped(secret, |byte| !byte.is_ascii_alphanumeric() && !plain.contains(&byte));
            for form in [encoded.expose().to_owned(), encoded.expose().replace("%20", "+")] {
                self.add(lower_case_escapes(&form));
                self.add(form);
            }
        }
        // The longest first, so that no part of one stays behind.
        self.secrets.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
    }

    fn add(&mut self, form: String) {
        let form = Secret::from(form);
        if !form.is_empty() && !self.secrets.contains(&form) {
            self.secrets.push(form);
        }
    }

    /// Also hides the tokens that an answer holds.
    pub(crate) fn hide_tokens(&mut self, document: &Json) {
        for name in ["access_token", "refresh_token", "id_token"] {
            if let Some(token) = document.get(name).and_then(Json::text) {
                self.hide(token.expose());
            }
        }
    }

    /// The text on one line of at most `length` characters, without secrets.
    pub(crate) fn clean(&self, text: &str, length: usize) -> String {
        let redacted = self.redact(&clean(&self.redact(text), usize::MAX));
        clean(&redacted, length)
    }

    /// The text without secrets.
    pub(crate) fn redact(&self, text: &str) -> String {
        let mut redacted = String::new();
        let mut rest = text;
        let mut before = None;
        while let Some(next) = rest.chars().next() {
            match self.secrets.iter().find(|secret| stands_at_start(secret.expose(), before, rest)) {
                Some(secret) => {
                    redacted.push_str("[secret]");
                    rest = rest.get(secret.expose().len()..).unwrap_or_default();
                    before = None;
                }
                None => {
                    redacted.push(next);
                    rest = rest.get(next.len_utf8()..).unwrap_or_default();
                    before = Some(next);
                }
            }
        }
        redacted
    }
}

fn stands_at_start(secret: &str, before: Option<char>, text: &str) -> bool {
    let Some(behind) = text.strip_prefix(secret) else {
        return false;
    };
    let continues = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    secret.len() >= Redactor::SHORT || !(continues(before) || continues(behind.chars().next()))
}

/// `%2F` as `%2f`.
fn lower_case_escapes(text: &str) -> String {
    let mut lowered = String::with_capacity(text.len());
    let mut digits = 0;
    for character in text.chars() {
        let is_digit = digits > 0;
        digits = if character == '%' { 2 } else { usize::saturating_sub(digits, 1) };
        lowered.push(if is_digit { character.to_ascii_lowercase() } else { character });
    }
    lowered
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
    fn what_is_put_in_between_to_hide_a_secret_does_not() {
        assert_eq!(redacted(&["correct horse"], "correct\u{200b}horse correct\n horse"), "[secret] [secret]");
    }
}
