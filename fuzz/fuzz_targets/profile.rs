//! See `contract_tests::fuzzed::profile`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| contract_tests::fuzzed::profile(bytes));
