//! The outcome of a payee, as stored in the log and in the results.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::names::NameMatch;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// The account is valid: `ACTIVE`.
    Active,
    /// The account is not valid: `FAILURE`.
    Failed,
    /// The validation is still pending: `PENDING` or `CREATED`.
    Pending,
    /// The response had another status, or no status.
    Other,
    /// The server refused the call. Nothing was paid.
    Refused,
    NotSent,
    /// The payee may have been validated and paid.
    #[default]
    Unknown,
    /// The row is invalid, or was left out because of `--unless-validated`.
    Skipped,
}

impl Outcome {
    /// All outcomes, in the order of the variants and of the summary.
    pub(crate) const ALL: [Self; 8] = [
        Self::Active,
        Self::Failed,
        Self::Pending,
        Self::Other,
        Self::Refused,
        Self::NotSent,
        Self::Unknown,
        Self::Skipped,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Failed => "failed",
            Self::Pending => "pending",
            Self::Other => "other",
            Self::Refused => "refused",
            Self::NotSent => "not sent",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The number of rows of each outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally([u64; Outcome::ALL.len()]);

impl Tally {
    pub(crate) fn add(&mut self, outcome: Outcome, rows: u64) {
        self.0[outcome as usize] += rows;
    }

    /// Removes a row, if it was counted.
    pub(crate) fn remove(&mut self, outcome: Outcome) {
        self.0[outcome as usize] = self.0[outcome as usize].saturating_sub(1);
    }

    pub(crate) fn of(&self, outcome: Outcome) -> u64 {
        self.0[outcome as usize]
    }

    pub(crate) fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// The outcomes with at least one row.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Outcome, u64)> {
        Outcome::ALL.into_iter().map(|outcome| (outcome, self.of(outcome))).filter(|(_, number)| *number > 0)
    }
}

/// Serializes as an object with the outcomes that have at least one row.
impl Serialize for Tally {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// How the input differs from the payees in the log, in numbers of payees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Changes {
    /// Payees with a known outcome, for which the run does nothing.
    pub(crate) done: u64,
    /// Payees that the log does not have, except changed ones.
    pub(crate) new: u64,
    /// Payees that the log does not have, and that replace a removed payee of the same customer.
    pub(crate) changed: u64,
    /// Payees that only the log has, and that no changed payee replaces.
    pub(crate) removed: u64,
}

/// The result of a call for one payee. It contains no account number, UPI address or name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    pub(crate) outcome: Outcome,
    /// `validation_status` of the response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<String>,
    /// `customer_account_id` of the response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) account_id: Option<String>,
    /// The salted hash of the `customer_id` of the response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) customer: Option<String>,
    /// The comparison of the name at the bank with the name in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<NameMatch>,
    /// The request id, by which the vendor finds the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) request_id: Option<String>,
    /// The kind of the failure, such as `timeout`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
    /// Whether a resume sends the payee again automatically.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) again: bool,
    /// The reason for the outcome, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
}

impl Record {
    pub(crate) fn new(outcome: Outcome) -> Self {
        Self { outcome, ..Self::default() }
    }

    pub(crate) fn because(outcome: Outcome, reason: impl fmt::Display) -> Self {
        Self { reason: Some(reason.to_string()), ..Self::new(outcome) }
    }

    /// The record of a payee in a call without a recorded end: the payee may have been sent.
    pub(crate) fn interrupted() -> Self {
        Self::because(Outcome::Unknown, "the program ended before the response arrived; the payee may have been paid")
    }
}
