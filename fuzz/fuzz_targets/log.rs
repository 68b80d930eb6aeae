//! See `contract_tests::fuzzed::log`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| contract_tests::fuzzed::log(bytes));
