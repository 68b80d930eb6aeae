//! What must be true of a spec. Each module answers one question.

use openapi_doc::{Document, Problem, Problems};

mod complete;
mod examples;
mod explain;
mod generator;
mod references;
mod structure;

pub use complete::incomplete;
pub use examples::wrong_examples;

/// Checks that a document is OpenAPI 3.0, that its references lead somewhere, and that code generated from it works.
///
/// A later question builds on the answers to the earlier ones, so it is asked only if they found nothing.
///
/// # Errors
/// All problems that one of the questions found.
pub fn lint(document: &Document) -> Result<(), Problems> {
    let questions: [fn(&Document) -> Vec<Problem>; 3] = [structure::check, references::check, generator::check];
    questions.into_iter().try_for_each(|question| Problems::check(&document.file, question(document)))
}
