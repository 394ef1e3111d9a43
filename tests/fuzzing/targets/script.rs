//! Inputs as text that people can read: options, a blank line, and answers with `---` between them.
//!
//! An answer is a status and headers, a blank line, and a body. Instead of a status, `broken` is no answer but a failure
//! of the transport, in the words of the body. `{secret}`, `{escaped}` and `{basic}` stand for the secret in an answer: as
//! it is, percent-encoded, and as Basic carries it.

use oauth_token::transport::{Response, TransportError, TransportErrorKind};
use oauth_token::{Config, Error};

use super::promises::{SECRET, hidden_forms, is_told};

pub struct Script {
    pub options: Vec<(String, String)>,
    pub answers: Vec<Answer>,
}

#[derive(Clone, Default)]
pub struct Answer {
    /// `None` is no answer.
    pub status: Option<u16>,
    headers: Vec<(String, String)>,
    body: String,
}

impl Script {
    pub fn read(input: &[u8]) -> Self {
        let text = String::from_utf8_lossy(input);
        let (options, answers) = at_blank_line(&text);
        Self {
            options: options.lines().filter_map(|line| pair(line, '=')).collect(),
            answers: answers.split("\n---\n").map(Answer::read).collect(),
        }
    }

    /// Sets the options; the error is the first.
    pub fn set(&self, config: &mut Config) -> Result<(), Error> {
        self.options.iter().try_for_each(|(name, value)| config.set(name, value))
    }

    /// All that is set for an option.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.options.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the options hold the secret themselves, in places that may be shown.
    pub fn tells_secret(&self) -> bool {
        self.options.iter().any(|(name, value)| is_told(name) || is_told(value))
    }
}

impl Answer {
    fn read(text: &str) -> Self {
        let (head, body) = at_blank_line(text);
        let (status, headers) = head.split_once('\n').unwrap_or((head, ""));
        Self {
            status: (status != "broken").then(|| status.trim().parse().unwrap_or(200)),
            headers: headers.lines().filter_map(|line| pair(line, ':')).collect(),
            body: body.to_owned(),
        }
    }

    pub fn body(&self) -> String {
        let [secret, escaped, basic] = hidden_forms();
        self.body.replace("{secret}", &secret).replace("{escaped}", &escaped).replace("{basic}", &basic)
    }

    /// The answer of a server; one that has not been sent the secret cannot repeat it.
    pub fn give(&self, knows_secret: bool) -> Result<Response, TransportError> {
        let body = if knows_secret { self.body() } else { without_secret(&self.body) };
        let Some(status) = self.status else {
            return Err(TransportError::new(TransportErrorKind::Interrupted, body, true));
        };
        let header = |value: &str| if knows_secret { value.replace("{secret}", SECRET) } else { without_secret(value) };
        let headers = self.headers.iter().map(|(name, value)| (name, header(value)));
        Ok(headers.fold(Response::new(status, body), |response, (name, value)| response.header(name, value)))
    }
}

fn without_secret(text: &str) -> String {
    hidden_forms().iter().fold(text.to_owned(), |text, form| text.replace(form.as_str(), "-"))
}

fn at_blank_line(text: &str) -> (&str, &str) {
    match text.strip_prefix('\n') {
        Some(rest) => ("", rest),
        None => text.split_once("\n\n").unwrap_or((text, "")),
    }
}

fn pair(line: &str, separator: char) -> Option<(String, String)> {
    let (name, value) = line.split_once(separator)?;
    Some((name.to_owned(), value.trim_start().to_owned()))
}
