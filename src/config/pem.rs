//! Keys and certificates, as text or in a file.

use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};
use crate::secret::Secret;

use super::settings::refuse;

/// PEM text, or where it is, with the option that says so.
pub(crate) struct PemSource {
    pub(crate) option: &'static str,
    pub(crate) text: PemText,
}

pub(crate) enum PemText {
    File(PathBuf),
    Text(Secret),
}

impl PemSource {
    /// One of two options, or neither.
    pub(super) fn new(
        file_option: &'static str,
        file: &Option<PathBuf>,
        text_option: &'static str,
        text: &Option<Secret>,
    ) -> Result<Option<PemSource>, Error> {
        match (file, text) {
            (Some(_), Some(_)) => {
                Err(refuse(format!("options `{file_option}` and `{text_option}` are both set; keep one")))
            }
            (Some(path), None) => Ok(Some(Self { option: file_option, text: PemText::File(path.clone()) })),
            (None, Some(pem)) => Ok(Some(Self { option: text_option, text: PemText::Text(pem.clone()) })),
            (None, None) => Ok(None),
        }
    }

    /// The option, and the file that it names.
    pub(crate) fn described(&self) -> String {
        match &self.text {
            PemText::File(path) => format!("`{}` {}", self.option, path.display()),
            PemText::Text(_) => format!("`{}`", self.option),
        }
    }

    /// The text; the error names the option.
    pub(crate) fn read(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        match &self.text {
            PemText::Text(pem) => Ok(Zeroizing::new(pem.expose().as_bytes().to_vec())),
            PemText::File(path) => std::fs::read(path).map(Zeroizing::new).map_err(|error| {
                let path = path.display();
                refuse(format!(
                    "option `{}`: {path} cannot be read: {error}; check the path and its permissions",
                    self.option
                ))
            }),
        }
    }

    /// An error about what it holds.
    pub(crate) fn refuse(&self, reason: &str) -> Error {
        let place = match &self.text {
            PemText::File(path) => path.display().to_string(),
            PemText::Text(_) => "its text".to_owned(),
        };
        Error::new(ErrorKind::Config, format!("option `{}`: {place} {reason}", self.option))
    }
}
