//! The option table: every option's name, type, default and meaning, once.

use std::path::PathBuf;
use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::protocol::{BasicEncoding, BodyFormat, ClientAuth, ExpiresFormat, Method, Path, Url, UtcOffset};
use crate::secret::Secret;

use super::Config;
use super::choices::{ProxyChoice, Refresh, Roots, UseRefreshToken};
use super::value::{AlgorithmName, ByteCount, OptionValue};

/// One row of the option table.
#[derive(Clone, Copy)]
pub struct ConfigOption {
    /// The name, as in [`Config::set`].
    pub name: &'static str,
    /// The default as it would be written; empty where there is none.
    pub default: &'static str,
    /// What the option does, in Markdown.
    pub meaning: &'static str,
    set: fn(&mut Values, &str) -> Result<(), String>,
    is_set: fn(&Values) -> bool,
    clear: fn(&mut Values),
}

impl ConfigOption {
    pub(super) fn set(&self, values: &mut Values, text: &str) -> Result<(), String> {
        (self.set)(values, text)
    }
}

/// The option table, in the order of the README.
///
/// `param.NAME` and `header.NAME` are not in it; see [`Config::param`] and [`Config::header`].
pub fn options() -> &'static [ConfigOption] {
    OPTIONS
}

pub(super) fn find(name: &str) -> Option<&'static ConfigOption> {
    OPTIONS.iter().find(|option| option.name == name)
}

pub(super) fn clear(values: &mut Values, name: &str) {
    if let Some(option) = find(name) {
        (option.clear)(values);
    }
}

pub(super) fn is_set(values: &Values, name: &str) -> bool {
    find(name).is_some_and(|option| (option.is_set)(values))
}

macro_rules! options {
    (@default "") => { "none" };
    (@default "`token_url`") => { "`token_url`" };
    (@default "`client_id`") => { "`client_id`" };
    (@default "`expires_in` beside the token") => { "`expires_in` beside the token" };
    (@default "by the key") => { "by the key" };
    (@default $default:literal) => { concat!("`", $default, "`") };
    ($($name:ident($given:ty): $type:ty = $default:tt, $meaning:literal;)+) => {
        /// What was set, by option.
        #[derive(Clone, Default)]
        pub(crate) struct Values {
            $(pub(crate) $name: Option<$type>,)+
        }

        const OPTIONS: &[ConfigOption] = &[$(ConfigOption {
            name: stringify!($name),
            default: $default,
            meaning: $meaning,
            set: |values, text| {
                values.$name = Some(<$type>::parse(text)?);
                Ok(())
            },
            is_set: |values| values.$name.is_some(),
            clear: |values| values.$name = None,
        },)+];

        impl Values {
            /// Takes over what `other` sets.
            pub(super) fn overlay(&mut self, other: Values) {
                $(if other.$name.is_some() {
                    self.$name = other.$name;
                })+
            }
        }

        impl Config {
            $(
                #[doc = concat!("Sets `", stringify!($name), "`: ", $meaning, ".")]
                #[doc = ""]
                #[doc = concat!("Default: ", options!(@default $default), ".")]
                pub fn $name(mut self, value: $given) -> Self {
                    match <$type>::accept(value.into()) {
                        Ok(value) => self.values.$name = Some(value),
                        Err(reason) => {
                            let message = format!("option `{}`: {reason}", stringify!($name));
                            // Reported by `Client::new`.
                            let _ = self.remember(Err(Error::new(ErrorKind::Config, message)));
                        }
                    }
                    self
                }
            )+
        }
    };
}

