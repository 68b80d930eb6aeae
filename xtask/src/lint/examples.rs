//! Does every example validate against its schema? The schema language of OpenAPI 3.0 is JSON Schema (draft 4, by its
//! exclusive bounds) save for `nullable`, which is put into its words first.

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

use crate::document::{Document, object, operations, resolve, schemas, target};
use crate::problem::{Pointer, Problem};

/// The examples that do not match their schemas.
pub fn check(document: &Document) -> Vec<Problem> {
    let root = &document.value;
    let schemas_at = schemas(root);
    let mut plain = root.clone();
    for at in &schemas_at {
        if let Some(Value::Object(schema)) = plain.pointer_mut(at.as_str()) {
            say_null(schema);
        }
    }
    let mut check = Check { root, plain: &plain, problems: Vec::new() };
    for at in &schemas_at {
        if let Some(example) = root.pointer(at.as_str()).and_then(|schema| schema.get("example")) {
            check.one(at, example, &at.join("example"));
        }
    }
    for operation in operations(root) {
        for (at, _) in operation.parameters() {
            check.holder(&target(root, at));
        }
        let body = operation.pointer.join("requestBody");
        let responses = operation.pointer.join("responses");
        let each = object(root.pointer(responses.as_str())).map(|(status, _)| responses.join(status));
        for at in std::iter::once(body).chain(each) {
            let content = target(root, at).join("content");
            for (media, _) in object(root.pointer(content.as_str())) {
                check.holder(&content.join(media));
            }
        }
    }
    check.problems
}

/// `nullable: true` as JSON Schema has it.
fn say_null(schema: &mut Map<String, Value>) {
    if schema.get("nullable") != Some(&Value::Bool(true)) {
        return;
    }
    if let Some(kind) = schema.get("type").cloned() {
        schema.insert("type".to_owned(), json!([kind, "null"]));
        if let Some(Value::Array(values)) = schema.get_mut("enum") {
            values.push(Value::Null);
        }
    }
}

struct Check<'a> {
    root: &'a Value,
    plain: &'a Value,
    problems: Vec<Problem>,
}

impl Check<'_> {
    /// A parameter or a media type: a schema with examples beside it.
    fn holder(&mut self, at: &Pointer) {
        let Some(holder) = self.root.pointer(at.as_str()) else { return };
        let schema = at.join("schema");
        if let Some(example) = holder.get("example") {
            self.one(&schema, example, &at.join("example"));
        }
        for (name, example) in object(holder.get("examples")) {
            let own = target(self.root, at.at(&["examples", name])).join("value");
            if let Some(value) = resolve(self.root, example).and_then(|example| example.get("value")) {
                self.one(&schema, value, &own);
            }
        }
    }

    fn one(&mut self, schema: &Pointer, example: &Value, at: &Pointer) {
        let schema = match self.validator(schema) {
            Ok(Some(validator)) => validator,
            Ok(None) => return,
            Err(message) => return self.problems.push(Problem::at(schema, message)),
        };
        for error in schema.iter_errors(example) {
            let inside = error.instance_path().as_str();
            let at = Pointer::from_written(format!("{}{inside}", at.as_str()));
            self.problems.push(Problem::at(&at, format!("the example is none of its schema: {error}")));
        }
    }

    fn validator(&self, at: &Pointer) -> Result<Option<Validator>, String> {
        let Some(schema) = self.plain.pointer(at.as_str()) else { return Ok(None) };
        // References are local, so the components go with it.
        let whole = json!({ "allOf": [schema], "components": self.plain.get("components") });
        let built = jsonschema::options().with_draft(Draft::Draft4).build(&whole);
        built.map(Some).map_err(|error| format!("cannot be used to check examples: {error}"))
    }
}
