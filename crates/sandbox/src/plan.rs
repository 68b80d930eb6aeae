use std::collections::VecDeque;
use std::time::Duration;

use juspay_accounts::ValidationStatus;
use juspay_accounts_validation::Name;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::json;

/// The maximum number of reads that are counted, and the maximum time of a step in milliseconds (ten years).
pub(crate) const MOST_READS: u32 = 1_000_000;
pub(crate) const MOST_MS: u64 = 315_360_000_000;

/// The maximum number of statuses in one validation.
pub(crate) const MOST_STATUSES: usize = 100;

/// A future status of an account. Exactly one of `after_reads` and `after_ms` is set; both count from the previous
/// status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    #[serde(deserialize_with = "status")]
    pub(crate) status: ValidationStatus,
    /// The account gets the status with this read, counted from 1.
    #[serde(default, deserialize_with = "json::optional", skip_serializing_if = "Option::is_none")]
    pub(crate) after_reads: Option<u32>,
    /// The account gets the status after this time.
    #[serde(default, deserialize_with = "json::optional", skip_serializing_if = "Option::is_none")]
    pub(crate) after_ms: Option<u64>,
}

impl Step {
    pub(crate) fn at_read(number: u32, status: ValidationStatus) -> Self {
        Self { status, after_reads: Some(number.min(MOST_READS)), after_ms: None }
    }

    pub(crate) fn after(time: Duration, status: ValidationStatus) -> Self {
        let ms = u64::try_from(time.as_millis()).unwrap_or(MOST_MS).min(MOST_MS);
        Self { status, after_reads: None, after_ms: Some(ms) }
    }

    pub(crate) fn is_valid(&self) -> bool {
        match (self.after_reads, self.after_ms) {
            (Some(reads), None) => reads <= MOST_READS,
            (None, Some(ms)) => ms <= MOST_MS,
            _ => false,
        }
    }
}

pub(crate) fn is_status(word: &str) -> bool {
    let is_capital = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    word.len() <= 40 && word.bytes().all(is_capital) && word.starts_with(|letter: char| letter.is_ascii_uppercase())
}

pub(crate) fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ValidationStatus, D::Error> {
    let word = String::deserialize(deserializer)?;
    if is_status(&word) {
        Ok(word.as_str().into())
    } else {
        Err(D::Error::custom("expected a status: a word in capital letters, such as PENDING"))
    }
}

/// The statuses that an account gets in one validation, whether the validation times out, and the name at bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The first status.
    pub(crate) status: ValidationStatus,
    /// The statuses that follow.
    pub(crate) upcoming: VecDeque<Step>,
    /// Whether the response is withheld until the request times out with 504.
    pub(crate) times_out: bool,
    /// The account holder's name at the bank, if it differs from the name that was sent.
    pub(crate) name_at_bank: Option<Name>,
}

impl From<ValidationStatus> for Plan {
    fn from(status: ValidationStatus) -> Self {
        Self { status, upcoming: VecDeque::new(), times_out: false, name_at_bank: None }
    }
}

impl Plan {
    /// Makes a plan in which each read returns the next status; the last one stays. Returns `None` if there are no
    /// statuses.
    pub(crate) fn of_statuses(statuses: &[ValidationStatus]) -> Option<Self> {
        let (first, rest) = statuses.split_first()?;
        let upcoming = rest.iter().map(|status| Step::at_read(1, status.clone())).collect();
        Some(Self { upcoming, ..Self::from(first.clone()) })
    }

    /// Makes a plan that withholds the response. The account is pending for the time `timeout`, and then gets `status`.
    pub(crate) fn times_out_then(timeout: Duration, status: ValidationStatus) -> Self {
        let upcoming = [Step::after(timeout, status)].into();
        Self { upcoming, times_out: true, ..Self::from(ValidationStatus::Pending) }
    }
}
