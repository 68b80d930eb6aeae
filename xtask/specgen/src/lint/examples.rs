//! Is every example valid? The schema language of OpenAPI 3.0 is JSON Schema (draft 4, because of its exclusive bounds)
//! except for `nullable`, which is translated first.

use jsonschema::Draft;
use openapi_doc::{Document, Pointer, Problem, examples_at, nullable_as_a_type, object, operations, schemas, target};
use serde_json::{Value, json};

/// Returns the examples that do not match their schema.
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

/// The place of each example, after the place of its schema.
fn examples(root: &Value) -> Vec<(Pointer, Pointer)> {
    let mut found: Vec<_> = schemas(root).into_iter().map(|at| (at.clone(), at.join("example"))).collect();
    for operation in operations(root) {
        let body = target(root, operation.pointer.join("requestBody"));
        let responses = operation.pointer.join("responses");
        let responses =
            object(operation.value.get("responses")).map(|(status, _)| target(root, responses.join(status)));
        let media = std::iter::once(body).chain(responses).flat_map(|at| {
            let content = at.join("content");
            object(root.pointer(content.as_str())).map(move |(media, _)| content.join(media))
        });
        let parameters = operation.parameters().map(|(at, _)| target(root, at));
        for holder in parameters.chain(media) {
            let examples = root.pointer(holder.as_str()).map(|value| examples_at(value, &holder)).unwrap_or_default();
            // A named example can be a reference, and the value can be in the component.
            let value = |at| if at == holder.join("example") { at } else { target(root, at).join("value") };
            found.extend(examples.into_iter().map(|at| (holder.join("schema"), value(at))));
        }
    }
    found.sort();
    found.dedup();
    found.retain(|(schema, example)| [schema, example].iter().all(|at| root.pointer(at.as_str()).is_some()));
    found
}
