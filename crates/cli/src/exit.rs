//! The exit codes of the program.

use std::process::ExitCode;

use juspay_accounts::{Delivery, Error};

/// The result of a run. The codes are documented in `--help` and do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything is valid or active.
    Active = 0,
    /// There was a response, and some account is not active; or a check found invalid input.
    NotActive = 1,
    /// Wrong usage or invalid input. Nothing was sent.
    Usage = 2,
    /// The server refused the request.
    Refused = 3,
    /// The outcome is unknown: the request may have been processed, or the outcome of some of its accounts is unknown.
    Unknown = 4,
    /// Nothing was paid: there was no connection, or the customer's list proves that the request was not processed. Or
    /// a read got no response. For a batch: some rows were not sent.
    NotSent = 5,
}

/// Serializes as the exit code.
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
