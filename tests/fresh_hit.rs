//! A fresh hit, the call that programs make most, allocates nothing and frees nothing.

#![cfg(feature = "http")]
// A global allocator is unsafe to write, and so are the C functions to call.
#![allow(unsafe_code)]

mod checks;
mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;

use oauth_token::Client;

use checks::{config, grant};
use support::Server;

const HITS: usize = 1_000;

/// Counts what each thread asks of the allocator: the server of these tests has threads of its own.
struct Counting;

thread_local! {
    static CALLS: Cell<Calls> = const { Cell::new(Calls { allocations: 0, frees: 0 }) };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Calls {
    allocations: usize,
    frees: usize,
}

fn count(allocations: usize, frees: usize) {
    CALLS.with(|calls| {
        let before = calls.get();
        calls.set(Calls { allocations: before.allocations + allocations, frees: before.frees + frees });
    });
}

// SAFETY: passes everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(1, 0);
        // SAFETY: the caller keeps what `alloc` demands.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(0, 1);
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(1, 1);
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What `hit` asks of the allocator when it is called many times.
fn calls_of(mut hit: impl FnMut()) -> Calls {
    let before = CALLS.get();
    for _ in 0..HITS {
        hit();
    }
    let after = CALLS.get();
    Calls { allocations: after.allocations - before.allocations, frees: after.frees - before.frees }
}

const NONE: Calls = Calls { allocations: 0, frees: 0 };

#[test]
fn the_counter_counts() {
    let calls = calls_of(|| drop(black_box(Box::new(1))));
    assert_eq!(calls, Calls { allocations: HITS, frees: HITS });
}

#[test]
fn a_fresh_hit_in_rust_allocates_nothing() {
    let server = Server::http(grant);
    let client = Client::new(config(server.url("/token"))).expect("the options are good");
    let fetched = client.token().expect("the server grants");
    let calls = calls_of(|| {
        let token = client.token().expect("it is in hand");
        assert_eq!(black_box(token.authorization()), fetched.authorization());
    });
    assert_eq!(calls, NONE);
    assert_eq!(server.connections(), 1);
}

#[cfg(feature = "capi")]
mod c {
    use std::ffi::{CStr, CString, c_char};
    use std::ptr;

    use super::*;
    use checks::TOKEN;

    #[repr(C)]
    struct Opaque {
        _private: [u8; 0],
    }

    // As in include/oauth_token.h.
    unsafe extern "C" {
        fn oauth_config_new() -> *mut Opaque;
        fn oauth_config_set(config: *mut Opaque, name: *const c_char, value: *const c_char) -> i32;
        fn oauth_config_free(config: *mut Opaque);
        fn oauth_client_new(config: *const Opaque, client: *mut *mut Opaque, error: *mut *mut Opaque) -> i32;
        fn oauth_free(client: *mut Opaque);
        fn oauth_get_token(client: *const Opaque, token: *mut *mut Opaque, error: *mut *mut Opaque) -> i32;
        fn oauth_token_authorization(token: *const Opaque) -> *const c_char;
        fn oauth_token_free(token: *mut Opaque);
    }

    fn client_of(server: &Server) -> *mut Opaque {
        let url = server.url("/token");
        let options = [("token_url", url.as_str()), ("client_id", "c"), ("client_secret", "s"), ("proxy", "none")];
        // SAFETY: the handles are live, the texts end with NUL, the places are writable.
        unsafe {
            let config = oauth_config_new();
            for (name, value) in options {
                let (name, value) = (CString::new(name).expect("no NUL"), CString::new(value).expect("no NUL"));
                assert_eq!(oauth_config_set(config, name.as_ptr(), value.as_ptr()), 0);
            }
            let mut client = ptr::null_mut();
            assert_eq!(oauth_client_new(config, &mut client, ptr::null_mut()), 0);
            oauth_config_free(config);
            client
        }
    }

    fn hit(client: *const Opaque) {
        // SAFETY: the client is live, and so is the token until it is freed.
        unsafe {
            let (mut token, mut error) = (ptr::null_mut(), ptr::null_mut());
            assert_eq!(oauth_get_token(client, &mut token, &mut error), 0);
            let authorization = CStr::from_ptr(oauth_token_authorization(token));
            assert_eq!(authorization.to_bytes().strip_prefix(b"Bearer "), Some(TOKEN.as_bytes()));
            oauth_token_free(token);
        }
    }

    #[test]
    fn a_fresh_hit_in_c_allocates_nothing() {
        // The linker leaves out a library of which nothing is used by its Rust name.
        let _ = oauth_token::options();
        let server = Server::http(grant);
        let client = client_of(&server);
        hit(client);
        assert_eq!(calls_of(|| hit(client)), NONE);
        assert_eq!(server.connections(), 1);
        // SAFETY: nobody uses it any more.
        unsafe { oauth_free(client) };
    }
}
