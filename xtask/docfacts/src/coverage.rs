//! Lists every documented fact in one table: its place in the spec, and the place where a departure is explained.
//! `tests/it/documented.rs` tests that the code follows each fact, with one case for each kind of fact.

use openapi_doc::Pointer;

use crate::FactPath;
use crate::comparison::Verdict;
use crate::report::PageReport;
use crate::table::markdown;

/// The table of all facts.
pub fn table(reports: &[PageReport]) -> String {
    let rows = reports.iter().flat_map(departures).map(|(fact, departs, why)| {
        let why = why.filter(|_| departs).map(ToString::to_string).unwrap_or_default();
        [fact.path.to_string(), fact.value.clone().unwrap_or_default(), fact.at.to_string(), why]
    });
    markdown(["documented", "value", "in the spec", "departure explained at"], rows)
}

/// The counts in one sentence.
pub fn summary(reports: &[PageReport]) -> String {
    let facts: Vec<_> = reports.iter().flat_map(departures).collect();
    let depart = facts.iter().filter(|(_, departs, _)| *departs).count();
    let contradictions = reports.iter().flat_map(|report| &report.contradictions);
    let decided = contradictions.filter(|(_, answer)| answer.is_some()).count();
    format!(
        "{} documented facts: {} match the spec, {depart} depart from it with a recorded reason; {decided} contradictions \
         of the pages are decided.",
        facts.len(),
        facts.len() - depart,
    )
}

/// Each fact, whether the spec departs from it, and the place of the explanation: at the fact, or at its parent.
fn departures(report: &PageReport) -> Vec<(&crate::comparison::Comparison, bool, Option<&Pointer>)> {
    let mut differing: Vec<(&FactPath, Option<&Pointer>)> = Vec::new();
    let mut found = Vec::new();
    for (fact, answer) in &report.facts {
        let why = match fact.verdict {
            Verdict::WithParent => {
                differing.iter().rev().find(|(path, _)| fact.path.is_below(path)).and_then(|(_, why)| *why)
            }
            _ => answer.as_ref(),
        };
        if matches!(fact.verdict, Verdict::Differs(_)) {
            differing.push((&fact.path, answer.as_ref()));
        }
        found.push((fact, matches!(fact.verdict, Verdict::Differs(_) | Verdict::WithParent), why));
    }
    found
}
