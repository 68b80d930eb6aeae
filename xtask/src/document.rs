//! An OpenAPI document as JSON values: read from YAML or JSON, walked by structure.
//!
//! Lint and lowering work on values and not on typed OpenAPI, for two reasons: every value has a JSON pointer that an
//! error can name, and a construct that the typed form cannot hold can still be reported. The walk here is the only
//! place that knows where a schema can stand, so an `example` that looks like a schema is never taken for one.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::problem::{Place, Pointer, Problem, Problems};

/// Keys of a description whose values are objects with names for keys: a name can be a keyword, and is none there.
pub const NAMED_FREELY: [&str; 10] = [
    "properties",
    "schemas",
    "responses",
    "parameters",
    "requestBodies",
    "headers",
    "encoding",
    "callbacks",
    "links",
    "securitySchemes",
];

/// The HTTP methods that a path item can have, in lower case as OpenAPI spells them.
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The media type of an HTML form.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// Nesting that no description needs; deeper input is refused instead of exhausting the stack.
const MAX_DEPTH: usize = 100;

/// A document with the file that it came from.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file, as it was named.
    pub file: PathBuf,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
    /// Its content.
    pub value: Value,
}

impl Document {
    /// Reads a YAML or JSON file.
    ///
    /// # Errors
    /// The file cannot be read, is not UTF-8, is not YAML (with line and column), has a key twice, or has a key that is
    /// neither text nor number.
    pub fn load(file: &Path) -> Result<Self, Problems> {
        let fail = |problem| Problems::new(file, vec![problem]);
        let bytes = std::fs::read(file).map_err(|error| fail(Problem::file(format!("cannot be read: {error}"))))?;
        let text = std::str::from_utf8(&bytes)
            .map_err(|error| fail(Problem::file(format!("is not UTF-8 after byte {}", error.valid_up_to()))))?;
        // By way of a YAML value, because that is where a key that stands twice is noticed.
        let yaml: serde_yaml::Value = serde_yaml::from_str(text).map_err(|error| {
            let mut message = format!("is not valid YAML: {error}");
            let place = error.location().map_or(Place::File, |at| {
                // The parser says the place as well.
                message = message.replacen(&format!(" at line {} column {}", at.line(), at.column()), "", 1);
                Place::Text { line: at.line(), column: at.column() }
            });
            fail(Problem { place, message })
        })?;
        let value = serde_json::to_value(yaml).map_err(|error| {
            fail(Problem::file(format!("cannot be expressed as JSON; accepted are keys of text and numbers: {error}")))
        })?;
        if depth(&value) > MAX_DEPTH {
            return Err(fail(Problem::file(format!("is nested deeper than {MAX_DEPTH} levels"))));
        }
        Ok(Self { file: file.to_owned(), sha256: sha256(&bytes), value })
    }
}

/// The SHA-256 of bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// One operation of a document.
#[derive(Clone, Debug)]
pub struct Operation<'a> {
    /// Where it stands.
    pub pointer: Pointer,
    /// Its path template.
    pub path: &'a str,
    /// The operation itself.
    pub value: &'a Value,
    /// The path item that it belongs to.
    pub item: &'a Value,
    /// Where the path item stands.
    pub item_pointer: Pointer,
}

impl Operation<'_> {
    /// The `operationId`, or the empty string.
    pub fn id(&self) -> &str {
        self.value.get("operationId").and_then(Value::as_str).unwrap_or_default()
    }

    /// Its parameters with those of the path item, and where each stands.
    pub fn parameters(&self) -> impl Iterator<Item = (Pointer, &Value)> {
        let own = items(self.value.get("parameters"), self.pointer.join("parameters"));
        let shared = items(self.item.get("parameters"), self.item_pointer.join("parameters"));
        own.chain(shared)
    }
}

/// All operations, in the order of the document.
pub fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut found = Vec::new();
    let paths = Pointer::default().join("paths");
    for (path, item) in object(document.get("paths")) {
        let item_pointer = paths.join(path);
        for method in METHODS {
            if let Some(value) = item.get(method) {
                let pointer = item_pointer.join(method);
                found.push(Operation { pointer, path, value, item, item_pointer: item_pointer.clone() });
            }
        }
    }
    found
}

/// The entries of a value that should be an object; none if it is not one.
pub fn object(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

/// The items of a value that should be an array, with their pointers; none if it is not one.
pub fn items(value: Option<&Value>, at: Pointer) -> impl Iterator<Item = (Pointer, &Value)> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.enumerate().map(move |(index, item)| (at.join(index), item))
}

/// Follows local references until something else stands there. `None` if one leads nowhere, or round in a circle.
pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> Option<&'a Value> {
    let mut value = value;
    for _ in 0..MAX_DEPTH {
        match value.get("$ref") {
            None => return Some(value),
            Some(reference) => value = document.pointer(reference.as_str()?.strip_prefix('#')?)?,
        }
    }
    None
}

