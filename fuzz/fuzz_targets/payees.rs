//! See `juspay_accounts_cli::fuzzed::payees`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| juspay_accounts_cli::fuzzed::payees(bytes));
