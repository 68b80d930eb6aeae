//! Lists every documented fact in one table: its place in the spec, and the place where a departure is explained. That
//! the code follows the facts is tested by `tests/it/documented.rs`, which fails at a kind of fact that it does not
//! handle.

use crate::comparison::Verdict;
use crate::report::PageReport;
use crate::table::markdown;

/// Returns a table with a row for each fact.
pub fn table(reports: &[PageReport]) -> String {
    let rows = reports.iter().flat_map(|report| &report.facts).map(|(fact, why)| {
        let why = why.as_ref().filter(|_| departs(&fact.verdict)).map(ToString::to_string).unwrap_or_default();
        [fact.path.to_string(), fact.value.clone().unwrap_or_default(), fact.at.to_string(), why]
    });
    markdown(["documented", "value", "in the spec", "departure explained at"], rows)
}

/// Returns the numbers of facts, departures and decided contradictions in one sentence.
pub fn summary(reports: &[PageReport]) -> String {
    let facts = reports.iter().flat_map(|report| &report.facts);
    let departing = facts.clone().filter(|(fact, _)| departs(&fact.verdict)).count();
    let contradictions = reports.iter().flat_map(|report| &report.contradictions);
    let decided = contradictions.filter(|(_, deviation)| deviation.is_some()).count();
    let (all, matching) = (facts.clone().count(), facts.count() - departing);
    format!(
        "{all} documented facts: the spec agrees with {matching}, and departs from {departing} with a recorded reason; \
         {decided} contradictions of the pages are decided.",
    )
}

fn departs(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Differs(_) | Verdict::WithParent)
}
