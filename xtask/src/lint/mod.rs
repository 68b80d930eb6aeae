//! What must hold of a description before it is generated from. Each module answers one question; all are asked in
//! turn, and a later one only if the earlier ones found nothing, since it builds on their answer.

use crate::document::Document;
use crate::problem::{Problem, Problems};

mod explain;
mod generator;
mod names;
mod references;
mod structure;

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
