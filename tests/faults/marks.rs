//! By what a secret or a token is recognised, however it was written.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::checks::{PROXY_PASSWORD, SECRET, TOKEN};

/// The beginning of [`SECRET`], which every encoding but base64 leaves as it is.
const PLAIN: &str = "hunter2";

/// Panics where one of these texts holds a secret or a token, or a part of one.
#[track_caller]
pub(crate) fn assert_none_in(texts: &[String]) {
    let marks = marks();
    for text in texts {
        let lowered = text.to_lowercase();
        for mark in &marks {
            assert!(!lowered.contains(mark), "`{mark}` is shown in: {text}");
        }
    }
}

fn marks() -> Vec<String> {
    let aligned = (0..3).map(base64_within);
    let plain = [PLAIN, TOKEN, PROXY_PASSWORD].map(str::to_owned);
    let for_proxy = STANDARD.encode(format!("porter:{PROXY_PASSWORD}"));
    plain.into_iter().chain([for_proxy]).chain(aligned).map(|mark| mark.to_lowercase()).collect()
}

/// What of the secret can be read in base64 where it stands `offset` bytes behind a whole group.
fn base64_within(offset: usize) -> String {
    let bytes = ["x".repeat(offset).as_bytes(), SECRET.as_bytes()].concat();
    let encoded = STANDARD.encode(bytes);
    // The first and the last characters depend on the neighbours.
    let start = [0, 2, 3][offset];
    encoded[start..encoded.len() - 4].to_owned()
}

#[test]
fn the_secret_is_recognised_in_every_encoding() {
    let encoded = crate::checks::percent_encode(SECRET);
    let plain = [SECRET.to_owned(), encoded.clone(), encoded.to_lowercase(), SECRET.replace('&', "&amp;")];
    let basic = ["", "a", "ab", "abc", "test-client:", "id:"];
    let basic = basic.map(|before| format!("Basic {}", STANDARD.encode(format!("{before}{SECRET} and more"))));
    for text in plain.into_iter().chain(basic).chain([format!("Bearer {TOKEN}")]) {
        let found = std::panic::catch_unwind(|| assert_none_in(std::slice::from_ref(&text)));
        assert!(found.is_err(), "not recognised: {text}");
    }
    assert_none_in(&["https://a.test/token answered HTTP 401".to_owned()]);
}
