//! Changes as a table.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Change, What};
use crate::problem::Pointer;
use crate::table::markdown;

/// The table. `places` says where in `file` each fact lives; for one that is new, what it would belong to is named.
pub fn table(changes: &[Change], file: &Path, places: &BTreeMap<String, Pointer>) -> String {
    let header = ["severity", "kind of fact", "change", "where", "before", "after", "in the spec"];
    let row = |change: &Change| {
        let what = match change.what {
            What::Added => "added",
            What::Removed => "removed",
            What::Renamed => "renamed",
            What::Changed => "changed",
            What::Reordered => "reordered",
            What::Reworded => "reworded",
        };
        let place = place(&change.path, places).map_or_else(
            || "nowhere".to_owned(),
            |(at, exact)| format!("{}{}#{at}", if exact { "" } else { "belongs to " }, file.display()),
        );
        [
            change.severity.to_string(),
            change.kind.to_owned(),
            what.to_owned(),
            change.path.clone(),
            change.before.clone(),
            change.after.clone(),
            place,
        ]
    };
    markdown(header, changes.iter().map(row))
}

/// Where a fact lives, and whether it is that fact or what it would belong to.
pub fn place<'a>(path: &str, places: &'a BTreeMap<String, Pointer>) -> Option<(&'a Pointer, bool)> {
    if let Some(at) = places.get(path) {
        return Some((at, true));
    }
    let is_around = |other: &str| path.strip_prefix(other).is_some_and(|rest| rest.starts_with('.'));
    let around = places.iter().filter(|(other, _)| is_around(other));
    around.max_by_key(|(other, _)| other.len()).map(|(_, at)| (at, false))
}
