//! A few words by which the lines of a log tell clients apart.

use crate::line::clean;

use super::{Config, options};

impl Config {
    /// The `client_id`; of a derived client also its number and what was set for it. Only options that never hold a secret
    /// are shown with their values.
    pub(crate) fn label(&self, number: Option<u64>) -> String {
        let values = &self.values;
        let server = || values.token_url.as_ref().or(values.issuer.as_ref()).map(ToString::to_string);
        let mut label = values.client_id.clone().or_else(server).map_or_else(String::new, |name| clean(&name, 60));
        if let Some(number) = number {
            label.push_str(&format!(" #{number}"));
        }
        for name in self.overrides.iter().filter(|name| *name != "client_id") {
            let value = self.shown_value(name).map_or_else(String::new, |value| format!("={}", clean(&value, 60)));
            label.push_str(&format!(", {}{value}", clean(name, 40)));
        }
        clean(&label, 200)
    }

    /// The names of all that is set.
    pub(super) fn set_names(&self) -> impl Iterator<Item = String> {
        let plain = options().iter().map(|option| option.name).filter(|name| self.is_set(name)).map(str::to_owned);
        let params = self.params.iter().map(|(name, _)| format!("param.{name}"));
        let headers = self.headers.iter().map(|(name, _)| format!("header.{name}"));
        let claims = self.claims.iter().map(|(name, _)| format!("assertion_claim.{name}"));
        plain.chain(params).chain(headers).chain(claims)
    }

    fn shown_value(&self, name: &str) -> Option<String> {
        let values = &self.values;
        match name {
            "scope" => values.scope.clone(),
            "audience" => values.audience.clone(),
            "resource" => values.resource.clone(),
            "grant_type" => values.grant_type.clone(),
            // A query is left out of these.
            "token_url" => values.token_url.as_ref().map(ToString::to_string),
            "refresh_url" => values.refresh_url.as_ref().map(ToString::to_string),
            "issuer" => values.issuer.as_ref().map(ToString::to_string),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parent() -> Config {
        Config::new().token_url("https://a.test/token?key=s3cret").client_id("me").client_secret("s3cret").scope("read")
    }

    fn label_of(overrides: Config) -> String {
        parent().overlaid(overrides).0.label(Some(2))
    }

    #[test]
    fn a_client_is_called_by_its_id_or_else_by_its_server() {
        assert_eq!(parent().label(None), "me");
        assert_eq!(Config::new().token_url("https://a.test/token?key=s3cret").label(None), "https://a.test/token?…");
        assert_eq!(Config::new().issuer("https://a.test/realm").label(None), "https://a.test/realm");
    }

    #[test]
    fn a_derived_client_is_called_by_what_was_set_for_it_too() {
        assert_eq!(label_of(Config::new().scope("write all").audience("b")), "me #2, scope=write all, audience=b");
        assert_eq!(label_of(Config::new().client_id("you")), "you #2");
        let (child, _) = parent().overlaid(Config::new().scope("write"));
        let (grandchild, _) = child.overlaid(Config::new().audience("b").scope("list"));
        assert_eq!(grandchild.label(Some(3)), "me #3, scope=list, audience=b");
    }

    #[test]
    fn of_what_may_be_a_secret_only_the_name_is_shown() {
        let overrides = Config::new()
            .token_url("https://b.test/?key=s3cret")
            .client_secret("s3cret")
            .param("password", "s3cret")
            .header("X-Key", "s3cret");
        let label = label_of(overrides);
        assert_eq!(label, "me #2, token_url=https://b.test/?…, client_secret, param.password, header.X-Key");
    }

    #[test]
    fn a_label_stays_short_and_on_one_line() {
        let label = label_of(Config::new().scope("a\r\nb ".repeat(500)).param("p".repeat(500), ""));
        assert!(label.chars().count() <= 201 && !label.contains(char::is_control), "{label}");
    }
}
