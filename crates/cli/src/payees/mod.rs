//! Checks the payees of an input: whether each row is valid, and what is unusual about it.
//!
//! `row` reads one row, `flaw` describes what is wrong with it, `findings` counts and lists the flaws, `near` finds
//! payees that occur twice or are almost the same, and `check` goes through the whole input.

pub(crate) mod check;
mod compare;
pub(crate) mod findings;
pub(crate) mod flaw;
mod near;
pub(crate) mod row;
