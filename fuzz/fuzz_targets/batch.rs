//! Fuzzes the input of a batch.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| juspay_accounts_cli::fuzz_batch(bytes));
