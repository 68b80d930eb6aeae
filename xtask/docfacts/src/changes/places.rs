//! Where in the spec the maintainer has to look.

use std::collections::BTreeMap;
use std::path::Path;

use openapi_doc::{Document, Pointer, operations};

use super::change::Change;
use crate::comparison::compare;
use crate::report::page_of;
use crate::table::markdown;
use crate::{FactPath, Page};

/// Where the spec has each fact of a page; empty if the spec has no operation of the page.
pub fn places(spec: &Document, page: &Page) -> BTreeMap<FactPath, Pointer> {
    let operations = operations(&spec.value);
    let Some(operation) = operations.iter().find(|operation| page_of(operation) == Some(page.page.as_str())) else {
        return BTreeMap::new();
    };
    let places = compare(&spec.value, operation, page).into_iter().map(|fact| (fact.path, fact.at));
    // What the page says as a whole belongs to the operation.
    let whole = (FactPath::default().join("content_sha256"), operation.pointer.join("x-documented"));
    places.chain([whole]).collect()
}

/// Where a fact is, and whether it is that fact or what it would belong to.
pub fn place<'a>(path: &FactPath, places: &'a BTreeMap<FactPath, Pointer>) -> Option<(&'a Pointer, bool)> {
    if let Some(at) = places.get(path) {
        return Some((at, true));
    }
    // Of the paths around it, the longest comes last.
    places.iter().rfind(|(around, _)| path.is_below(around)).map(|(_, at)| (at, false))
}

/// The changes as a table. `places` says where in `file` each fact is; for a new one, the place around it is named.
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
