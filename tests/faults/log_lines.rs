//! What crates write to the process's log, and what panics say, kept apart by thread.

use std::cell::RefCell;
use std::panic;
use std::sync::Once;

use log::{Level, LevelFilter, Log, Metadata, Record};

struct ByThread;

thread_local! {
    static LINES: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

impl Log for ByThread {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // The README tells Rust programs to filter these.
        let is_wire = ["ureq", "ureq_proto"].contains(&metadata.target().split("::").next().unwrap_or_default());
        !(is_wire && metadata.level() == Level::Trace)
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        note(|| format!("{} {}: {}", record.level(), record.target(), record.args()));
    }

    fn flush(&self) {}
}

fn note(line: impl FnOnce() -> String) {
    LINES.with_borrow_mut(|lines| lines.as_mut().map(|lines| lines.push(line())));
}

/// What the work returns, and what was logged and what panics said meanwhile on this thread.
pub(crate) fn overheard<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    static START: Once = Once::new();
    START.call_once(|| {
        log::set_logger(&ByThread).expect("no other logger");
        log::set_max_level(LevelFilter::Trace);
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            note(|| panic.to_string());
            usual(panic);
        }));
    });
    LINES.set(Some(Vec::new()));
    let done = work();
    (done, LINES.take().unwrap_or_default())
}
