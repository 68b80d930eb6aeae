//! Makes one change of a page at a time. Each is reported as that change, at that place, with its severity. The changes
//! are data, in `pages/changes.yaml`.

use docfacts::Page;
use docfacts::changes::{Change, changes, place, places};
use serde::Deserialize;

use crate::fuel;

#[derive(Deserialize)]
struct Case {
    page: Option<String>,
    #[serde(flatten)]
    edit: fuel::Edit,
    rows: Vec<String>,
}

fn row(change: &Change, before: &Page) -> String {
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

#[test]
fn changes_are_reported_one_by_one_with_place_and_severity() {
    let mut wrong = Vec::new();
    for case in fuel::data::<Vec<Case>>("changes.yaml") {
        let text = fuel::text(case.page.as_deref().unwrap_or("fill-a-tank"));
        let (before, after) = (fuel::facts(&text), fuel::facts(&case.edit.of(&text)));
        let rows: Vec<_> = changes(&before, &after).iter().map(|change| row(change, &before)).collect();
        if rows != case.rows {
            wrong.push(format!("{}:\n{}", case.edit.name, serde_yaml::to_string(&rows).unwrap()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn unchanged_page_has_no_changes() {
    for page in fuel::pages() {
        assert_eq!(changes(&page, &page), []);
    }
}
