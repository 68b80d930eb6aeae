//! Lists what has changed between the stored facts and those of a page, for the maintainer to decide on.

mod compare;
mod places;
mod severity;

pub use compare::{Change, What, changes};
pub use places::{place, places, table};
pub use severity::Severity;
