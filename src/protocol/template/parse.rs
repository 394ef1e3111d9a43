//! Reads a text with placeholders.

use crate::secret::SecretBuffer;

use super::Part;
use super::placeholder::Placeholder;

/// How deep `{base64:…}` may nest; real ones nest once.
const MAX_DEPTH: usize = 8;

/// The parts of a whole text.
pub(super) fn parts(text: &str) -> Result<Vec<Part>, String> {
    let mut rest = text;
    enclosed(&mut rest, 0)
}

/// Reads up to the brace that closes this depth; at depth 0, to the end.
fn enclosed(rest: &mut &str, depth: usize) -> Result<Vec<Part>, String> {
    if depth > MAX_DEPTH {
        return Err(format!("`{{base64:…}}` nests deeper than {MAX_DEPTH}"));
    }
    let mut parts = Vec::new();
    let mut literal = SecretBuffer::default();
    loop {
        let Some(brace) = rest.find(|character| character == '{' || (depth > 0 && character == '}')) else {
            if depth > 0 {
                return Err("a `{base64:` is not closed by `}`".into());
            }
            literal.push_str(rest);
            *rest = "";
            push_literal(&mut parts, literal);
            return Ok(parts);
        };
        let (before, after) = rest.split_at(brace);
        literal.push_str(before);
        if let Some(behind) = after.strip_prefix("{{") {
            literal.push(b"{");
            *rest = behind;
        } else if let Some(behind) = after.strip_prefix('}') {
            *rest = behind;
            push_literal(&mut parts, literal);
            return Ok(parts);
        } else {
            push_literal(&mut parts, std::mem::take(&mut literal));
            if let Some(behind) = after.strip_prefix("{base64:") {
                *rest = behind;
                parts.push(Part::Base64(enclosed(rest, depth + 1)?));
            } else {
                let (name, behind) = after.strip_prefix('{').and_then(|body| body.split_once('}')).unwrap_or_default();
                parts.push(Part::Placeholder(Placeholder::parse(name)?));
                *rest = behind;
            }
        }
    }
}

fn push_literal(parts: &mut Vec<Part>, literal: SecretBuffer) {
    if literal.is_empty() {
        return;
    }
    if let Some(text) = literal.into_secret() {
        parts.push(Part::Literal(text));
    }
}
