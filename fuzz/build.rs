//! Builds the C code that calls the library in any order.

fn main() {
    println!("cargo:rerun-if-changed=../tests/c");
    println!("cargo:rerun-if-changed=../include");
    cc::Build::new()
        .file("../tests/c/call_in_any_order.c")
        .include("../include")
        .define("CALLED_BY_FUZZER", None)
        .std("c99")
        .debug(true)
        .compile("call_in_any_order");
}
