//! OAuth 2.0 on the wire, without I/O: builds requests, reads answers.

mod answer;
mod client_auth;
mod datetime;
mod encoding;
mod failure;
mod json;
mod redactor;
mod request;
mod template;
mod url;

pub(crate) use answer::{Answer, AnswerRules};
pub use client_auth::{BasicEncoding, ClientAuth};
pub(crate) use client_auth::{BasicVariant, basic_variants};
#[cfg(test)]
pub(crate) use datetime::rfc3339;
pub(crate) use failure::{Failure, clean};
pub(crate) use json::Json;
pub(crate) use redactor::Redactor;
pub use request::BodyFormat;
pub(crate) use request::{Grant, RequestRules};
pub(crate) use template::{Template, Values};
pub use url::Url;
