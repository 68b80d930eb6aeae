//! What must hold of a description. Each module answers one question.
//!
//! [`lint`] asks what must hold of any description before code is generated from it; a later question is asked only if
//! the earlier ones found nothing, since it builds on their answer. [`project`] asks what else must hold of the project's
//! own: that it says what is documented, or why not (`documented`), that its examples are examples (`examples`), and
//! that nothing is left out (`complete`).

use std::path::Path;

use crate::document::Document;
use crate::facts::Page;
use crate::facts::store::load_all;
use crate::problem::{Problem, Problems};

mod complete;
pub mod contradictions;
pub mod deviations;
pub mod documented;
mod examples;
mod explain;
mod generator;
mod names;
mod references;
mod schema;
pub mod standing;
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

/// Checks the project's own description: all of [`lint`], and that it is complete and says what the pages say.
///
/// # Errors
/// Everything that was found; after [`lint`], all questions are asked.
pub fn project(document: &Document, pages: &[Page]) -> Result<Vec<documented::Account>, Problems> {
    lint(document)?;
    let (accounts, mut problems) = documented::accounts(document, pages);
    problems.extend(examples::check(document));
    problems.extend(complete::check(document));
    if problems.is_empty() { Ok(accounts) } else { Err(Problems::new(&document.file, problems)) }
}

/// Reads the project's description and pages, and checks them as [`project`] does.
///
/// # Errors
/// One of the files cannot be read, or all that was found.
pub fn project_at(root: &Path) -> Result<(Document, Vec<documented::Account>), Problems> {
    let document = Document::load(&root.join("spec").join("openapi.yaml"))?;
    let pages = load_all(&root.join("spec").join("documented"))?;
    let accounts = project(&document, &pages)?;
    Ok((document, accounts))
}
