//! The pages of `tests/pages`, which are in the vendor's format and in our own words, and their description.

use std::path::PathBuf;

use xtask::document::{Document, sha256};
use xtask::facts::Page;
use xtask::ingest::{Ingested, ingest};

/// A page as it was written.
pub(crate) fn text(page: &str) -> String {
    std::fs::read_to_string(folder().join(format!("{page}.md"))).unwrap()
}

/// The folder of the pages.
pub(crate) fn folder() -> PathBuf {
    super::tests().join("pages")
}

/// Reads a page in which everything is understood.
pub(crate) fn facts(text: &str) -> Page {
    let Ingested { page, problems, .. } = ingest(text.as_bytes());
    assert!(problems.is_empty(), "{problems:#?}");
    page
}

/// Both pages.
pub(crate) fn pages() -> Vec<Page> {
    ["fill-a-tank", "list-tanks"].map(|page| facts(&text(page))).to_vec()
}

/// The description, with the checksums of the pages. These change with every word, so the file does not have them.
pub(crate) fn description() -> Document {
    let mut spec = std::fs::read_to_string(folder().join("openapi.yaml")).unwrap();
    for page in ["fill-a-tank", "list-tanks"] {
        spec = spec.replace(&format!("SHA256-OF-{page}"), &sha256(text(page).as_bytes()));
    }
    let file = PathBuf::from("openapi.yaml");
    Document { file, sha256: sha256(spec.as_bytes()), value: serde_yaml::from_str(&spec).unwrap() }
}
