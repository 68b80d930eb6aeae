//! What must be true of the project's own spec: code can be generated from it, its examples are valid, all of it is
//! described (`specgen::lint`), and it says what is documented, or why not (`documented`).

use std::path::Path;

use crate::document::{Document, Problems};
use crate::facts::Page;
use crate::facts::store::load_all;

pub mod contradictions;
pub mod deviations;
pub mod documented;
mod schema;
pub mod standing;

/// How alike two names are, from 0 to 1, for one to be taken for a slip of the other.
const ALIKE: f32 = 0.7;

/// Checks the project's own spec.
///
/// # Errors
/// All problems; but if code cannot be generated from the spec, only why not.
pub fn project(document: &Document, pages: &[Page]) -> Result<Vec<documented::Account>, Problems> {
    specgen::lint::lint(document)?;
    let (accounts, mut problems) = documented::accounts(document, pages);
    problems.extend(specgen::lint::wrong_examples(document));
    problems.extend(specgen::lint::incomplete(document));
    if problems.is_empty() { Ok(accounts) } else { Err(Problems::new(&document.file, problems)) }
}

/// Reads the project's spec and pages, and checks them as [`project`] does.
///
/// # Errors
/// One of the files cannot be read, or all problems.
pub fn project_at(root: &Path) -> Result<(Document, Vec<documented::Account>), Problems> {
    let document = Document::load(&root.join("spec").join("openapi.yaml"))?;
    let pages = load_all(&root.join("spec").join("documented"))?;
    let accounts = project(&document, &pages)?;
    Ok((document, accounts))
}
