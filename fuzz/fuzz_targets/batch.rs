//! The file of a batch, checked by blocks and in order.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| juspay_accounts_cli::fuzz_batch(bytes));
