//! See `contract_tests::fuzzed::command`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| contract_tests::fuzzed::command(bytes));
