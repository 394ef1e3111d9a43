//! What a case can do with a client, whatever language it is written in.

use std::time::Duration;

use oauth_token::ErrorKind;
use serde_json::Value;

/// Makes a client with these options.
pub(crate) type Start = fn(Value) -> Box<dyn Asker>;

/// Runs a program once with these environment variables and options; what it says of its token, or of its error.
pub(crate) type RunIn = fn(&[(&str, &str)], Value) -> Result<String, String>;

/// A client, and the token that it got last.
pub(crate) trait Asker {
    fn ask(&mut self) -> Answer;

    /// Tells the client that an API refused the last token.
    fn invalidate(&mut self);
}

pub(crate) struct Answer {
    pub(crate) outcome: Result<Granted, Refused>,
    /// How many requests the client has made since it was made itself.
    pub(crate) requests: u64,
}

#[derive(Debug)]
pub(crate) struct Granted {
    pub(crate) authorization: String,
    pub(crate) scope: Option<String>,
    pub(crate) expires_in: Duration,
}

#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) kind: ErrorKind,
    pub(crate) message: String,
    pub(crate) code: Option<String>,
    pub(crate) http_status: Option<u16>,
}

impl dyn Asker {
    /// The token of a call that must get one.
    #[track_caller]
    pub(crate) fn granted(&mut self) -> Granted {
        match self.ask().outcome {
            Ok(granted) => granted,
            Err(refused) => panic!("there must be a token: {}", refused.message),
        }
    }

    /// That a call gets none because the server refused with this status and code; the
    /// message has to hold these words.
    #[track_caller]
    pub(crate) fn rejected(&mut self, status: u16, code: &str, words: &[&str]) {
        let refused = self.refused(words);
        assert_eq!(refused.kind, ErrorKind::Rejected, "{}", refused.message);
        assert_eq!((refused.http_status, refused.code.as_deref()), (Some(status), Some(code)), "{}", refused.message);
    }

    /// The error of a call that must get none; its message has to hold these words.
    #[track_caller]
    pub(crate) fn refused(&mut self, words: &[&str]) -> Refused {
        let refused = self.ask().outcome.expect_err("there must be no token");
        for word in words {
            assert!(refused.message.contains(word), "`{word}` is not said: {}", refused.message);
        }
        refused
    }
}

impl Granted {
    pub(crate) fn access_token(&self) -> &str {
        self.authorization.strip_prefix("Bearer ").expect("not a bearer token")
    }
}
