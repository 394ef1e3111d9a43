//! The allocator of the C libraries: whatever passes through the heap, by whose code ever, is wiped before it is freed.
//!
//! Growing or shrinking moves into a new block, so that none is left to the system with something in it: that is what
//! [`GlobalAlloc::realloc`] does by itself.

use std::alloc::{GlobalAlloc, Layout, System};

#[global_allocator]
static ALLOCATOR: Wiping = Wiping;

struct Wiping;

// SAFETY: passes everything on to the system's allocator, with the layouts that it was given.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps what `alloc` demands.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps what `alloc_zeroed` demands.
        unsafe { System.alloc_zeroed(layout) }
    }

    // In line, it would make the library larger by a quarter.
    #[inline(never)]
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the block is the caller's until it is freed, and as long as its layout says.
        unsafe { wipe(pointer, layout.size()) };
        // SAFETY: the caller keeps what `dealloc` demands.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// Writes zeros, and makes believe that they are read: they could be left out otherwise, as the block is freed next.
///
/// # Safety
///
/// The `size` bytes at `pointer` may be written.
unsafe fn wipe(pointer: *mut u8, size: usize) {
    // SAFETY: the caller promises that many bytes, which are initialised from here on.
    let block = unsafe {
        pointer.write_bytes(0, size);
        std::slice::from_raw_parts(pointer, size)
    };
    zeroize::optimization_barrier(block);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_block_is_wiped_wherever_it_begins_and_ends() {
        for start in 0..20 {
            for end in start..64 {
                let mut bytes = [1_u8; 64];
                // SAFETY: the range lies in the array.
                unsafe { wipe(bytes.as_mut_ptr().add(start), end - start) };
                let expected: Vec<u8> = (0..64).map(|place| u8::from(!(start..end).contains(&place))).collect();
                assert_eq!(bytes[..], expected[..], "{start}..{end}");
            }
        }
    }
}
