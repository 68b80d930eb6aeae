//! The facts of `spec/documented`, as `xtask` reads them.

pub use xtask::facts::{Field, Page, RequestSample, ResponseSample};

use crate::root;

/// All pages, in the order of their names.
pub fn pages() -> Vec<Page> {
    xtask::facts::store::load_all(&root().join("spec").join("documented"))
        .unwrap_or_else(|problems| panic!("{problems}"))
}

/// A name that can stand in the name of a file.
pub fn slug(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_lowercase()
}
