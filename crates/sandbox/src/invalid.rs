use std::fmt;

/// Why a string is not a valid [`Fault`](crate::Fault), [`Operation`](crate::Operation), [`Pending`](crate::Pending) or
/// snapshot. `Display` prints what is wrong, or what is expected.
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
