use std::sync::{Arc, Condvar, Mutex};

/// A latch: closed at first, and once opened, open for good. Clones are the same gate.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<Latch>);

#[derive(Debug, Default)]
struct Latch {
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn open(&self) {
        *self.0.is_open.lock().unwrap() = true;
        self.0.opened.notify_all();
    }

    pub fn wait(&self) {
        let is_open = self.0.is_open.lock().unwrap();
        drop(self.0.opened.wait_while(is_open, |is_open| !*is_open));
    }
}

/// The gates that a server's answers have waited for, so that none outlasts the server.
#[derive(Default)]
pub struct Gates {
    state: Mutex<GatesState>,
}

#[derive(Default)]
struct GatesState {
    all_open: bool,
    known: Vec<Gate>,
}

impl Gates {
    /// Waits for the gate; false if the server stopped meanwhile.
    pub fn pass(&self, gate: &Gate) -> bool {
        {
            let mut state = self.state.lock().unwrap();
            if state.all_open {
                return false;
            }
            state.known.push(gate.clone());
        }
        gate.wait();
        !self.state.lock().unwrap().all_open
    }

    pub fn open_all(&self) {
        let mut state = self.state.lock().unwrap();
        state.all_open = true;
        for gate in state.known.drain(..) {
            gate.open();
        }
    }
}
