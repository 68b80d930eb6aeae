//! Checks the payees of an input: whether each row is valid, and what is unusual about it.
//!
//! `row` reads one row, `flaw` describes what is wrong or unusual about a row, `findings` counts and lists the
//! descriptions, `near` finds payees that occur twice or are almost the same, `compare` hands the valid rows to `near`
//! on a second thread, and `check` goes through the whole input.

pub(crate) mod check;
mod compare;
pub(crate) mod findings;
pub(crate) mod flaw;
mod near;
pub(crate) mod row;
