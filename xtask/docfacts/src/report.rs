//! Compares the documented facts with the spec, both ways: every documented fact is in the spec, and every parameter,
//! field, listed value, response and response header of the spec is documented, or an `x-deviation` gives the reason.
//! Also checks that each `x-deviation` is still true.

use std::collections::{BTreeMap, BTreeSet};

use openapi_doc::{Operation, Pointer, Problem, items, near_miss, object, operations, target};
use serde_json::Value;

use crate::claims::{contradicted, words};
use crate::comparison::{Comparison, Verdict, compare};
use crate::contradictions::{Contradiction, contradictions};
use crate::deviations::{Deviation, deviations};
use crate::page::Samples;
use crate::tree::Kind;
use crate::undocumented::undocumented;
use crate::{FactPath, Page};

const KEY: &str = "x-documented";

/// The comparison of one page with its operation.
#[derive(Clone, Debug)]
pub struct PageReport {
    /// The name of the page.
    pub page: String,
    /// Each fact, and the deviation that explains why the spec departs from it, if there is one. A fact with the
    /// verdict [`Verdict::WithParent`] has the deviation of the nearest fact around it that differs.
    pub facts: Vec<(Comparison, Option<Pointer>)>,
    /// Each contradiction within the page, and the deviation that decides it, if there is one.
    pub contradictions: Vec<(Contradiction, Option<Pointer>)>,
}

/// Returns the page that an operation names as its documentation.
pub fn page_of<'a>(operation: &Operation<'a>) -> Option<&'a str> {
    operation.value.get(KEY)?.get("page")?.as_str()
}

/// Compares the pages with their operations. Also returns all problems.
pub fn reports(spec: &Value, pages: &[Page]) -> (Vec<PageReport>, Vec<Problem>) {
    let (deviations, mut problems) = deviations(spec);
    let operations = operations(spec);
    let mut reports = Vec::new();
    let pairs = pairs(&operations, pages, &mut problems);
    for (operation, page) in &pairs {
        let own: Vec<_> = deviations.iter().filter(|one| one.operations.contains(&operation.pointer)).collect();
        let report = report(spec, operation, page, &own, &mut problems);
        reports.push((operation.pointer.clone(), report));
        pinned(operation, page, &own, &mut problems);
        only_samples(spec, operation, page, &mut problems);
    }
    let words = words(spec);
    let known: Vec<_> = reports.iter().map(|(operation, report)| (operation, known(report))).collect();
    for deviation in &deviations {
        let facts = reports.iter().flat_map(|(_, report)| &report.facts);
        let places = facts.filter(|(fact, _)| deviation.facts.contains(&fact.path.to_string()));
        let places: Vec<_> = places.map(|(fact, _)| fact.at.clone()).collect();
        problems.extend(contradicted(spec, deviation, &places, &words));
        let own = known.iter().filter(|(operation, _)| deviation.operations.contains(operation));
        let own: Vec<_> = own.map(|(_, known)| known).collect();
        // An operation without a page has no facts to compare.
        if deviation.operations.is_empty() || !own.is_empty() {
            reasons(deviation, &own, &mut problems);
        }
    }
    let page = |operation: &Operation<'_>| {
        pairs.iter().find(|(other, _)| other.pointer == operation.pointer).map(|(_, page)| *page)
    };
    // An operation that lacks its page is already reported. Nothing else is known about it.
    let operations = operations.iter().map(|operation| (operation, page(operation)));
    let operations: Vec<_> =
        operations.filter(|(operation, page)| page.is_some() || has_no_page_on_purpose(operation)).collect();
    problems.extend(undocumented(spec, &operations, &deviations));
    (reports.into_iter().map(|(_, report)| report).collect(), problems)
}

