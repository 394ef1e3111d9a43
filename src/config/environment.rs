//! Options from environment variables.

use std::ffi::OsString;

use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};

use super::{Config, options};

/// Sets what `look_up` finds; a parameter, so that tests need not change the process's environment.
pub(super) fn apply(config: &mut Config, look_up: &dyn Fn(&str) -> Option<OsString>) -> Result<(), Error> {
    if let Some(json) = variable("OAUTH_CONFIG", look_up)? {
        super::json::apply(config, &json).map_err(|error| naming("OAUTH_CONFIG", &error))?;
    }
    for option in options() {
        let name = format!("OAUTH_{}", option.name.to_ascii_uppercase());
        if let Some(value) = variable(&name, look_up)? {
            config.set_option(option.name, &value).map_err(|error| naming(&name, &error))?;
        }
    }
    Ok(())
}

fn variable(name: &str, look_up: &dyn Fn(&str) -> Option<OsString>) -> Result<Option<Zeroizing<String>>, Error> {
    let Some(value) = look_up(name) else {
        return Ok(None);
    };
    let value = value
        .into_string()
        .map_err(|_| Error::new(ErrorKind::Config, format!("environment variable {name}: it is not UTF-8")))?;
    Ok((!value.is_empty()).then(|| Zeroizing::new(value)))
}

fn naming(variable: &str, error: &Error) -> Error {
    Error::new(ErrorKind::Config, format!("environment variable {variable}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Config, Error> {
        let mut config = Config::new();
        apply(&mut config, &|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
        })?;
        Ok(config)
    }

    #[test]
    fn each_option_is_read_from_the_variable_of_its_name() {
        for option in options() {
            let name = format!("OAUTH_{}", option.name.to_ascii_uppercase());
            // Not every default is written as a value.
            let values = [option.default, "https://example.com/", "ES256"];
            let config = values
                .iter()
                .find_map(|value| read(&[(&name, value)]).ok().filter(|config| config.is_set(option.name)));
            assert!(config.is_some(), "{name}");
        }
    }

    #[test]
    fn a_variable_of_its_own_wins_over_the_object() {
        let config =
            read(&[("OAUTH_CONFIG", r#"{"scope":"a","param":{"tenant":"t"}}"#), ("OAUTH_SCOPE", "b")]).unwrap();
        assert_eq!(config.values.scope.as_deref(), Some("b"));
        assert_eq!(config.params.len(), 1);
    }

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        assert!(!read(&[("OAUTH_TIMEOUT", "")]).unwrap().is_set("timeout"));
    }

    #[test]
    fn an_error_names_the_variable() {
        let error = read(&[("OAUTH_TIMEOUT", "soon")]).unwrap_err();
        assert!(error.message().contains("OAUTH_TIMEOUT"), "{error}");
    }
}
