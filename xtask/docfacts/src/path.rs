use std::fmt;

/// The path of a fact: its place in the file of its page, with names instead of positions in lists, such as
/// `body_parameters.account_details.fields.Upi.type`. Within the JSON of a sample, items have their positions.
///
/// A name may contain a dot, so paths are compared step by step. The exception is an `x-deviation`, which names a fact
/// by the text of its path.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FactPath(Vec<String>);

impl FactPath {
    /// Returns the path one step further down.
    #[must_use]
    pub fn join(&self, step: impl Into<String>) -> Self {
        Self(self.0.iter().cloned().chain([step.into()]).collect())
    }

    /// Returns the last step; empty for the page itself.
    pub fn key(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }

    /// Returns the path one step up; empty for the page itself.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0.split_last().map_or_else(Vec::new, |(_, around)| around.to_vec()))
    }

    /// Returns the path in lower case.
    #[must_use]
    pub fn to_lowercase(&self) -> Self {
        Self(self.0.iter().map(|step| step.to_lowercase()).collect())
    }

    /// Whether this path leads into the fact at `other`.
    pub fn is_below(&self, other: &Self) -> bool {
        self.0.len() > other.0.len() && self.0.starts_with(&other.0)
    }
}

/// The steps with dots between them: how an `x-deviation` names a fact.
impl fmt::Display for FactPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}
