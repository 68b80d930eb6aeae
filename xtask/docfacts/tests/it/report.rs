//! A spec that agrees with its pages, with one edit at a time. The edits are data, in `pages/edits.yaml`.

use std::collections::BTreeMap;

use docfacts::comparison::Verdict;
use docfacts::report::{PageReport, reports};
use docfacts::{Page, coverage};
use json_patch::Patch;
use openapi_doc::Problems;
use serde_json::{Value, json};

use crate::fuel;

const FILL: &str = "/paths/~1depots~1{depot_id}~1fillings/post";

/// The problems of a spec, one line each; empty if there are none.
fn found(spec: &Value, pages: &[Page]) -> String {
    let (_, problems) = reports(spec, pages);
    let found = Problems::check("".as_ref(), problems).map_or_else(|problems| problems.to_string(), |()| String::new());
    let lines = found.lines().map(|line| line.split_once(" at ").unwrap_or_default().1.to_owned());
    lines.collect::<Vec<_>>().join("\n  ")
}

fn found_after(group: &str) -> String {
    let mut groups: BTreeMap<String, Vec<BTreeMap<String, Patch>>> = fuel::data("edits.yaml");
    let (pages, mut all) = (fuel::pages(), Vec::new());
    for (name, edits) in groups.remove(group).unwrap().into_iter().flatten() {
        let mut spec = fuel::spec().value;
        json_patch::patch(&mut spec, &edits).unwrap_or_else(|error| panic!("{name}: {error}"));
        let found = found(&spec, &pages);
        assert!(!found.is_empty(), "nothing is found after the edit: {name}");
        all.push(format!("{name}:\n  {found}\n"));
    }
    // The checksum changes with every word of the page.
    pages.iter().fold(all.join("\n"), |all, page| all.replace(&page.content_sha256, &format!("[of {}]", page.page)))
}

#[test]
fn spec_without_a_documented_fact_is_reported() {
    insta::assert_snapshot!(found_after("missing"));
}

#[test]
fn undocumented_parts_are_reported_by_kind() {
    insta::assert_snapshot!(found_after("undocumented"));
}

#[test]
fn obsolete_and_missing_deviations_are_reported() {
    insta::assert_snapshot!(found_after("deviations"));
}

#[test]
fn pages_without_an_operation_are_reported() {
    let mut pages = fuel::pages();
    pages.push(Page { page: "drain-a-tank".to_owned(), ..Page::default() });
    insta::assert_snapshot!(found(&fuel::spec().value, &pages), @"/paths: no operation refers to the page `drain-a-tank` of spec/documented; add `x-documented: {page: drain-a-tank}` to the operation that it describes");
}

/// The reports on a spec that agrees with its pages.
fn reported(spec: &Value) -> Vec<PageReport> {
    let (reports, problems) = reports(spec, &fuel::pages());
    assert_eq!(problems, []);
    reports
}

#[test]
fn coverage_lists_every_fact_with_its_place() {
    let reports = reported(&fuel::spec().value);
    let table = coverage::table(&reports);
    let row = |path: &str| table.lines().find(|line| line.starts_with(&format!("| {path} "))).unwrap().to_owned();
    assert!(row("method").contains(FILL));
    assert!(row("samples.requests.With Diesel.as_pasted").contains(&format!("{FILL}/requestBody/")));
    assert!(row("body_parameters.speed.default").contains("/components/schemas/Speed/x-deviation/0"));
    insta::assert_snapshot!(coverage::summary(&reports), @"172 documented facts: the spec agrees with 158, and departs from 14 with a recorded reason; 2 contradictions of the pages are decided.");
}

#[test]
fn coverage_of_facts_within_a_departure_has_its_explanation() {
    let mut spec = fuel::spec().value;
    let body = &mut spec["paths"]["/depots/{depot_id}/fillings"]["post"]["requestBody"];
    for media in body["content"].as_object_mut().unwrap().values_mut() {
        media["examples"].as_object_mut().unwrap().remove("petrol").unwrap();
    }
    body["x-deviation"] = json!([{
        "fact": "samples.requests.With Petrol", "page": "Has a sample.", "spec": "None.", "why": "One will do.",
    }]);
    let reports = reported(&spec);
    let within = "samples.requests.With Petrol.form.";
    let facts =
        reports.iter().flat_map(|report| &report.facts).filter(|(fact, _)| fact.path.to_string().starts_with(within));
    assert!(facts.clone().count() > 2 && facts.clone().all(|(fact, _)| fact.verdict == Verdict::WithParent));
    let table = coverage::table(&reports);
    for row in table.lines().filter(|line| line.contains(within)) {
        assert!(row.contains("requestBody/x-deviation/0"), "{row}");
    }
}
