//! Options whose values are words.

use crate::protocol::{BasicEncoding, BodyFormat, ClientAuth, ExpiresFormat, Method};
use crate::secret::Secret;

use super::value::{OptionValue, choose};

/// When a refresh token is used instead of the configured grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum UseRefreshToken {
    /// Only where the configured grant cannot be repeated, as an authorization code.
    #[default]
    Auto,
    /// Whenever the server gave one.
    Always,
    /// Not at all.
    Never,
}

/// Who renews a token before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Refresh {
    /// A caller who finds it due, on its own thread.
    #[default]
    Inline,
    /// Only [`Client::refresh_if_due`](crate::Client::refresh_if_due), for hosts with a timer.
    Manual,
}

/// Which certificate authorities are trusted where no `ca_file` or `ca_pem` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Roots {
    /// Those of the operating system.
    #[default]
    System,
    /// Those of Mozilla, as compiled in.
    Bundled,
}

/// Which proxy is used; none is ever used for loopback.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ProxyChoice {
    /// `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, read once when the client is made.
    #[default]
    Env,
    /// None.
    None,
    /// This one: `http://user:password@host:port`.
    Url(Secret),
}

impl std::fmt::Debug for ProxyChoice {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Env => "Env",
            Self::None => "None",
            Self::Url(_) => "Url(…)",
        })
    }
}

impl OptionValue for ProxyChoice {
    type Given = ProxyChoice;

    fn accept(given: ProxyChoice) -> Result<Self, String> {
        Ok(given)
    }

    fn parse(text: &str) -> Result<Self, String> {
        Ok(Self::from(text))
    }
}

impl From<&str> for ProxyChoice {
    /// As the option is written: `env`, `none`, or a URL.
    fn from(text: &str) -> Self {
        match text {
            "env" => Self::Env,
            "none" => Self::None,
            url => Self::Url(Secret::new(url)),
        }
    }
}

impl From<String> for ProxyChoice {
    /// As the option is written: `env`, `none`, or a URL.
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

macro_rules! choice {
    ($type:ty { $($name:literal => $value:ident),+ $(,)? }) => {
        impl OptionValue for $type {
            type Given = $type;

            fn accept(given: $type) -> Result<Self, String> {
                Ok(given)
            }

            fn parse(text: &str) -> Result<Self, String> {
                choose(text, &[$(($name, Self::$value)),+])
            }
        }
    };
}

choice!(ClientAuth {
    "client_secret_basic" => ClientSecretBasic,
    "client_secret_post" => ClientSecretPost,
    "client_secret_jwt" => ClientSecretJwt,
    "private_key_jwt" => PrivateKeyJwt,
    "tls_client_auth" => TlsClientAuth,
    "self_signed_tls_client_auth" => SelfSignedTlsClientAuth,
    "none" => None,
});
choice!(BasicEncoding { "auto" => Auto, "raw" => Raw, "minimal" => Minimal, "form" => Form });
choice!(BodyFormat { "form" => Form, "json" => Json, "query" => Query, "none" => None });
choice!(Method { "POST" => Post, "GET" => Get, "PUT" => Put });
choice!(ExpiresFormat {
    "seconds" => Seconds,
    "milliseconds" => Milliseconds,
    "minutes" => Minutes,
    "duration" => Duration,
    "unix" => Unix,
    "unix_ms" => UnixMs,
    "datetime" => Datetime,
});
choice!(UseRefreshToken { "auto" => Auto, "always" => Always, "never" => Never });
choice!(Refresh { "inline" => Inline, "manual" => Manual });
choice!(Roots { "system" => System, "bundled" => Bundled });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_choice_names_the_right_ones() {
        let error = BodyFormat::parse("xml").unwrap_err();
        assert_eq!(error, "`xml` is not one of `form`, `json`, `query`, `none`");
    }

    #[test]
    fn a_proxy_with_a_password_is_not_shown() {
        let proxy = ProxyChoice::parse("http://user:hunter2@proxy:3128").unwrap();
        assert!(!format!("{proxy:?}").contains("hunter2"));
    }
}
