//! The payees of an input: which values of a row belong together, which of them are valid, and what is unusual.
//!
//! `row` reads one row, `flaw` describes what is wrong with it, `findings` counts and lists the flaws, `near` finds
//! payees that come twice or are almost the same, and `check` goes through the whole input.

pub(crate) mod check;
mod compare;
pub(crate) mod findings;
pub(crate) mod flaw;
mod near;
pub(crate) mod row;
