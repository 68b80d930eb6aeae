use std::fmt;

use serde_json::Value;

/// A place in a document, as a JSON pointer (RFC 6901). The root is the empty pointer.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pointer(String);

impl Pointer {
    /// Returns the pointer one step further down.
    #[must_use]
    pub fn join(&self, key: impl fmt::Display) -> Self {
        let key = key.to_string().replace('~', "~0").replace('/', "~1");
        Self(format!("{}/{key}", self.0))
    }

    /// Returns the pointer several steps further down. The keys are given unescaped, so they may contain `/`.
    #[must_use]
    pub fn at(&self, keys: &[&str]) -> Self {
        keys.iter().fold(self.clone(), |pointer, key| pointer.join(key))
    }

    /// Returns the pointer of a schema component.
    pub fn component(name: &str) -> Self {
        Self::default().at(&["components", "schemas", name])
    }

    /// Makes a pointer from text that is already escaped (RFC 6901).
    pub fn from_written(pointer: impl Into<String>) -> Self {
        Self(pointer.into())
    }

    /// Returns the pointer as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this pointer leads into the value at `other`.
    pub fn is_below(&self, other: &Self) -> bool {
        self.0.strip_prefix(&other.0).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Returns the keys from the root down, unescaped.
    pub fn keys(&self) -> Vec<String> {
        self.0.split('/').skip(1).map(unescape).collect()
    }

    /// Returns the pointer one step up, and the last key. `None` at the root.
    pub fn split_last(&self) -> Option<(Self, String)> {
        let (parent, key) = self.0.rsplit_once('/')?;
        Some((Self(parent.to_owned()), unescape(key)))
    }
}

/// Returns the pointers of all values of a document, outer before inner.
pub fn places(document: &Value) -> Vec<Pointer> {
    let (mut found, mut open) = (Vec::new(), vec![(Pointer::default(), document)]);
    while let Some((at, value)) = open.pop() {
        // The value that is pushed last is visited first.
        match value {
            Value::Object(map) => open.extend(map.iter().rev().map(|(key, inner)| (at.join(key), inner))),
            Value::Array(items) => open.extend(items.iter().enumerate().rev().map(|(key, item)| (at.join(key), item))),
            _ => {}
        }
        found.push(at);
    }
    found
}

fn unescape(key: &str) -> String {
    key.replace("~1", "/").replace("~0", "~")
}

/// The text of the pointer; `/` for the root, because an empty string would be invisible.
impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "/" } else { &self.0 })
    }
}
