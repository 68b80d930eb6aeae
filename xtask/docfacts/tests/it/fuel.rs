//! The pages of `tests/pages`, which have the vendor's format but our own words, and their spec.

use std::path::Path;

use docfacts::Page;
use docfacts::ingest::{Ingested, ingest};
use openapi_doc::{Document, sha256};
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub(crate) const PAGES: [&str; 2] = ["fill-a-tank", "list-tanks"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Edit {
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) page: Option<String>,
    find: String,
    with: String,
    and: Option<Box<Edit>>,
}

impl Edit {
    pub(crate) fn of(&self, page: &str) -> String {
        assert_eq!(page.matches(&self.find).count(), 1, "{}: the text to replace must occur once", self.name);
        let page = page.replace(&self.find, &self.with);
        self.and.as_ref().map_or_else(|| page.clone(), |and| and.of(&page))
    }
}

fn read(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

pub(crate) fn text(page: &str) -> String {
    read(&format!("{page}.md"))
}

pub(crate) fn data<T: DeserializeOwned>(name: &str) -> T {
    serde_yaml::from_str(&read(name)).unwrap()
}

/// Reads a page, and asserts that all of it can be read.
pub(crate) fn facts(text: &str) -> Page {
    let Ingested { page, problems, .. } = ingest(text.as_bytes(), None);
    assert!(problems.is_empty(), "{problems:#?}");
    page
}

pub(crate) fn pages() -> Vec<Page> {
    PAGES.map(|page| facts(&text(page))).to_vec()
}

/// The spec, with the checksums of the pages inserted. The file does not have them, because they change with every
/// word.
pub(crate) fn spec() -> Document {
    let sum = |spec: String, page: &str| spec.replace(&format!("SHA256-OF-{page}"), &sha256(text(page).as_bytes()));
    let text = PAGES.into_iter().fold(read("openapi.yaml"), sum);
    Document::parse("openapi.yaml".as_ref(), text.as_bytes()).unwrap()
}
