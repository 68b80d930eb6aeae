//! Explains the errors of the validator in the words of OpenAPI.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use openapi_doc::{Pointer, Problem, near_miss, object, type_of};
use serde_json::Value;

/// Adds the problems of one error. "Matches none of these" does not help, so the errors in one alternative are reported
/// instead: the one that the author probably meant, which has the deepest errors. A reference is meant only where there
/// is a `$ref`. An alternative that requires another value of, say, `in` is not meant at all.
pub(super) fn explain(schema: &Value, document: &Value, error: &ValidationError<'_>, problems: &mut Vec<Problem>) {
    let at = place(error);
    let (Kind::OneOfNotValid { context } | Kind::AnyOf { context }) = error.kind() else {
        return say(schema, error, &at, problems);
    };
    let is_reference = document.pointer(at.as_str()).is_some_and(|value| value.get("$ref").is_some());
    let possible = || context.iter().filter(|branch| is_reference || !branch.iter().any(wants_reference));
    let depth = |branch: &&Vec<ValidationError<'_>>| {
        branch.iter().map(|error| error.instance_path().as_str().matches('/').count()).max()
    };
    // Of equally deep alternatives, `max_by_key` takes the last. The published schema lists the usual one first: hence
    // `rev`.
    let meant = possible().filter(|branch| !branch.iter().any(|e| selector(e).is_some())).rev().max_by_key(depth);
    if let Some(branch) = meant.filter(|branch| !branch.is_empty()) {
        return branch.iter().for_each(|inner| explain(schema, document, inner, problems));
    }
    let selectors: Vec<_> = possible().flatten().filter_map(|error| Some((place(error), selector(error)?))).collect();
    match selectors.split_first() {
        Some(((at, _), rest)) if rest.iter().all(|(other, _)| other == at) => {
            let found = document.pointer(at.as_str()).map(Value::to_string).unwrap_or_default();
            let expected = quoted(selectors.iter().map(|(_, value)| *value));
            problems.push(Problem::at(at, format!("{found} is not allowed here; expected {expected}")));
        }
        _ => problems.push(Problem::at(&at, error.masked_with("the value").to_string())),
    }
}

fn place(error: &ValidationError<'_>) -> Pointer {
    Pointer::from_written(error.instance_path().as_str())
}

fn wants_reference(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), Kind::Required { property } if property == "$ref")
}

/// If the error is a wrong constant, the text that this alternative requires.
fn selector<'a>(error: &'a ValidationError<'_>) -> Option<&'a str> {
    let Kind::Enum { options } = error.kind() else { return None };
    match options.as_array()?.as_slice() {
        [only] => only.as_str(),
        _ => None,
    }
}

fn say(schema: &Value, error: &ValidationError<'_>, at: &Pointer, problems: &mut Vec<Problem>) {
    // The part of the published schema that the document violates.
    let around = error.schema_path().as_str().rsplit_once('/').and_then(|(path, _)| schema.pointer(path));
    let message = match error.kind() {
        Kind::AdditionalProperties { unexpected } => {
            return problems.extend(unexpected.iter().map(|name| Problem::at(&at.join(name), unknown(name, around))));
        }
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            match around.and_then(|around| around.get("properties")?.get(name)?.get("enum")?.as_array()?.first()) {
                Some(value) => format!("`{name}` is missing; expected `{name}: {value}`"),
                None => format!("`{name}` is missing"),
            }
        }
        Kind::Type { kind: TypeKind::Single(kind) } => {
            let scalar = error.instance().is_number() || error.instance().is_boolean();
            let advice = if kind.to_string() == "string" && scalar { "; put it in quotes" } else { "" };
            format!("expected type {kind}, found {}{advice}", type_of(error.instance()))
        }
        Kind::Enum { options } => {
            let options = options.as_array().into_iter().flatten().filter_map(Value::as_str);
            format!("{} is not allowed here; expected {}", error.instance(), quoted(options))
        }
        _ => error.masked_with("the value").to_string(),
    };
    problems.push(Problem::at(at, message));
}

fn unknown(name: &str, schema: Option<&Value>) -> String {
    let known: Vec<_> =
        object(schema.and_then(|schema| schema.get("properties"))).map(|(name, _)| name.as_str()).collect();
    if let Some(meant) = near_miss(name, &known) {
        return format!("`{name}` is not known here; did you mean `{meant}`?");
    }
    let patterns = object(schema.and_then(|schema| schema.get("patternProperties")));
    let patterns = patterns.map(|(pattern, _)| match pattern.as_str() {
        "^x-" => "names that begin with `x-`".to_owned(),
        pattern => format!("names that match `{pattern}`"),
    });
    let mut expected: Vec<_> = known.iter().map(|known| format!("`{known}`")).chain(patterns).collect();
    expected.sort();
    format!("`{name}` is not known here; expected one of {}", expected.join(", "))
}

fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
