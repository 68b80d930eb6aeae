//! Checks that a spec is correct. Each module checks one subject.

use openapi_doc::{Document, Pointer, Problem, Problems};

mod complete;
mod examples;
mod explain;
mod generator;
mod references;
mod structure;

pub use complete::incomplete;
pub use examples::wrong_examples;

fn expect(problems: &mut Vec<Problem>, holds: bool, at: &Pointer, message: impl Into<String>) {
    if !holds {
        problems.push(Problem::at(at, message));
    }
}

/// Checks that a document is OpenAPI 3.0, that its references are valid, and that the generated code works.
///
/// Each check relies on the earlier ones, so it runs only if they found nothing.
pub fn lint(document: &Document) -> Result<(), Problems> {
    let questions: [fn(&Document) -> Vec<Problem>; 3] = [structure::check, references::check, generator::check];
    questions.into_iter().try_for_each(|question| Problems::check(&document.file, question(document)))
}
