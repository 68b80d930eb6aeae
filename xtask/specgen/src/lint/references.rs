//! Does every `$ref` lead to a component of this document, and of the right kind?

use std::collections::BTreeSet;

use openapi_doc::{Document, Pointer, Problem, near_miss, references, resolve, schemas};
use serde_json::Value;

pub(super) fn check(document: &Document) -> Vec<Problem> {
    let schemas = schemas(&document.value).into_iter().collect();
    let found = references(&document.value, &Pointer::default());
    let judge = |(at, reference): (Pointer, &str)| {
        let message = wrong(&document.value, &schemas, &at, reference)?;
        Some(Problem::at(&at.join("$ref"), format!("`{reference}` {message}")))
    };
    found.into_iter().filter_map(judge).collect()
}

fn wrong(document: &Value, schemas: &BTreeSet<Pointer>, at: &Pointer, reference: &str) -> Option<String> {
    let Some(local) = reference.strip_prefix('#') else {
        return Some(
            "is in another file; expected a place in this one, such as `#/components/schemas/Name`".to_owned(),
        );
    };
    let Some(target) = document.pointer(local) else {
        return Some(format!("is dangling: there is no such value{}", did_you_mean(document, local)));
    };
    if resolve(document, target).is_none() {
        return Some("is part of a cycle of references, without a definition in it".to_owned());
    }
    let kind = kind(at, schemas)?;
    let name = local.strip_prefix("/components/").and_then(|rest| rest.strip_prefix(kind)?.strip_prefix('/'));
    name.is_none_or(|name| name.contains('/'))
        .then(|| format!("does not point to one of the {kind}; expected `#/components/{kind}/Name`"))
}

fn did_you_mean(document: &Value, local: &str) -> String {
    let meant = local.rsplit_once('/').and_then(|(parent, name)| {
        let siblings: Vec<_> = document.pointer(parent)?.as_object()?.keys().map(String::as_str).collect();
        near_miss(name, &siblings).map(|meant| format!("; did you mean `#{parent}/{meant}`?"))
    });
    meant.unwrap_or_default()
}

/// The kind of component that belongs at a place, if only one does. The walk provides the schemas, because a property
/// can have any name.
fn kind(at: &Pointer, schemas: &BTreeSet<Pointer>) -> Option<&'static str> {
    if schemas.contains(at) {
        return Some("schemas");
    }
    let keys = at.keys();
    let mut keys = keys.iter().rev().map(String::as_str);
    match (keys.next()?, keys.next()?) {
        ("requestBody", _) | (_, "requestBodies") => Some("requestBodies"),
        (_, "parameters") => Some("parameters"),
        (_, "responses") => Some("responses"),
        (_, "headers") => Some("headers"),
        (_, "examples") => Some("examples"),
        _ => None,
    }
}
