//! See `contract_tests::fuzzed::names`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| contract_tests::fuzzed::names(bytes));
