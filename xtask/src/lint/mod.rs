//! What must hold of a description. Each module answers one question.
//!
//! [`lint`] asks what must hold of any description before code is generated from it; a later question is asked only if
//! the earlier ones found nothing, since it builds on their answer. [`examples`] asks whether its examples are examples.

use crate::document::Document;
use crate::problem::{Problem, Problems};

mod examples;
mod explain;
mod generator;
mod names;
mod references;
mod structure;

pub use examples::check as examples;

/// How alike two names are, from 0 to 1, for one to be taken for a slip of the other.
const ALIKE: f32 = 0.7;

/// Checks that a document is OpenAPI 3.0, that its references lead somewhere, and that the generator can take it and its names.
///
/// # Errors
/// Everything that one of these questions found.
pub fn lint(document: &Document) -> Result<(), Problems> {
    let questions: [fn(&Document) -> Vec<Problem>; 4] =
        [structure::check, references::check, generator::check, names::check];
    for question in questions {
        let found = question(document);
        if !found.is_empty() {
            return Err(Problems::new(&document.file, found));
        }
    }
    Ok(())
}
