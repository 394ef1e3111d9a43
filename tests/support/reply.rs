use std::io::{self, Write};

use super::Gate;
use super::gate::Gates;

/// What a handler answers.
#[derive(Clone, Debug)]
pub struct Reply {
    gates: Vec<Gate>,
    content: Content,
    held_open_until: Option<Gate>,
}

#[derive(Clone, Debug)]
enum Content {
    Message { status: u16, headers: Vec<(String, String)>, body: Vec<u8> },
    Raw(Vec<u8>),
}

impl Reply {
    pub fn json(status: u16, body: serde_json::Value) -> Self {
        Self::text(status, "application/json", body.to_string())
    }

    pub fn text(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::message(status, body.into()).header("Content-Type", content_type)
    }

    pub fn empty(status: u16) -> Self {
        Self::message(status, Vec::new())
    }

    /// Written as it is, which need not be HTTP.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self::from(Content::Raw(bytes.into()))
    }

    /// Closes the connection without an answer.
    pub fn hang_up() -> Self {
        Self::raw("")
    }

    /// Holds the answer back until the gate opens; if the server is dropped first, nothing is sent.
    pub fn gated(gate: &Gate, mut reply: Self) -> Self {
        reply.gates.insert(0, gate.clone());
        reply
    }

    /// Sends the answer at once, but does not close the connection before the gate opens.
    pub fn held_open(gate: &Gate, mut reply: Self) -> Self {
        reply.held_open_until = Some(gate.clone());
        reply
    }

    /// Adds a header; no effect on a raw answer.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Content::Message { headers, .. } = &mut self.content {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// The same answer under another status; no effect on a raw one.
    pub fn with_status(mut self, other: u16) -> Self {
        if let Content::Message { status, .. } = &mut self.content {
            *status = other;
        }
        self
    }

    pub(super) fn send(&self, stream: &mut impl Write, gates: &Gates) -> io::Result<()> {
        if !self.gates.iter().all(|gate| gates.pass(gate)) {
            return Ok(());
        }
        stream.write_all(&self.content.to_bytes())?;
        stream.flush()?;
        if let Some(gate) = &self.held_open_until {
            gates.pass(gate);
        }
        Ok(())
    }

    fn message(status: u16, body: Vec<u8>) -> Self {
        Self::from(Content::Message { status, headers: Vec::new(), body })
    }
}

impl From<Content> for Reply {
    fn from(content: Content) -> Self {
        Self { gates: Vec::new(), content, held_open_until: None }
    }
}

impl Content {
    fn to_bytes(&self) -> Vec<u8> {
        let (status, headers, body) = match self {
            Self::Raw(bytes) => return bytes.clone(),
            Self::Message { status, headers, body } => (*status, headers, body),
        };
        // The reason phrase may be empty, and no client should read it.
        let mut head = format!("HTTP/1.1 {status} \r\nConnection: close\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        // RFC 9110 §8.6: these never have one.
        if status != 204 && status != 304 {
            head += &format!("Content-Length: {}\r\n", body.len());
        }
        head += "\r\n";
        [head.as_bytes(), body].concat()
    }
}
