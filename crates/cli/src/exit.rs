//! The exit codes of the program.

use std::process::ExitCode;

use juspay_accounts::{Delivery, Error};

/// The exit code of the program. `--help` documents the codes, and they do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// All accounts have the expected status, or all checked values are valid.
    Active = 0,
    /// Some accounts are missing or do not have the expected status, some checked values or rows are invalid, or some
    /// columns are missing.
    NotActive = 1,
    /// Wrong usage or invalid input. Nothing was sent.
    Usage = 2,
    /// The server refused the request.
    Refused = 3,
    /// The outcome of a request, or of some of its accounts, is unknown: the request may have been processed and paid.
    /// This is also the exit code if the outcome could not be written.
    Unknown = 4,
    /// Nothing was paid: the request was not sent, a read failed, or the customer's list proves that the request was
    /// not processed. For a batch, this code means that some rows were not sent; others may have been paid.
    NotSent = 5,
}

impl serde::Serialize for Exit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(*self as u8)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<&Error> for Exit {
    fn from(error: &Error) -> Self {
        match error.delivery() {
            Delivery::NotSent if error.kind() == juspay_accounts::ErrorKind::InvalidRequest => Self::Usage,
            Delivery::Refused => Self::Refused,
            Delivery::Unknown if !error.is_read_only() => Self::Unknown,
            Delivery::NotSent | Delivery::Unknown => Self::NotSent,
        }
    }
}
