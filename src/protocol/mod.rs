//! OAuth 2.0 on the wire, without I/O: builds requests, reads answers.

mod advice;
#[cfg(feature = "jwt")]
mod algorithm;
mod answer;
#[cfg(feature = "jwt")]
mod assertion;
mod body;
mod client_auth;
mod complaint;
mod datetime;
mod encoding;
mod failure;
mod json;
mod lifetime;
mod path;
mod redactor;
mod request;
mod template;
mod unescaped;
mod url;

pub(crate) use advice::Ingredients;
#[cfg(feature = "jwt")]
pub(crate) use algorithm::AssertionAlgorithm;
pub(crate) use answer::{Answer, AnswerRules, holds_token};
#[cfg(feature = "jwt")]
pub(crate) use assertion::{AssertionKey, AssertionRules, Occasion, Thumbprint, chain_from_pem};
pub use body::BodyFormat;
pub use client_auth::{BasicEncoding, ClientAuth};
pub(crate) use client_auth::{BasicVariant, basic_variants};
pub(crate) use datetime::UtcOffset;
#[cfg(test)]
pub(crate) use datetime::rfc3339;
pub(crate) use encoding::{form_decoded, is_decodable};
pub(crate) use failure::{Failure, redirect_target, retry_after};
pub(crate) use json::Json;
pub use lifetime::ExpiresFormat;
pub(crate) use path::Path;
pub(crate) use redactor::Redactor;
pub use request::Method;
pub(crate) use request::{Endpoints, Grant, RequestRules};
pub(crate) use template::{Template, Values};
pub use url::Url;