fn pairs<'a>(
    operations: &'a [Operation<'a>],
    pages: &'a [Page],
    problems: &mut Vec<Problem>,
) -> Vec<(&'a Operation<'a>, &'a Page)> {
    let mut pairs: Vec<(&Operation<'_>, &Page)> = Vec::new();
    for operation in operations {
        let at = operation.pointer.join(KEY);
        if operation.value.get(KEY).is_none() {
            if !has_no_page_on_purpose(operation) {
                let message = "missing; expected the page that describes the operation or, if there is none, an `x-deviation` of the operation with `fact: null` that says so";
                problems.push(Problem::at(&at, message));
            }
            continue;
        }
        let (name, at) = (page_of(operation).unwrap_or_default(), at.join("page"));
        let Some(page) = pages.iter().find(|page| page.page == name) else {
            let known: Vec<_> = pages.iter().map(|page| page.page.as_str()).collect();
            let message = format!("`{name}` is not a page of spec/documented; expected one of {}", known.join(", "));
            problems.push(Problem::at(&at, message));
            continue;
        };
        match pairs.iter().find(|(_, other)| other.page == page.page) {
            Some((first, _)) => {
                let message = format!("the page `{name}` describes one operation, but {} names it too", first.pointer);
                problems.push(Problem::at(&at, message));
            }
            None => pairs.push((operation, page)),
        }
    }
    for page in pages.iter().filter(|page| !pairs.iter().any(|(_, other)| other.page == page.page)) {
        let message = format!(
            "no operation refers to the page `{0}` of spec/documented; add `{KEY}: {{page: {0}}}` to the operation that it \
             describes",
            page.page
        );
        problems.push(Problem::at(&Pointer::default().join("paths"), message));
    }
    pairs
}

fn has_no_page_on_purpose(operation: &Operation<'_>) -> bool {
    let mut deviations = items(operation.value.get("x-deviation"), Pointer::default());
    operation.value.get(KEY).is_none() && deviations.any(|(_, one)| one.get("fact") == Some(&Value::Null))
}

fn report(
    spec: &Value,
    operation: &Operation<'_>,
    page: &Page,
    deviations: &[&Deviation],
    problems: &mut Vec<Problem>,
) -> PageReport {
    let explained = |path: &FactPath| {
        let path = path.to_string();
        deviations.iter().find(|deviation| deviation.facts.contains(&path)).map(|deviation| deviation.at.clone())
    };
    let differs = |fact: &Comparison| matches!(fact.verdict, Verdict::Differs(_));
    let mut facts: Vec<(Comparison, Option<Pointer>)> = Vec::new();
    for fact in compare(spec, operation, page).into_iter().filter(|fact| fact.kind != Kind::Group) {
        let path = &fact.path;
        let around = || facts.iter().rev().find(|(around, _)| differs(around) && path.is_below(&around.path));
        let why = match fact.verdict {
            Verdict::WithParent => around().and_then(|(_, why)| why.clone()),
            _ => explained(path),
        };
        if let (Verdict::Differs(how), None) = (&fact.verdict, &why) {
            let said = fact.value.as_ref().map(|value| format!(" as `{value}`")).unwrap_or_default();
            let message = format!(
                "the page documents {} `{path}`{said}, but {how}; fix the spec, or add an `x-deviation` with `fact: {path}`",
                fact.kind.name()
            );
            problems.push(Problem::at(&fact.at, message));
        }
        facts.push((fact, why));
    }
    let found = |path: &FactPath| facts.iter().find(|(fact, _)| fact.path == *path);
    let mut contradicted = Vec::new();
    for contradiction in contradictions(page) {
        let decided = contradiction.at.iter().find_map(explained);
        // If one of these facts is already reported as unexplained, one problem is enough.
        let mut facts = contradiction.at.iter().filter_map(found);
        let reported = decided.is_some() || facts.any(|(fact, why)| differs(fact) && why.is_none());
        if let Some(first) = contradiction.at.first().filter(|_| !reported) {
            let message = format!(
                "the page contradicts itself at `{first}`: {}; decide, and record the decision in an `x-deviation` with `fact: {first}`",
                contradiction.message
            );
            problems.push(Problem::at(found(first).map_or(&operation.pointer, |(fact, _)| &fact.at), message));
        }
        contradicted.push((contradiction, decided));
    }
    PageReport { page: page.page.clone(), facts, contradictions: contradicted }
}

/// Checks that the text of the page has been reviewed since it changed: deviations can rest on prose, which is not
/// stored.
fn pinned(operation: &Operation<'_>, page: &Page, deviations: &[&Deviation], problems: &mut Vec<Problem>) {
    let reviewed = operation.value.get(KEY).and_then(|documented| documented.get("content_sha256")?.as_str());
    if reviewed == Some(page.content_sha256.as_str()) {
        return;
    }
    let resting: Vec<_> = deviations.iter().filter(|one| one.rests_on_prose()).map(|one| one.at.to_string()).collect();
    let message = format!(
        "the page's text has changed since it was last reviewed; review the deviations that depend on it ({}), then \
         set this to {}",
        if resting.is_empty() { "none".to_owned() } else { resting.join(", ") },
        page.content_sha256
    );
    problems.push(Problem::at(&operation.pointer.at(&[KEY, "content_sha256"]), message));
}

/// Checks that the named examples of a documented operation are the samples of its page, except for statuses that the
/// page does not document.
fn only_samples(spec: &Value, operation: &Operation<'_>, page: &Page, problems: &mut Vec<Problem>) {
    let Samples { requests, responses } = &page.samples;
    let names = requests.iter().map(|sample| &sample.name).chain(responses.iter().map(|sample| &sample.name));
    let names: BTreeSet<_> = names.map(String::as_str).collect();
    let documented = page.responses.iter().map(|one| &one.status).chain(responses.iter().map(|sample| &sample.status));
    let documented: BTreeSet<_> = documented.collect();
    let statuses = object(operation.value.get("responses")).filter(|(status, _)| documented.contains(status));
    let responses = statuses.map(|(status, _)| operation.pointer.at(&["responses", status]));
    for part in responses.chain([operation.pointer.join("requestBody")]) {
        let part = target(spec, part).join("content");
        for (media, content) in object(spec.pointer(part.as_str())) {
            for (name, _) in object(content.get("examples")) {
                let at = target(spec, part.at(&[media, "examples", name])).join("summary");
                let summary = spec.pointer(at.as_str()).and_then(Value::as_str);
                if summary.is_none_or(|summary| !names.contains(summary)) {
                    let message = "not the name of a sample of the page; remove the example, or move it to a schema";
                    problems.push(Problem::at(&at, message));
                }
            }
        }
    }
}

/// The facts of a page, and whether each differs from the spec or is contradicted on the page.
type Known = BTreeMap<String, bool>;

fn known(report: &PageReport) -> Known {
    let disputed: BTreeSet<_> = report.contradictions.iter().flat_map(|(one, _)| &one.at).collect();
    let mut known = Known::new();
    for (fact, _) in &report.facts {
        *known.entry(fact.path.to_string()).or_default() |=
            fact.verdict != Verdict::Same || disputed.contains(&fact.path);
    }
    known
}

/// Checks that the facts of a deviation are still documented, and still differ from the spec or are contradicted on the
/// page, that its absent facts are still absent, and that an operation uses the part of the spec with the deviation.
fn reasons(deviation: &Deviation, pages: &[&Known], problems: &mut Vec<Problem>) {
    let at = deviation.at.join("fact");
    let find = |fact: &String| pages.iter().filter_map(|known| known.get(fact)).max();
    for fact in &deviation.facts {
        match find(fact) {
            Some(true) => {}
            Some(false) => {
                let message = format!("obsolete: spec and page agree on `{fact}`; remove this deviation");
                problems.push(Problem::at(&at, message));
            }
            None => {
                let paths: Vec<_> = pages.iter().flat_map(|known| known.keys()).map(String::as_str).collect();
                let close = near_miss(fact, &paths).map(|close| format!("; did you mean `{close}`?"));
                let message = format!("`{fact}` is not on a page of the operation{}", close.unwrap_or_default());
                problems.push(Problem::at(&at, message));
            }
        }
    }
    for fact in deviation.absent.iter().filter(|fact| find(fact).is_some()) {
        let message = format!(
            "obsolete: the page documents `{fact}` now; compare the spec with the page, and remove this deviation"
        );
        problems.push(Problem::at(&deviation.at.join("absent"), message));
    }
    if deviation.operations.is_empty() {
        problems.push(Problem::at(&at, "no operation uses the part of the spec that has this deviation"));
    }
}
