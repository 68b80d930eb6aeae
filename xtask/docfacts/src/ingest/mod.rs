//! From a page of the vendor's documentation to facts.
//!
//! The way is `markdown` (blocks, with their lines) → `outline` (sections by heading) → `page` (what each section says;
//! `field`, `prose` and `sample` read its parts, `shell` and `curl` the commands). What a step cannot read it reports
//! with its line, so nothing is lost in silence. A remark is a problem if a fact may be missing, and a note if everything
//! was read and looks odd.

mod curl;
mod field;
mod markdown;
mod outline;
mod page;
mod prose;
mod remarks;
mod sample;
mod shell;

pub use page::{ingest, ingest_version};
pub use remarks::{Ingested, Remark};
