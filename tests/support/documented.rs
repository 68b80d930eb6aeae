//! The facts of `spec/documented`, as `docfacts` reads them.

pub use docfacts::page::{Field, Page, RequestSample, ResponseSample};

use crate::root;

/// All pages, ordered by name.
pub fn pages() -> Vec<Page> {
    docfacts::store::load_all(&root().join("spec").join("documented")).unwrap_or_else(|error| panic!("{error:#}"))
}

/// A name that can be part of a file name.
pub fn slug(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_lowercase()
}
