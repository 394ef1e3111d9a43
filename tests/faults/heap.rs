//! How much memory a thread holds at most, counted by an allocator: a call does all its work on the caller's thread.
//!
//! With the feature `wiping-allocator` the library brings an allocator of its own; nothing is counted then.
#![cfg_attr(feature = "wiping-allocator", allow(dead_code))]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Measuring;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(change: isize) {
    let held = HELD.get() + change;
    HELD.set(held);
    PEAK.set(PEAK.get().max(held));
}

fn size(layout: Layout) -> isize {
    isize::try_from(layout.size()).unwrap_or(isize::MAX)
}

// SAFETY: passes everything on to the system's allocator.
unsafe impl GlobalAlloc for Measuring {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(size(layout));
        // SAFETY: the caller keeps what `alloc` demands.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-size(layout));
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[cfg(not(feature = "wiping-allocator"))]
#[global_allocator]
static ALLOCATOR: Measuring = Measuring;

/// What the work returns, and how many bytes more than before it the thread held at most.
pub(crate) fn peak_of<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = HELD.get();
    PEAK.set(before);
    let done = work();
    (done, usize::try_from(PEAK.get() - before).unwrap_or(0))
}

#[cfg(not(feature = "wiping-allocator"))]
#[test]
fn what_is_freed_again_counts_too() {
    let (length, peak) = peak_of(|| std::hint::black_box(vec![1_u8; 5_000_000]).len());
    assert_eq!(length, 5_000_000);
    assert!((5_000_000..5_100_000).contains(&peak), "{peak}");
    let (_, peak) = peak_of(|| ());
    assert_eq!(peak, 0);
}
