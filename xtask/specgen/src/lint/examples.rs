//! Checks that every example is valid. The schema language of OpenAPI 3.0 is JSON Schema (draft 4, because of its
//! exclusive bounds) except for `nullable`, which is translated first.

use jsonschema::Draft;
use openapi_doc::{Document, Pointer, Problem, keyword_objects, nullable_as_a_type, object, target};
use serde_json::{Value, json};

/// Returns a problem for each place at which an example does not match its schema.
pub fn wrong_examples(document: &Document) -> Vec<Problem> {
    let root = &document.value;
    let examples = examples(root);
    let mut translated = root.clone();
    nullable_as_a_type(&mut translated);
    // One schema for a list of all examples. References are local, so the schema includes the components.
    let at = |root: &Value, at: &Pointer| root.pointer(at.as_str()).cloned().unwrap_or_default();
    let schemas: Vec<_> = examples.iter().map(|(schema, _)| at(&translated, schema)).collect();
    let values: Vec<_> = examples.iter().map(|(_, example)| at(root, example)).collect();
    let whole = json!({ "items": schemas, "components": translated.get("components") });
    let validator = match jsonschema::options().with_draft(Draft::Draft4).build(&whole) {
        Ok(validator) => validator,
        Err(error) => return vec![Problem::file(format!("examples cannot be checked: {error}"))],
    };
    let wrong = |error: jsonschema::ValidationError<'_>| {
        let mut keys = Pointer::from_written(error.instance_path().as_str()).keys().into_iter();
        let (_, example) = examples.get(keys.next()?.parse::<usize>().ok()?)?;
        let at = keys.fold(example.clone(), |at, key| at.join(key));
        Some(Problem::at(&at, format!("the example does not match its schema: {error}")))
    };
    validator.iter_errors(&values.into()).filter_map(wrong).collect()
}

/// Pairs of places: a schema, and an example of it.
fn examples(root: &Value) -> Vec<(Pointer, Pointer)> {
    let mut found = Vec::new();
    keyword_objects(root, |at, kind, map| {
        if kind == "schemas" {
            found.push((at.clone(), at.join("example")));
        } else if map.contains_key("schema") {
            // A named example can be a reference, and the value can be in the component.
            let named =
                object(map.get("examples")).map(|(name, _)| target(root, at.at(&["examples", name])).join("value"));
            found.extend(named.chain([at.join("example")]).map(|example| (at.join("schema"), example)));
        }
    });
    found.retain(|(_, example)| root.pointer(example.as_str()).is_some());
    found
}
