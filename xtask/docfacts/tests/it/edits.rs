//! Edits a page at one place at a time, and lists what is found then: the parts that cannot be read, or else the notes,
//! changes and contradictions that the page did not have before. The edits are data, in `pages/page_edits.yaml`.

use std::collections::BTreeMap;

use docfacts::Page;
use docfacts::changes::{Change, changes, place, places};
use docfacts::contradictions::contradictions;
use docfacts::ingest::{Ingested, Remark, ingest};

use crate::fuel;

fn changed(change: &Change, before: &Page) -> String {
    let places = places(&fuel::spec(), before);
    let (at, exact) = place(&change.path, &places).unwrap();
    let Change { severity, kind, what, path, before, after } = change;
    let at = at.to_string().replace("/paths/~1depots~1{depot_id}~1fillings/post", "POST");
    let at = at.replace("/paths/~1depots~1{depot_id}~1tanks/get", "GET").replace("application~1", "");
    let belongs = if exact { "" } else { "belongs to " };
    // A checksum is meaningless to a reader.
    let (before, after) = if *kind == "text" { ("old", "new") } else { (before.as_str(), after.as_str()) };
    let [severity, what] = [format!("{severity:?}"), format!("{what:?}")].map(|word| word.to_lowercase());
    format!("{severity} {kind} {what}: {path}: {before} → {after} ({belongs}{at})")
}

/// The contradictions of a page, each with its facts. Fails if a fact does not exist, since nobody could decide such a
/// contradiction.
fn contradicted(page: &Page) -> Vec<String> {
    let tree = page.tree();
    let known: Vec<_> = tree.all().into_iter().map(|node| &node.path).collect();
    let one = |one: docfacts::contradictions::Contradiction| {
        assert!(one.at.iter().all(|at| known.contains(&at)), "{one:?}");
        let at: Vec<_> = one.at.iter().map(ToString::to_string).collect();
        format!("contradiction at {}: {}", at.join(" and "), one.message)
    };
    contradictions(page).into_iter().map(one).collect()
}

fn messages(remarks: Vec<Remark>) -> Vec<String> {
    remarks.into_iter().map(|remark| format!("note: {}", remark.message)).collect()
}

fn found_after(edit: &fuel::Edit) -> Vec<String> {
    let text = fuel::text(edit.page.as_deref().unwrap_or(fuel::PAGES[0]));
    let before = ingest(text.as_bytes(), None);
    let Ingested { page, problems, notes } = ingest(edit.of(&text).as_bytes(), None);
    if !problems.is_empty() {
        return problems.into_iter().map(|problem| format!("{}: {}", problem.line, problem.message)).collect();
    }
    let usual = [messages(before.notes), contradicted(&before.page)].concat();
    let found = [messages(notes), contradicted(&page)].concat().into_iter().filter(|one| !usual.contains(one));
    changes(&before.page, &page).iter().map(|change| changed(change, &before.page)).chain(found).collect()
}

fn found_after_each(group: &str) -> String {
    let edits = fuel::data::<BTreeMap<String, Vec<fuel::Edit>>>("page_edits.yaml").remove(group).unwrap();
    let each = edits.iter().map(|edit| format!("{}:\n  {}\n", edit.name, found_after(edit).join("\n  ")));
    each.collect::<Vec<_>>().concat()
}

#[test]
fn changes_are_reported_one_by_one_with_place_and_severity() {
    insta::assert_snapshot!(found_after_each("changed"));
}

#[test]
fn contradictions_are_found_at_their_facts() {
    let usual = contradicted(&fuel::pages()[0]).join("\n  ");
    insta::assert_snapshot!(format!("the page as it is:\n  {usual}\n{}", found_after_each("contradictory")));
}

#[test]
fn unknown_parts_are_reported_with_their_line() {
    insta::assert_snapshot!(found_after_each("broken"));
}

#[test]
fn forms_that_mean_the_same_and_errors_of_the_site_are_understood() {
    insta::assert_snapshot!(found_after_each("read as before"));
}

#[test]
fn unchanged_page_has_no_changes() {
    for page in fuel::pages() {
        assert_eq!(changes(&page, &page), []);
    }
}
