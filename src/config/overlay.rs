//! The options of a derived client: its parent's, and over them those that were set for it.

use crate::protocol::Template;

use super::Config;
use super::http::{HTTP_OPTIONS, TLS_OPTIONS};
use super::options;

/// What a derived client does not share with its parent.
pub(crate) struct Overridden {
    /// Where the secret comes from.
    pub(crate) secret: bool,
    /// Trust roots or client certificate.
    pub(crate) tls: bool,
}

/// What a config has from a parent and may find no use for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Inherited {
    pub(super) secret: bool,
    pub(super) key: bool,
}

/// Options that exclude each other, or mean nothing without each other: who sets one of them does without those of the
/// parent.
const GROUPS: [&[&str]; 6] = [
    &["client_secret", "client_secret_file", "client_secret_alternate"],
    &["token_url", "issuer", "refresh_url"],
    &["ca_file", "ca_pem", "roots"],
    &["tls_cert_file", "tls_cert_pem"],
    &["tls_key_file", "tls_key_pem"],
    &["private_key_file", "private_key_pem", "client_assertion_file"],
];

impl Config {
    /// These options, and over them those that `overrides` sets.
    pub(crate) fn overlaid(&self, overrides: Config) -> (Config, Overridden) {
        let is_set = |names: &[&str]| names.iter().any(|name| overrides.is_set(name));
        let [secret_options, .., key_options] = GROUPS;
        let overridden = Overridden {
            secret: is_set(secret_options) || overrides.secret_source.is_some(),
            tls: is_set(&TLS_OPTIONS),
        };
        let mut merged = self.clone();
        merged.inherited = Inherited { secret: !overridden.secret, key: !is_set(key_options) };
        if overridden.secret {
            merged.clear(secret_options);
            merged.secret_source = None;
        }
        for group in GROUPS.into_iter().filter(|group| is_set(group)) {
            merged.clear(group);
        }
        if overrides.transport.is_some() {
            merged.clear(&HTTP_OPTIONS);
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
        for group in GROUPS {
            for own in group {
                let mut parent = Config::new();
                let mut overrides = Config::new();
                for (config, name) in group.iter().map(|name| (true, name)).chain([(false, own)]) {
                    let value = if name.ends_with("url") || *name == "issuer" { "https://a.test/" } else { "bundled" };
                    let config = if config { &mut parent } else { &mut overrides };
                    config.set(name, value).unwrap();
                }
                assert_eq!(set_options(&parent.overlaid(overrides).0), [*own]);
            }
        }
    }

    #[test]
    fn another_secret_is_known_from_the_same_one() {
        let parent = Config::new().client_secret("a");
        assert!(parent.overlaid(Config::new().client_secret("a")).1.secret);
        assert!(parent.overlaid(Config::new().secret_source(|_| Ok::<_, String>("b".into()))).1.secret);
        assert!(!parent.overlaid(Config::new().client_id("b")).1.secret);
    }
}
