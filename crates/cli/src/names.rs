//! The comparison of the name at the bank with the expected name.

use anstyle::Style;
use juspay_accounts_validation::names::{self, Comparison, Verdict};
use serde::{Deserialize, Serialize};

/// The comparison of two names, as written to JSON and to the log of a batch. It contains no part of a name.
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

/// Formats a comparison for a cell: `close (order, initial)`.
pub(crate) fn cell(verdict: Verdict, found: &[names::Difference]) -> String {
    if found.is_empty() { verdict.to_string() } else { format!("{verdict} ({})", differences(found)) }
}

/// Lists the differences. Returns `-` if there are none.
pub(crate) fn differences(found: &[names::Difference]) -> String {
    let differences: Vec<_> = found.iter().map(ToString::to_string).collect();
    if differences.is_empty() { "-".to_owned() } else { differences.join(", ") }
}

pub(crate) fn style_of(verdict: Verdict, [good, caution, bad]: [Style; 3]) -> Style {
    match verdict {
        Verdict::Match => good,
        Verdict::Close | Verdict::CannotTell => caution,
        Verdict::Different => bad,
    }
}
