//! The options of a derived client: its parent's, and over them those that were set for it.

use crate::protocol::Template;

use super::Config;
use super::http::{HTTP_OPTIONS, TLS_OPTIONS};
use super::options;

/// What a derived client does not share with its parent.
pub(crate) struct Overridden {
    /// Where the secret comes from.
    pub(crate) secret: bool,
    /// What else may prove who it is, and how it is sent.
    pub(crate) proof: bool,
    /// What a grant holds that may be sent once.
    pub(crate) grant: bool,
    /// Trust roots or client certificate.
    pub(crate) tls: bool,
}

/// What a config has from a parent and may find no use for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Inherited {
    pub(super) secret: bool,
    pub(super) key: bool,
}

/// Options that exclude each other, and behind them those that mean nothing without them: who sets one of the first does
/// without all of the parent's.
const GROUPS: [(&[&str], &[&str]); 6] = [
    (&SECRETS, &["client_secret_alternate"]),
    (&["token_url", "issuer"], &["refresh_url"]),
    (&["ca_file", "ca_pem", "roots"], &[]),
    (&["tls_cert_file", "tls_cert_pem"], &[]),
    (&["tls_key_file", "tls_key_pem"], &[]),
    (&KEYS, &[]),
];

const SECRETS: [&str; 2] = ["client_secret", "client_secret_file"];

const KEYS: [&str; 3] = ["private_key_file", "private_key_pem", "client_assertion_file"];

/// What else, apart from the secret, proves who a client is.
const PROOFS: [&str; 13] = [
    "basic_encoding",
    "tls_cert_file",
    "tls_cert_pem",
    "tls_key_file",
    "tls_key_pem",
    "key_id",
    "assertion_alg",
    "assertion_audience",
    "assertion_lifetime",
    "assertion_issuer",
    "assertion_subject",
    "assertion_x5t",
    "assertion_x5c",
];

/// What a grant holds that may be sent once.
const ONE_TIME: [&str; 2] = ["code", "device_code"];

impl Config {
    /// These options, and over them those that `overrides` sets.
    pub(crate) fn overlaid(&self, overrides: Config) -> (Config, Overridden) {
        let is_set = |names: &[&str]| names.iter().any(|name| overrides.is_set(name));
        let is_placed = !(overrides.params.is_empty() && overrides.headers.is_empty() && overrides.claims.is_empty());
        let is_sent_otherwise = overrides.request_hook.is_some() || overrides.transport.is_some();
        let has_source = overrides.secret_source.is_some();
        let overridden = Overridden {
            secret: is_set(&SECRETS) || is_set(&["client_secret_alternate"]) || has_source,
            proof: is_set(&KEYS) || is_set(&PROOFS) || is_placed || is_sent_otherwise,
            grant: is_set(&["grant_type"])
                || overrides.params.iter().any(|(name, _)| ONE_TIME.contains(&name.as_str())),
            tls: is_set(&TLS_OPTIONS),
        };
        let mut merged = self.clone();
        merged.inherited = Inherited { secret: !overridden.secret, key: !is_set(&KEYS) };
        for (exclusive, dependent) in GROUPS {
            if is_set(exclusive) || (exclusive == SECRETS && has_source) {
                merged.clear(exclusive);
                merged.clear(dependent);
            }
        }
        if is_set(&SECRETS) {
            merged.secret_source = None;
        }
        if overrides.transport.is_some() {
            merged.clear(&HTTP_OPTIONS);
        }
        for name in overrides.set_names() {
            if !merged.overrides.contains(&name) {
                merged.overrides.push(name);
            }
        }
        merged.values.overlay(overrides.values);
        lay_over(&mut merged.params, overrides.params, str::eq);
        lay_over(&mut merged.headers, overrides.headers, str::eq_ignore_ascii_case);
        for (name, value) in overrides.claims {
            merged.set_claim(&name, value);
        }
        merged.secret_source = overrides.secret_source.or(merged.secret_source);
        merged.observer = overrides.observer.or(merged.observer);
        merged.request_hook = overrides.request_hook.or(merged.request_hook);
        merged.transport = overrides.transport.or(merged.transport);
        merged.problem = overrides.problem;
        (merged, overridden)
    }

    fn clear(&mut self, names: &[&str]) {
        names.iter().for_each(|name| options::clear(&mut self.values, name));
    }
}

fn lay_over(
    list: &mut Vec<(String, Template)>,
    over: Vec<(String, Template)>,
    is_same: impl Fn(&str, &str) -> bool + Copy,
) {
    for (name, template) in over {
        super::replace(list, template, &name, is_same);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set_options(config: &Config) -> Vec<&'static str> {
        options::options().iter().map(|option| option.name).filter(|name| config.is_set(name)).collect()
    }

    #[test]
    fn what_was_not_set_is_the_parents() {
        let parent = Config::new().token_url("https://a.test/token").client_id("a").scope("x").param("p", "1");
        let (merged, overridden) = parent.overlaid(Config::new().scope("y").param("q", "2").header("H", "3"));
        assert_eq!(set_options(&merged), ["token_url", "client_id", "scope"]);
        assert_eq!(merged.values.scope.as_deref(), Some("y"));
        let names: Vec<_> = merged.params.iter().chain(&merged.headers).map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["p", "q", "H"]);
        assert!(!overridden.secret && !overridden.tls);
    }

    #[test]
    fn an_option_takes_the_place_of_all_that_exclude_it() {
        let with = |names: &[&str]| {
            let mut config = Config::new();
            for name in names {
                let value = if name.ends_with("url") || *name == "issuer" { "https://a.test/" } else { "bundled" };
                config.set(name, value).unwrap();
            }
            config
        };
        for (exclusive, dependent) in GROUPS {
            let parent = with(&[exclusive, dependent].concat());
            for own in exclusive {
                assert_eq!(set_options(&parent.overlaid(with(&[own])).0), [*own]);
            }
            for own in dependent {
                assert_eq!(set_options(&parent.overlaid(with(&[own])).0), set_options(&parent));
            }
        }
        let (merged, _) = with(&SECRETS).overlaid(Config::new().secret_source(|_| Ok::<_, String>("b".into())));
        assert_eq!(set_options(&merged), [""; 0]);
    }

    #[test]
    fn another_secret_is_known_from_the_same_one() {
        let parent = Config::new().client_secret("a");
        assert!(parent.overlaid(Config::new().client_secret("a")).1.secret);
        assert!(parent.overlaid(Config::new().secret_source(|_| Ok::<_, String>("b".into()))).1.secret);
        assert!(!parent.overlaid(Config::new().client_id("b")).1.secret);
    }
}
