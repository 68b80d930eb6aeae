//! The verdict on a name at the bank, beside an account.

use anstyle::Style;
use juspay_accounts::CustomerAccount;
use juspay_accounts_validation::names::{self, Comparison, Verdict};
use serde::Serialize;

/// A comparison in JSON.
#[derive(Serialize)]
pub(crate) struct NameMatch {
    verdict: Verdict,
    score: u8,
    differences: Vec<names::Difference>,
}

impl From<Comparison> for NameMatch {
    fn from(Comparison { verdict, score, differences, .. }: Comparison) -> Self {
        Self { verdict, score, differences }
    }
}

/// Compares the name that the bank has, if the account has one, with the one that is expected, if any.
///
/// A batch has the same column; it fills it from here.
pub(crate) fn compared(expected: Option<&str>, account: &CustomerAccount) -> Option<Comparison> {
    account.compare_name(expected?)
}

/// The comparison in a cell: `close (order, initial)`.
pub(crate) fn cell(comparison: &Comparison) -> String {
    match &*comparison.differences {
        [] => comparison.verdict.to_string(),
        _ => format!("{} ({})", comparison.verdict, differences(comparison)),
    }
}

/// The differences in words, or `-`.
pub(crate) fn differences(comparison: &Comparison) -> String {
    let differences: Vec<_> = comparison.differences.iter().map(ToString::to_string).collect();
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
