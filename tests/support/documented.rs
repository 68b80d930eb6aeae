//! The facts of `spec/documented`, as `docfacts` reads them.

use std::sync::LazyLock;

pub use docfacts::page::{Field, Page, RequestSample, ResponseSample};

use crate::root;

/// All pages, ordered by name.
pub fn pages() -> Vec<Page> {
    static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| {
        docfacts::store::load_all(&root().join("spec").join("documented")).unwrap_or_else(|error| panic!("{error:#}"))
    });
    PAGES.clone()
}

/// A name that can be part of a file name.
pub fn slug(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_lowercase()
}
