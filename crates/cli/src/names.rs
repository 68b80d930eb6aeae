//! The verdict on a name at the bank, beside an account.

use anstyle::Style;
use juspay_accounts::CustomerAccount;
use juspay_accounts_validation::names::{self, Comparison, Verdict};
use serde::{Deserialize, Serialize};

/// A comparison, as JSON and the log of a batch have it. No part of a name is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NameMatch {
    pub(crate) verdict: Verdict,
    pub(crate) score: u8,
    pub(crate) differences: Vec<names::Difference>,
}

impl From<Comparison> for NameMatch {
    fn from(Comparison { verdict, score, differences, .. }: Comparison) -> Self {
        Self { verdict, score, differences }
    }
}

/// Compares the name that the bank has, if the account has one, with the one that is expected, if any.
pub(crate) fn compared(expected: Option<&str>, account: &CustomerAccount) -> Option<Comparison> {
    account.compare_name(expected?)
}

/// The comparison in a cell: `close (order, initial)`.
pub(crate) fn cell(verdict: Verdict, found: &[names::Difference]) -> String {
    if found.is_empty() { verdict.to_string() } else { format!("{verdict} ({})", differences(found)) }
}

/// The differences in words, or `-`.
pub(crate) fn differences(found: &[names::Difference]) -> String {
    let differences: Vec<_> = found.iter().map(ToString::to_string).collect();
    if differences.is_empty() { "-".to_owned() } else { differences.join(", ") }
}

/// Of three styles for what is good, doubtful and bad, the one of a verdict.
pub(crate) fn style_of(verdict: Verdict, [good, doubtful, bad]: [Style; 3]) -> Style {
    match verdict {
        Verdict::Match => good,
        Verdict::Close | Verdict::CannotTell => doubtful,
        Verdict::Different => bad,
    }
}
