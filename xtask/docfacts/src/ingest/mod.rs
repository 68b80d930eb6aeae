//! Reads the facts of a page of the vendor's documentation.
//!
//! The steps are `markdown` (blocks with their lines) → `outline` (sections by heading) → `page` (the content of each
//! section; `field`, `prose` and `sample` read its parts, `shell` and `curl` the commands). Each step reports what it
//! cannot read, with the line, so nothing is lost silently. A remark is a problem if a fact may be missing, and a note
//! if something only looks odd, or was skipped on purpose.

mod curl;
mod field;
mod markdown;
mod outline;
mod page;
mod prose;
mod remarks;
mod sample;
mod shell;

pub use page::ingest;
pub use remarks::{Ingested, Remark};
