use serde_json::Value;

use crate::{Pointer, items, object};

/// The HTTP methods that a path item can have, in lower case as OpenAPI spells them.
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The media type of an HTML form.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// One operation of a document.
#[derive(Clone, Debug)]
pub struct Operation<'a> {
    /// The place of the operation.
    pub pointer: Pointer,
    /// The path, with the names of parameters in braces.
    pub path: &'a str,
    /// The method, one of [`METHODS`].
    pub method: &'static str,
    /// The JSON of the operation.
    pub value: &'a Value,
    /// The path item that the operation belongs to.
    pub item: &'a Value,
    /// The place of the path item.
    pub item_pointer: Pointer,
}

impl<'a> Operation<'a> {
    /// Returns the `operationId`, or the empty string.
    pub fn id(&self) -> &'a str {
        self.value.get("operationId").and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns the parameters of the operation, then those of the path item, with their places. References are not
    /// followed.
    pub fn parameters(&self) -> impl Iterator<Item = (Pointer, &'a Value)> + use<'a> {
        let own = items(self.value.get("parameters"), self.pointer.join("parameters"));
        let shared = items(self.item.get("parameters"), self.item_pointer.join("parameters"));
        own.chain(shared)
    }

    /// Returns the places of the parts of a request: the parameters and the body. References are not followed.
    pub fn request(&self) -> impl Iterator<Item = Pointer> + use<'a> {
        self.parameters().map(|(at, _)| at).chain([self.pointer.join("requestBody")])
    }
}

/// Returns all operations: by path in the order of the document, then by method in the order of [`METHODS`].
/// Extensions among the paths are skipped.
pub fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut found = Vec::new();
    let paths = Pointer::default().join("paths");
    for (path, item) in object(document.get("paths")).filter(|(key, _)| key.starts_with('/')) {
        let item_pointer = paths.join(path);
        for method in METHODS {
            if let Some(value) = item.get(method) {
                let pointer = item_pointer.join(method);
                found.push(Operation { pointer, path, method, value, item, item_pointer: item_pointer.clone() });
            }
        }
    }
    found
}

/// Returns the pointers of the examples of a parameter or media type. A named example may be a reference.
pub fn examples_at(holder: &Value, at: &Pointer) -> Vec<Pointer> {
    let named = object(holder.get("examples")).map(|(name, _)| at.at(&["examples", name]));
    holder.get("example").map(|_| at.join("example")).into_iter().chain(named).collect()
}
