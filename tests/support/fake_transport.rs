use std::sync::Mutex;

use oauth_token::transport::{self, Response, Transport, TransportError, TransportErrorKind};

use super::Request;

/// What a transport comes back with.
pub type Outcome = Result<Response, TransportError>;

/// Answers requests by a function, without a network, and remembers them.
///
/// The target of a request is its whole URL here.
pub struct FakeTransport {
    answer: Box<dyn Fn(&Request) -> Outcome + Send + Sync>,
    requests: Mutex<Vec<Request>>,
}

impl FakeTransport {
    pub fn new(answer: impl Fn(&Request) -> Outcome + Send + Sync + 'static) -> Self {
        Self { answer: Box::new(answer), requests: Mutex::default() }
    }

    /// The requests so far, in order.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no test panics while it holds this").clone()
    }
}

impl Transport for FakeTransport {
    fn send(&self, request: &transport::Request) -> Outcome {
        let request = Request {
            method: request.method().to_owned(),
            target: request.url().as_text(),
            headers: request.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: request.body().unwrap_or_default().as_bytes().to_vec(),
        };
        self.requests.lock().expect("no test panics while it holds this").push(request.clone());
        (self.answer)(&request)
    }
}

/// An answer with a JSON body.
pub fn answer(status: u16, body: serde_json::Value) -> Outcome {
    Ok(Response::new(status, body.to_string()))
}

/// A connection that broke; `sent` says whether the server may have seen the request.
pub fn broken(sent: bool) -> Outcome {
    Err(TransportError::new(TransportErrorKind::Interrupted, "the connection broke", sent))
}
