//! Tests of the public API, as one program.

use juspay_accounts_validation::{Character, Reason};

mod account_number;
mod advice;
mod amount;
mod clean;
mod conversions;
mod identifiers;
mod ifsc;
mod mask;
mod name;
#[cfg(feature = "names")]
mod names;
mod request;
mod secrecy;
mod slips;
mod vpa;

/// The character at a position, counted from 1.
fn character(text: &str, position: usize) -> Character {
    text.chars().nth(position - 1).unwrap_or_default().into()
}

fn unexpected(text: &str, position: usize) -> Reason {
    Reason::UnexpectedCharacter { position, character: character(text, position) }
}
