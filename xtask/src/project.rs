//! Checks the project's own spec and pages together, and updates the examples and `curl` commands in the spec.

use std::path::Path;

use anyhow::{Context as _, Result};
use docfacts::report::{PageReport, reports};
use docfacts::{Page, code_samples, examples, store};
use openapi_doc::{Document, Mode, Problems, ensure};

use specgen::lint;

const SPEC: &str = "spec/openapi.yaml";
const FACTS: &str = "spec/documented";

/// Checks a spec and its pages: code can be generated from the spec, it agrees with the pages or gives a reason, its
/// examples are valid, and it is complete.
///
/// # Errors
/// The problems that [`lint::lint`] finds or, if it finds none, those of all other checks.
pub fn check(document: &Document, pages: &[Page]) -> Result<Vec<PageReport>, Problems> {
    lint::lint(document)?;
    let (reports, mut problems) = reports(&document.value, pages);
    problems.extend(lint::wrong_examples(document));
    problems.extend(lint::incomplete(document));
    Problems::check(&document.file, problems).map(|()| reports)
}

/// Reads the project's spec and pages, and checks them with [`check`].
pub fn check_at(root: &Path) -> Result<(Document, Vec<PageReport>)> {
    let document = Document::load(&root.join(SPEC))?;
    let reports = check(&document, &pages(root)?)?;
    Ok((document, reports))
}

/// Reads the project's pages.
pub fn pages(root: &Path) -> Result<Vec<Page>> {
    store::load_all(&root.join(FACTS))
}

/// Compares the examples in the project's spec with the samples of its pages, and the `curl` commands in the spec with
/// the examples, or updates both. Returns the difference, and the spec as it is written then.
pub fn examples(root: &Path, pages: &[Page], mode: Mode) -> Result<(String, Document)> {
    let spec = root.join(SPEC);
    let read = |text: &str| Document::parse_as_written(&spec, text.as_bytes());
    let text = examples::written(&fs_err::read_to_string(&spec)?, pages).with_context(|| spec.display().to_string())?;
    let document = read(&text)?;
    let complete = code_samples::written(&text, &document.value)?;
    // Parsing takes longer than everything else here, and usually nothing has changed.
    let document = if complete == text { document } else { read(&complete)? };
    Ok((ensure(&spec, complete, mode)?, document))
}
