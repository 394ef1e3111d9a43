//! Another static library in Rust: an allocator of its own, a panic that it catches, and much of the standard library.

use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[no_mangle]
pub extern "C" fn neighbour_allocations() -> usize {
    ALLOCATIONS.load(Ordering::Relaxed)
}

#[no_mangle]
pub extern "C" fn neighbour_sum(count: u32) -> u32 {
    let numbers: HashMap<String, u32> = (0..count).map(|number| (number.to_string(), number)).collect();
    numbers.values().sum()
}

#[no_mangle]
pub extern "C" fn neighbour_catches(divisor: u32) -> bool {
    std::panic::catch_unwind(|| 1 / divisor).is_err()
}
