//! From a page of the vendor's documentation to facts.
//!
//! The way is `markdown` (blocks, with their lines) → `outline` (sections by heading) → `page` (what each section says;
//! `field`, `prose` and `sample` read its parts, `shell` and `curl` the commands). What a step cannot read it reports
//! with its line; nothing is passed over in silence. A remark is a problem if a fact may have been lost, and a note if
//! all was read and looks odd.

use crate::document::sha256;
use crate::facts::Page;

mod curl;
mod field;
mod markdown;
mod outline;
mod page;
mod prose;
mod sample;
mod shell;

/// Something that a person should know of a page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// The line of the page, from 1.
    pub line: usize,
    /// What it is.
    pub message: String,
}

/// What was read, and what could not be.
#[derive(Clone, Debug, Default)]
pub struct Ingested {
    /// The facts. Those that a problem hides are missing.
    pub page: Page,
    /// What was not understood: facts may be missing.
    pub problems: Vec<Remark>,
    /// What was understood and looks odd.
    pub notes: Vec<Remark>,
}

impl Ingested {
    fn problem(&mut self, line: usize, message: impl Into<String>) {
        self.problems.push(Remark { line, message: message.into() });
    }

    fn note(&mut self, line: usize, message: impl Into<String>) {
        self.notes.push(Remark { line, message: message.into() });
    }
}

/// Reads a page.
///
/// ```
/// let read = xtask::ingest::ingest(b"# Fill a tank\n\n## Request Type:\nPUT\n");
/// assert_eq!((read.page.title.as_str(), read.page.method.as_str()), ("Fill a tank", "PUT"));
/// assert!(read.problems.iter().any(|problem| problem.message.contains("no section `Endpoints`")));
/// ```
pub fn ingest(bytes: &[u8]) -> Ingested {
    let mut read = Ingested::default();
    match std::str::from_utf8(bytes) {
        Err(error) => {
            let line = 1 + bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
            read.problem(line, "the page is not UTF-8 from here on, so nothing of it was read");
        }
        Ok(text) => {
            // An editor's mark and the ends of lines are no part of a value.
            let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
            let blocks = markdown::blocks(&text);
            page::read(&outline::outline(blocks), &mut read);
        }
    }
    read.page.content_sha256 = sha256(bytes);
    read.problems.sort();
    read.notes.sort();
    read
}
