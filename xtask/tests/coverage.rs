//! A fact without a witness, and a witness without a fact.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use xtask::coverage::{coverage, readme};
use xtask::lint::documented::Account;
use xtask::lint::project;

mod common;
use common::fuel;

fn accounts() -> Vec<Account> {
    project(&fuel::description(), &fuel::pages()).unwrap()
}

/// A root with one file of tests.
fn root(tests: &str) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(root.path().join("tests/it")).unwrap();
    std::fs::write(root.path().join("tests/it/facts.rs"), tests).unwrap();
    root
}

fn told(root: &Path) -> String {
    let told = coverage(root, &accounts()).unwrap_err().to_string();
    told.replace(&format!("error: {}: ", root.join("tests/it").display()), "")
}

#[test]
fn every_fact_that_a_test_claims_is_covered() {
    let root = root("/// Witnesses `*`.\n#[test]\nfn all() {}\n/// Witnesses `method`.\n#[test]\nfn how() {}");
    let coverage = coverage(root.path(), &accounts()).unwrap();
    let method = coverage.facts.iter().find(|fact| fact.path == "method").unwrap();
    assert_eq!(method.witnesses, ["facts::all", "facts::how"]);
    let space = coverage.facts.iter().find(|fact| fact.path.ends_with("as_pasted")).unwrap();
    assert!(space.deviation.is_some());
    let row = coverage.table().lines().find(|line| line.starts_with("| method ")).unwrap().to_owned();
    assert!(
        row.contains("facts::all, facts::how") && row.contains("/paths/~1depots~1{depot_id}~1fillings/post"),
        "{row}"
    );
    insta::assert_snapshot!(coverage.summary());

    // The README has to say so.
    std::fs::write(root.path().join("README.md"), coverage.summary().replace(' ', "\n")).unwrap();
    assert!(readme(root.path(), &coverage).is_ok(), "lines may be broken anywhere");
    std::fs::write(root.path().join("README.md"), coverage.summary().replace(" facts:", " Facts:")).unwrap();
    assert!(readme(root.path(), &coverage).unwrap_err().to_string().contains("accepted is this sentence: "));
}

#[test]
fn what_goes_with_a_departure_has_its_explanation_whatever_stands_between() {
    let mut description = fuel::description();
    let body = &mut description.value["paths"]["/depots/{depot_id}/fillings"]["post"]["requestBody"];
    for media in body["content"].as_object_mut().unwrap().values_mut() {
        media["examples"].as_object_mut().unwrap().remove("petrol").unwrap();
    }
    let deviation = serde_json::json!({
        "fact": "samples.requests.With Petrol", "page": "Has a sample.", "spec": "None.", "why": "One will do.",
    });
    let deviations = body.as_object_mut().unwrap().entry("x-deviation").or_insert_with(|| serde_json::json!([]));
    deviations.as_array_mut().unwrap().push(deviation);
    let accounts = project(&description, &fuel::pages()).unwrap();
    let root = root("/// Witnesses `*`.\n#[test]\nfn all() {}");
    let coverage = coverage(root.path(), &accounts).unwrap();
    let within: Vec<_> =
        coverage.facts.iter().filter(|fact| fact.path.starts_with("samples.requests.With Petrol.form.")).collect();
    assert!(within.len() > 2 && within.iter().all(|fact| fact.departs && fact.deviation.is_some()), "{within:#?}");
}

#[test]
fn a_fact_without_a_witness_is_told() {
    let most =
        "/// Witnesses `a*`, `b*`, `e*`, `h*`, `m*`, `p*`, `q*`, `r*`, `sa*`, `so*`, `title`.\n#[test]\nfn most() {}";
    let see_also = "no test witnesses `see_also.List Tanks` of the page fill-a-tank; accepted is a test with `/// Witnesses` and this path in its documentation";
    assert_eq!(told(root(most).path()), see_also);
}

#[test]
fn a_claim_to_witness_what_is_not_documented_is_told() {
    let tests = "/// Witnesses `*`, `body_parameters.colour.*`.\n#[test]\nfn all() {}";
    assert_eq!(told(root(tests).path()), "`all` claims to witness `body_parameters.colour.*`, which is on no page");
}
