use std::io::{self, BufRead, BufReader, Read};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::form;

/// A request as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    /// Path and query, or whatever else the request line held.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn path(&self) -> &str {
        self.split_target().0
    }

    pub fn query(&self) -> Vec<(String, String)> {
        form::decode_pairs(self.split_target().1)
    }

    /// The first header of that name, in whatever case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(each, _)| each.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn form(&self) -> Vec<(String, String)> {
        form::decode_pairs(&self.text())
    }

    pub fn form_value(&self, name: &str) -> Option<String> {
        let mut pairs = self.form().into_iter();
        let (_, value) = pairs.find(|(each, _)| each == name)?;
        Some(value)
    }

    /// The body as JSON; null if it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Identifier and secret of Basic authentication, as a server reads them that decodes only base64.
    pub fn basic_raw(&self) -> Option<(String, String)> {
        let (scheme, encoded) = self.header("authorization")?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let decoded = STANDARD.decode(encoded).ok()?;
        let decoded = String::from_utf8_lossy(&decoded);
        let (identifier, secret) = decoded.split_once(':')?;
        Some((identifier.to_owned(), secret.to_owned()))
    }

    /// The same, as a server reads them that also form-decodes each (RFC 6749 §2.3.1).
    pub fn basic_decoded(&self) -> Option<(String, String)> {
        let (identifier, secret) = self.basic_raw()?;
        Some((form::decode(&identifier), form::decode(&secret)))
    }

    pub(super) fn read(stream: &mut impl Read) -> io::Result<Self> {
        let mut reader = BufReader::new(stream.take(LONGEST_REQUEST));
        let request_line = read_line(&mut reader)?;
        let mut words = request_line.split(' ');
        let (Some(method), Some(target), Some(_version), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(malformed("request line"));
        };
        let mut request = Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: read_headers(&mut reader)?,
            body: Vec::new(),
        };
        let length = request.header("content-length").unwrap_or("0");
        let length: u64 = length.parse().map_err(|_| malformed("Content-Length"))?;
        reader.take(length).read_to_end(&mut request.body)?;
        if request.body.len() as u64 != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(request)
    }

    fn split_target(&self) -> (&str, &str) {
        self.target.split_once('?').unwrap_or((&self.target, ""))
    }
}

const LONGEST_REQUEST: u64 = 1 << 20;

fn read_headers(reader: &mut impl BufRead) -> io::Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    loop {
        let line = read_line(reader)?;
        if line.is_empty() {
            return Ok(headers);
        }
        let (name, value) = line.split_once(':').ok_or_else(|| malformed("header"))?;
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
}

fn read_line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line)?;
    match line.strip_suffix(b"\r\n") {
        Some(line) => Ok(String::from_utf8_lossy(line).into_owned()),
        None => Err(malformed("line")),
    }
}

fn malformed(part: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("malformed {part}"))
}