options! {
    token_url(impl Into<String>): Url = "",
        "where tokens are issued (RFC 6749 §3.2); `https`, or `http` on loopback; a query in it is kept; required, or `issuer`";
    issuer(impl Into<String>): Url = "",
        "the authorization server, whose metadata names the token URL (RFC 8414, OpenID Connect Discovery); asked at the first request, and the answer is kept; a slash at its end makes no difference";
    client_id(impl Into<String>): String = "",
        "the client's identifier (RFC 6749 §2.2)";
    client_secret(impl Into<Secret>): Secret = "",
        "the client's secret (RFC 6749 §2.3.1)";
    client_secret_file(impl Into<PathBuf>): PathBuf = "",
        "a file that holds the secret; read again for every token, so that a mounted secret may change; a line end at its end is cut off";
    client_secret_alternate(impl Into<Secret>): Secret = "",
        "a second secret, tried once when the first is refused; the one that worked goes first from then on";
    client_auth(ClientAuth): ClientAuth = "client_secret_basic",
        "how the client proves who it is: also `client_secret_post`, `client_secret_jwt`, `private_key_jwt`, `tls_client_auth`, `self_signed_tls_client_auth`, and `none`, which sends the `client_id`, or only what `param.NAME` and `header.NAME` say where one of them places it or a signed `{assertion}`";
    basic_encoding(BasicEncoding): BasicEncoding = "auto",
        "how `client_secret_basic` writes id and secret: `raw` escapes nothing, `minimal` only `%` and `+` (and `:` in the id), `form` is RFC 6749 §2.3.1; `auto` tries `raw`, then `minimal` where it differs, and keeps what worked";
    grant_type(impl Into<String>): String = "client_credentials",
        "the grant (RFC 6749 §4.4); any name; empty sends none";
    scope(impl Into<String>): String = "",
        "the scopes asked for, separated by spaces (RFC 6749 §3.3); sent as written";
    audience(impl Into<String>): String = "",
        "the API the token is for, where the provider wants an `audience`";
    resource(impl Into<String>): String = "",
        "the API's URI (RFC 8707); several are separated by spaces";
    method(Method): Method = "POST",
        "the method of the token request: also `GET`, `PUT`";
    body_format(BodyFormat): BodyFormat = "form",
        "how parameters are written: also `json`, where `param.a.b` nests; `query`, in the URL; `none`, not at all";
    token_path(impl Into<String>): Path = "access_token",
        "where the answer holds the token: a dotted path in which numbers index arrays, or `.` for a body that is the token";
    expires_path(impl Into<String>): Path = "`expires_in` beside the token",
        "where the answer holds the lifetime, likewise";
    expires_format(ExpiresFormat): ExpiresFormat = "seconds",
        "how the lifetime is written: also `milliseconds`, `minutes`, `duration` (`1h`, `02:10:25`), and as a moment `unix`, `unix_ms`, `datetime` (RFC 3339 and its near misses, `YYYYMMDDHHMMSS`)";
    expires_utc_offset(impl Into<String>): UtcOffset = "+00:00",
        "the zone of a `datetime` that names none, such as `+02:00`";
    default_expires_in(Duration): Duration = "300s",
        "the lifetime assumed where the answer names none; `oauth_token_is_expiry_assumed` and a warning in the log tell";
    max_expires_in(Duration): Duration = "87600h",
        "a longer lifetime is cut to this";
    refresh_margin(Duration): Duration = "300s",
        "how long before its end a token is renewed; at most a fifth of its lifetime";
    use_refresh_token(UseRefreshToken): UseRefreshToken = "auto",
        "whether a refresh token is used (RFC 6749 §6): `auto` where the grant cannot be repeated, `always` where the server gave one, `never`";
    refresh_url(impl Into<String>): Url = "`token_url`",
        "where refresh tokens are sent";
    refresh(Refresh): Refresh = "inline",
        "who renews a token early: `inline`, a caller who finds it due; `manual`, only `refresh_if_due`";
    refresh_timeout(Duration): Duration = "5s",
        "how long a renewal may take while the old token is still usable";
    max_retry_after(Duration): Duration = "300s",
        "a longer `Retry-After` of the server is cut to this";
    timeout(Duration): Duration = "30s",
        "how long one call may take, retries included; a name look-up is bounded by the system's resolver alone";
    connect_timeout(Duration): Duration = "10s",
        "how long connecting may take, the TLS handshake included";
    max_retries(u32): u32 = "2",
        "how many more attempts one call makes after a broken connection or a 5xx, when there is no usable token";
    proxy(impl Into<ProxyChoice>): ProxyChoice = "env",
        "`env` reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` once, when the client is made; `none`; or a URL; never used for loopback";
    roots(Roots): Roots = "system",
        "the trusted certificate authorities: also `bundled`, Mozilla's as compiled in";
    ca_file(impl Into<PathBuf>): PathBuf = "",
        "a PEM file of certificate authorities that are trusted instead of `roots`";
    ca_pem(impl Into<Secret>): Secret = "",
        "the text of `ca_file`, instead of a file";
    tls_cert_file(impl Into<PathBuf>): PathBuf = "",
        "a PEM file with the client's certificate and its chain (RFC 8705)";
    tls_cert_pem(impl Into<Secret>): Secret = "",
        "the text of `tls_cert_file`, instead of a file";
    tls_key_file(impl Into<PathBuf>): PathBuf = "",
        "a PEM file with the private key of that certificate";
    tls_key_pem(impl Into<Secret>): Secret = "",
        "the text of `tls_key_file`, instead of a file";
    private_key_file(impl Into<PathBuf>): PathBuf = "",
        "a PEM file with the key that signs assertions (`private_key_jwt`, the jwt-bearer grant, `{assertion}`): PKCS#8, PKCS#1 or SEC1";
    private_key_pem(impl Into<Secret>): Secret = "",
        "the text of `private_key_file`, instead of a file";
    key_id(impl Into<String>): String = "",
        "the `kid` of assertions";
    assertion_alg(impl Into<String>): AlgorithmName = "by the key",
        "`RS256`, `RS384`, `RS512`, `PS256`, `PS384`, `PS512`, `ES256`, `ES384`, `EdDSA`; with `client_secret_jwt` `HS256` (its default), `HS384`, `HS512`";
    assertion_audience(impl Into<String>): String = "`token_url`",
        "the `aud` of assertions";
    assertion_lifetime(Duration): Duration = "60s",
        "how long an assertion is valid";
    assertion_issuer(impl Into<String>): String = "`client_id`",
        "the `iss` of assertions; beside a grant or `{assertion}` that is signed, the client's own proof keeps its `client_id` and has no claims of yours";
    assertion_subject(impl Into<String>): String = "`client_id`",
        "the `sub` of assertions, likewise";
    assertion_x5t(impl Into<String>): String = "",
        "the thumbprint of the key's certificate in hexadecimal or base64, sent as `x5t` (SHA-1) or `x5t#S256` (SHA-256)";
    assertion_x5c(impl Into<PathBuf>): PathBuf = "",
        "a PEM file with the key's certificate and its chain, sent as `x5c`";
    client_assertion_file(impl Into<PathBuf>): PathBuf = "",
        "a file with an assertion that somebody else signed, such as a workload's identity token; read again for every token request; with `client_auth` = `private_key_jwt`, or where `{assertion}` stands";
    user_agent(impl Into<String>): String = "oauth-token/VERSION",
        "the `User-Agent` header";
    max_response_bytes(usize): ByteCount = "256KiB",
        "a longer answer is refused";
    dangerous_allow_http(bool): bool = "false",
        "allows `http` beyond loopback, where everybody on the way can read the secret";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_that_is_a_value_can_be_set() {
        for option in options() {
            let written = option.default.replace("VERSION", "1");
            if written.is_empty() || written.starts_with('`') || written.contains(' ') {
                continue;
            }
            let mut values = Values::default();
            assert_eq!(option.set(&mut values, &written), Ok(()), "{}", option.name);
            assert!(is_set(&values, option.name));
        }
    }
}
