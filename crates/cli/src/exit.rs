//! What the program tells the shell by its exit code.

use std::process::ExitCode;

use juspay_accounts::{Delivery, Error};

/// How a run ended. The codes are documented in `--help`, and stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything is valid or active.
    Active = 0,
    /// There was an answer, and not everything is active; or a check found invalid input.
    NotActive = 1,
    /// Wrong usage or invalid input. Nothing was sent.
    Usage = 2,
    /// The server refused the request.
    Refused = 3,
    /// It is not known whether the request was acted on, or what became of some of its accounts.
    Unknown = 4,
    /// Nothing was paid: there was no connection, or the customer's list proves that the request was not acted on. Or there was no
    /// answer to what only reads. Of a batch: some rows were not sent.
    NotSent = 5,
}

/// The number.
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
