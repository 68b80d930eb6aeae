//! See `contract_tests::fuzzed::response`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| contract_tests::fuzzed::response(bytes));
