//! The error of everything that is parsed from text.

use std::fmt;

/// A text is not what it should be: a [`Fault`](crate::Fault), an [`Operation`](crate::Operation), a
/// [`Pending`](crate::Pending) or a snapshot. `Display` says what is wrong, or what is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidInput(String);

impl<T: Into<String>> From<T> for InvalidInput {
    fn from(message: T) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidInput {}