/// Where the value stands that `at` leads to: `at` itself, or the end of the references that begin there.
pub fn target(document: &Value, at: Pointer) -> Pointer {
    let mut at = at;
    for _ in 0..MAX_DEPTH {
        let reference = document.pointer(at.as_str()).and_then(|value| value.get("$ref")?.as_str()?.strip_prefix('#'));
        match reference {
            None => break,
            Some(local) => at = Pointer::from_written(local),
        }
    }
    at
}

/// The name of the schema component that a reference names.
pub fn component_name(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")
}

/// Pointers of all schemas of a document, references included, outer before inner.
pub fn schemas(document: &Value) -> Vec<Pointer> {
    let mut found = Vec::new();
    let root = Pointer::default();
    if let Some(components) = document.get("components") {
        let at = root.join("components");
        for (name, schema) in object(components.get("schemas")) {
            schema_and_inner(schema, &at.at(&["schemas", name]), &mut found);
        }
        for (kind, visit) in [
            ("parameters", parameter as fn(&Value, &Pointer, &mut Vec<Pointer>)),
            ("headers", parameter),
            ("requestBodies", contents),
            ("responses", response),
        ] {
            for (name, value) in object(components.get(kind)) {
                visit(value, &at.at(&[kind, name]), &mut found);
            }
        }
    }
    for (path, item) in object(document.get("paths")) {
        let at = root.at(&["paths", path, "parameters"]);
        for (pointer, value) in items(item.get("parameters"), at) {
            parameter(value, &pointer, &mut found);
        }
    }
    for operation in operations(document) {
        let at = &operation.pointer;
        for (pointer, value) in items(operation.value.get("parameters"), at.join("parameters")) {
            parameter(value, &pointer, &mut found);
        }
        if let Some(body) = operation.value.get("requestBody") {
            contents(body, &at.join("requestBody"), &mut found);
        }
        for (status, value) in object(operation.value.get("responses")) {
            response(value, &at.at(&["responses", status]), &mut found);
        }
    }
    found
}

fn parameter(value: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    if let Some(schema) = value.get("schema") {
        schema_and_inner(schema, &at.join("schema"), found);
    }
    contents(value, at, found);
}

fn contents(value: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    for (media, value) in object(value.get("content")) {
        if let Some(schema) = value.get("schema") {
            schema_and_inner(schema, &at.at(&["content", media, "schema"]), found);
        }
    }
}

fn response(value: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    contents(value, at, found);
    for (name, header) in object(value.get("headers")) {
        parameter(header, &at.at(&["headers", name]), found);
    }
}

fn schema_and_inner(schema: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    found.push(at.clone());
    for (name, property) in object(schema.get("properties")) {
        schema_and_inner(property, &at.at(&["properties", name]), found);
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for (pointer, member) in items(schema.get(keyword), at.join(keyword)) {
            schema_and_inner(member, &pointer, found);
        }
    }
    for keyword in ["items", "not", "additionalProperties"] {
        if let Some(inner) = schema.get(keyword).filter(|inner| inner.is_object()) {
            schema_and_inner(inner, &at.join(keyword), found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_walk_finds_every_schema_and_takes_no_example_for_one() {
        let document: Value = serde_yaml::from_str(
            "
            paths:
              /a/{b}:
                parameters: [{schema: {type: string}}]
                get:
                  parameters: [{content: {text/plain: {schema: {type: string}}}}]
                  requestBody: {content: {application/json: {schema: {items: {not: {}}}, example: {schema: {}}}}}
                  responses: {'200': {headers: {h: {schema: {}}}, content: {x: {schema: {anyOf: [{}, {}]}}}}}
            components:
              schemas: {S: {properties: {p: {additionalProperties: {}}}, additionalProperties: false, example: {items: {}}}}
            ",
        )
        .unwrap();
        let found: Vec<_> = schemas(&document).iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(found.join("\n"), @"
        /components/schemas/S
        /components/schemas/S/properties/p
        /components/schemas/S/properties/p/additionalProperties
        /paths/~1a~1{b}/parameters/0/schema
        /paths/~1a~1{b}/get/parameters/0/content/text~1plain/schema
        /paths/~1a~1{b}/get/requestBody/content/application~1json/schema
        /paths/~1a~1{b}/get/requestBody/content/application~1json/schema/items
        /paths/~1a~1{b}/get/requestBody/content/application~1json/schema/items/not
        /paths/~1a~1{b}/get/responses/200/content/x/schema
        /paths/~1a~1{b}/get/responses/200/content/x/schema/anyOf/0
        /paths/~1a~1{b}/get/responses/200/content/x/schema/anyOf/1
        /paths/~1a~1{b}/get/responses/200/headers/h/schema
        ");
    }
}
