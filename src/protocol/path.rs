//! Where in an answer something stands.

use std::str::FromStr;

use super::json::Json;

/// A dotted path into a JSON document, such as `data.0.access_token`; numbers index arrays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    steps: Vec<String>,
}

impl Path {
    /// The value that the path leads to.
    pub(crate) fn find<'a>(&self, document: &'a Json) -> Option<&'a Json> {
        self.steps.iter().try_fold(document, |value, step| enter(value, step))
    }

    /// The value of that name beside the one that the path leads to, or at the top.
    pub(crate) fn find_beside<'a>(&self, document: &'a Json, name: &str) -> Option<&'a Json> {
        let beside = self.parents().iter().try_fold(document, |value, step| enter(value, step));
        beside.and_then(|parent| parent.get(name)).or_else(|| document.get(name))
    }

    /// How far the path leads short of its end: the last value on it that is there, and the path to that, empty for the
    /// document itself.
    pub(crate) fn deepest<'a>(&self, document: &'a Json) -> (String, &'a Json) {
        let (mut reached, mut value) = (Vec::new(), document);
        for step in self.parents() {
            let Some(next) = enter(value, step) else {
                break;
            };
            reached.push(step.as_str());
            value = next;
        }
        (reached.join("."), value)
    }

    /// The path as it was written; `.` is the whole body.
    pub(crate) fn as_text(&self) -> String {
        if self.is_whole_body() { ".".into() } else { self.steps.join(".") }
    }

    /// Whether the body itself is meant, which need not be JSON.
    pub(crate) fn is_whole_body(&self) -> bool {
        self.steps.is_empty()
    }

    /// The name that the value itself has, if it has one.
    pub(crate) fn last_name(&self) -> Option<&str> {
        self.steps.last().map(String::as_str)
    }

    fn parents(&self) -> &[String] {
        self.steps.get(..self.steps.len().saturating_sub(1)).unwrap_or_default()
    }
}

impl FromStr for Path {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "." {
            return Ok(Self { steps: Vec::new() });
        }
        let steps: Vec<String> = text.split('.').map(str::to_owned).collect();
        if steps.iter().any(String::is_empty) || steps.len() > 32 {
            return Err("it is not a path such as `access_token`, `data.0.token`, or `.` for the whole body".into());
        }
        Ok(Self { steps })
    }
}

fn enter<'a>(value: &'a Json, step: &str) -> Option<&'a Json> {
    match value {
        Json::Array(elements) => elements.get(step.parse::<usize>().ok()?),
        _ => value.get(step),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_and_arrays_are_entered() {
        let document = Json::parse(br#"{"data":[{"token":"t","scope":"s"}],"scope":"top","type":"b"}"#).unwrap();
        let path: Path = "data.0.token".parse().unwrap();
        assert_eq!(path.find(&document).and_then(Json::text).map(|text| text.expose()), Some("t"));
        let beside = |name| path.find_beside(&document, name).and_then(Json::text).map(|text| text.expose().to_owned());
        assert_eq!((beside("scope").as_deref(), beside("type").as_deref()), (Some("s"), Some("b")));
        assert_eq!("data.1.token".parse::<Path>().unwrap().find(&document), None);
        assert_eq!("data.x".parse::<Path>().unwrap().find(&document), None);
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in ["", "a..b", ".a", "a."] {
            assert!(text.parse::<Path>().is_err(), "{text}");
        }
        assert!(".".parse::<Path>().unwrap().is_whole_body());
    }
}
