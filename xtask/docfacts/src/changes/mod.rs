//! What has changed between the facts that are stored and those of a page: a list of decisions for the maintainer.

mod change;
mod compare;
mod places;
mod severity;

pub use change::{Change, Severity, What};
pub use compare::changes;
pub use places::{place, places, table};
