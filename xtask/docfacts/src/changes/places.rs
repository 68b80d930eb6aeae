//! Finds the places in the spec that the maintainer has to check.

use std::collections::BTreeMap;
use std::path::Path;

use openapi_doc::{Document, Pointer, operations};

use super::compare::Change;
use crate::comparison::compare;
use crate::report::page_of;
use crate::table::markdown;
use crate::{FactPath, Page};

/// The place in the spec of each fact of a page; empty if the spec has no operation for the page.
pub fn places(spec: &Document, page: &Page) -> BTreeMap<FactPath, Pointer> {
    let operations = operations(&spec.value);
    let Some(operation) = operations.iter().find(|operation| page_of(operation) == Some(page.page.as_str())) else {
        return BTreeMap::new();
    };
    let places = compare(&spec.value, operation, page).into_iter().map(|fact| (fact.path, fact.at));
    // The page as a whole belongs to the operation.
    let whole = (FactPath::default().join("content_sha256"), operation.pointer.join("x-documented"));
    places.chain([whole]).collect()
}

/// The place of a fact, and whether it is the place of that fact itself or of the nearest one around it.
pub fn place<'a>(path: &FactPath, places: &'a BTreeMap<FactPath, Pointer>) -> Option<(&'a Pointer, bool)> {
    if let Some(at) = places.get(path) {
        return Some((at, true));
    }
    // Of the paths around the fact, the longest comes last.
    places.iter().rfind(|(around, _)| path.is_below(around)).map(|(_, at)| (at, false))
}

/// The changes as a table. `places` has the place of each fact in `file`. A new fact gets the place around it.
pub fn table(changes: &[Change], file: &Path, places: &BTreeMap<FactPath, Pointer>) -> String {
    let row = |change: &Change| {
        let place = place(&change.path, places).map_or_else(
            || "nowhere".to_owned(),
            |(at, exact)| format!("{}{}#{at}", if exact { "" } else { "belongs to " }, file.display()),
        );
        let Change { severity, kind, what, path, before, after } = change;
        let [severity, what] = [format!("{severity:?}"), format!("{what:?}")].map(|word| word.to_lowercase());
        [severity, kind.clone(), what, path.to_string(), before.clone(), after.clone(), place]
    };
    let header = ["severity", "kind of fact", "change", "where", "before", "after", "in the spec"];
    markdown(header, changes.iter().map(row))
}
