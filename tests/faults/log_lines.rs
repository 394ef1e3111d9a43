//! What crates write to the process's log, kept apart by thread.

use std::cell::RefCell;
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
        LINES.with_borrow_mut(|lines| {
            if let Some(lines) = lines {
                lines.push(format!("{} {}: {}", record.level(), record.target(), record.args()));
            }
        });
    }

    fn flush(&self) {}
}

/// What the work returns, and what was logged meanwhile on this thread.
pub(crate) fn overheard<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    static START: Once = Once::new();
    START.call_once(|| {
        log::set_logger(&ByThread).expect("no other logger");
        log::set_max_level(LevelFilter::Trace);
    });
    LINES.set(Some(Vec::new()));
    let done = work();
    (done, LINES.take().unwrap_or_default())
}
