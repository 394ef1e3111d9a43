#![no_main]

// The functions that the C code calls.
use oauth_token as _;

unsafe extern "C" {
    fn call_in_any_order(data: *const u8, size: usize) -> i32;
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    // SAFETY: the bytes live as long as the call.
    unsafe { call_in_any_order(input.as_ptr(), input.len()) };
});
