//! The names that options, parameters and headers may have.

use crate::error::{Error, ErrorKind};

use super::nearest::nearest;
use super::options::{self, options};

/// Whether there is such an option.
pub(super) fn is_known(name: &str) -> bool {
    let is_section = ["param.", "header.", "assertion_claim."].iter().any(|section| name.starts_with(section));
    is_section || options::find(name).is_some()
}

/// The error about a name that is none, with the one that may have been meant.
pub(super) fn unknown(name: &str) -> Error {
    let shown = crate::line::clean(name, 60);
    let (section, rest) = name.split_once('.').map_or((name, None), |(section, rest)| (section, Some(rest)));
    if let Some(known) = nearest(section, ["param", "header", "assertion_claim"].into_iter()) {
        let suggestion = format!(
            "did you mean `{known}.{}`?",
            rest.map_or_else(|| "NAME".into(), |rest| crate::line::clean(rest, 60))
        );
        return Error::new(ErrorKind::Config, format!("there is no option `{shown}`; {suggestion}"));
    }
    let suggestion = match nearest(name, options().iter().map(|option| option.name)) {
        Some(known) => format!("did you mean `{known}`?"),
        None => "the README lists all options; further request parameters are `param.NAME`".into(),
    };
    Error::new(ErrorKind::Config, format!("there is no option `{shown}`; {suggestion}"))
}

/// How deep `param.a.b` may nest.
const MAX_NESTING: usize = 16;

/// Whether a parameter may have that name.
pub(super) fn check_parameter_name(name: &str) -> Result<(), String> {
    if name.is_empty() || name.split('.').any(str::is_empty) {
        return Err("a parameter needs a name, as in `param.tenant`".into());
    }
    if name.split('.').count() > MAX_NESTING {
        return Err(format!("parameters nest at most {MAX_NESTING} deep"));
    }
    Ok(())
}

/// Headers that the transport writes by itself.
const TRANSPORT_HEADERS: [&str; 6] =
    ["host", "content-length", "connection", "transfer-encoding", "expect", "accept-encoding"];

/// Whether a header may have that name and value.
pub(crate) fn check_header(name: &str, value: &str) -> Result<(), String> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err("this is not the name of a header (letters, digits and `-`)".into());
    }
    if TRANSPORT_HEADERS.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return Err("this header is written by the transport and cannot be set".into());
    }
    if value.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t') {
        return Err("a header's value must be one line without control characters".into());
    }
    Ok(())
}
