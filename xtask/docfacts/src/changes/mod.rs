//! Lists what has changed between the stored facts and those of a page, for the maintainer to decide on.

mod change;
mod compare;
mod places;
mod severity;

pub use change::{Change, Severity, What};
pub use compare::changes;
pub use places::{place, places, table};
