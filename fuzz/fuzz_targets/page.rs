//! See `contract_tests::fuzzed::page`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| contract_tests::fuzzed::page(bytes));
