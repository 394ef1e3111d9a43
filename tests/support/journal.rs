use std::sync::{Condvar, Mutex};
use std::time::Duration;

use super::Request;

/// The requests a server received, in order.
#[derive(Default)]
pub struct Journal {
    requests: Mutex<Vec<Request>>,
    arrival: Condvar,
}

impl Journal {
    pub fn record(&self, request: Request) {
        self.requests.lock().unwrap().push(request);
        self.arrival.notify_all();
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    pub fn wait_for(&self, count: usize) {
        let patience = Duration::from_secs(30);
        let requests = self.requests.lock().unwrap();
        let (requests, _) =
            self.arrival.wait_timeout_while(requests, patience, |requests| requests.len() < count).unwrap();
        let received = requests.len();
        // A panic under the lock would poison it for the connections.
        drop(requests);
        assert!(received >= count, "waited for {count} requests, received {received}");
    }
}
