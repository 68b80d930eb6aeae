use openapi_doc::Problem;

use crate::generate::GENERATOR;

/// A part of the generator's output that a pass does not recognize.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unexpected(pub(super) &'static str);

impl From<Unexpected> for Problem {
    fn from(Unexpected(what): Unexpected) -> Self {
        Self::file(format!(
            "{GENERATOR} no longer emits {what} in the form that a pass of specgen expects; update the pass"
        ))
    }
}
