//! Facts as a YAML file: one order, one spelling, so that a page which did not change gives the same bytes.

use std::path::Path;

use super::Page;
use crate::problem::{Place, Problem, Problems};

const HEADER: &str = "\
# Made from the vendor's page by `cargo xtask ingest`, and not edited: names, tags, values, nesting and samples, as they
# stand there, without its prose. A sample request is kept as its author meant it; `as_pasted` is there only where a
# POSIX shell reads the command otherwise. Where the curated spec departs from a line of this file, it says so in an
# `x-deviation` of `spec/openapi.yaml`.
";

/// The file of a page.
///
/// # Errors
/// A value cannot be written as YAML.
pub fn to_yaml(page: &Page) -> Result<String, serde_yaml::Error> {
    Ok(format!("{HEADER}{}", serde_yaml::to_string(page)?))
}

/// Reads the file of a page.
///
/// # Errors
/// It cannot be read, is not YAML, has a key that is not known, lacks one, or is not named after its page.
pub fn load(file: &Path) -> Result<Page, Problems> {
    let fail = |problem| Problems::new(file, vec![problem]);
    let text =
        std::fs::read_to_string(file).map_err(|error| fail(Problem::file(format!("cannot be read: {error}"))))?;
    let page: Page = serde_yaml::from_str(&text).map_err(|error| {
        let place = error.location().map_or(Place::File, |at| Place::Text { line: at.line(), column: at.column() });
        fail(Problem { place, message: format!("holds no facts of a page: {error}") })
    })?;
    if file.file_stem().is_none_or(|stem| stem != page.page.as_str()) {
        return Err(fail(Problem::file(format!("holds the page `{0}`; it must be called {0}.yaml", page.page))));
    }
    Ok(page)
}

/// Reads all pages of a folder, in the order of their names.
///
/// # Errors
/// The folder cannot be read or holds no page, or one of the pages cannot be read.
pub fn load_all(folder: &Path) -> Result<Vec<Page>, Problems> {
    let fail = |message: String| Problems::new(folder, vec![Problem::file(message)]);
    let entries = std::fs::read_dir(folder).map_err(|error| fail(format!("cannot be read: {error}")))?;
    let mut files = Vec::new();
    for entry in entries {
        files.push(entry.map_err(|error| fail(format!("cannot be read: {error}")))?.path());
    }
    files.sort();
    if files.is_empty() {
        return Err(fail("holds no page; `cargo xtask ingest PAGE.md` makes one".to_owned()));
    }
    files.iter().map(|file| load(file)).collect()
}

/// Pairs as a list of maps with one entry each, which keeps their order and shows a name that stands twice.
pub(super) mod pairs {
    use std::collections::BTreeMap;

    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::facts::Pair;

    pub(crate) fn serialize<S: Serializer>(pairs: &[Pair], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(pairs.iter().map(|(name, value)| BTreeMap::from([(name, value)])))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Pair>, D::Error> {
        let maps = Vec::<BTreeMap<String, String>>::deserialize(deserializer)?;
        let pair = |map: BTreeMap<String, String>| {
            let mut entries = map.into_iter();
            match (entries.next(), entries.next()) {
                (Some(pair), None) => Ok(pair),
                _ => Err(D::Error::custom("each item of the list is one name with its value")),
            }
        };
        maps.into_iter().map(pair).collect()
    }
}
