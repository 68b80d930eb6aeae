//! One change of a page at a time: each is reported as that change, at that place, with its severity. The changes are
//! data, in `pages/changes.yaml`.
#![allow(clippy::unwrap_used)]

use serde::Deserialize;
use xtask::changes::{Change, changes, place, places};
use xtask::facts::Page;

mod common;
use common::fuel;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default = "usual_page")]
    page: String,
    find: String,
    with: String,
    /// What is reported, in order.
    rows: Vec<String>,
}

fn usual_page() -> String {
    "fill-a-tank".to_owned()
}

fn cases() -> Vec<Case> {
    serde_yaml::from_str(&std::fs::read_to_string(fuel::folder().join("changes.yaml")).unwrap()).unwrap()
}

/// A change in one line.
fn row(change: &Change, before: &Page) -> String {
    let places = places(&fuel::description(), before);
    let (at, exact) = place(&change.path, &places).unwrap();
    let Change { severity, kind, what, path, before, after } = change;
    let what = format!("{what:?}").to_lowercase();
    let at = at.to_string().replace("/paths/~1depots~1{depot_id}~1fillings/post", "POST");
    let at = at.replace("/paths/~1depots~1{depot_id}~1tanks/get", "GET").replace("application~1", "");
    let belongs = if exact { "" } else { "belongs to " };
    // A checksum says nothing to a reader.
    let (before, after) = if *kind == "text" { ("old", "new") } else { (before.as_str(), after.as_str()) };
    format!("{severity} {kind} {what}: {path}: {before} → {after} ({belongs}{at})")
}

#[test]
fn each_change_is_reported_as_that_change_at_that_place() {
    let mut wrong = Vec::new();
    for case in cases() {
        let text = fuel::text(&case.page);
        assert_eq!(text.matches(&case.find).count(), 1, "{}: the place to change is not there once", case.name);
        let before = fuel::facts(&text);
        let after = fuel::facts(&text.replace(&case.find, &case.with));
        let rows: Vec<_> = changes(&before, &after).iter().map(|change| row(change, &before)).collect();
        if rows != case.rows {
            wrong.push(format!("{}:\n{}", case.name, serde_yaml::to_string(&rows).unwrap()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_are_changes_of_every_kind() {
    let cases = cases();
    assert!(cases.len() >= 30);
    for word in ["breaking ", "additive ", "cosmetic "] {
        assert!(cases.iter().any(|case| case.rows.iter().any(|row| row.starts_with(word))), "{word}");
    }
    for word in [" added: ", " removed: ", " renamed: ", " changed: ", " reordered: ", " reworded: "] {
        assert!(cases.iter().any(|case| case.rows.iter().any(|row| row.contains(word))), "{word}");
    }
}

#[test]
fn a_page_has_not_changed_from_itself() {
    for page in fuel::pages() {
        assert_eq!(changes(&page, &page), []);
    }
}
