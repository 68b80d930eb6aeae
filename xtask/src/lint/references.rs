//! Does every `$ref` lead somewhere in this document, and to a component of the right kind?

use std::collections::BTreeSet;

use serde_json::Value;

use super::ALIKE;
use crate::document::{Document, references, resolve, schemas};
use crate::problem::{Pointer, Problem};

pub(super) fn check(document: &Document) -> Vec<Problem> {
    let found = references(&document.value, &Pointer::default());
    let schemas = schemas(&document.value).into_iter().collect();
    found.iter().filter_map(|(at, reference)| judge(&document.value, &schemas, at, reference)).collect()
}

fn judge(document: &Value, schemas: &BTreeSet<Pointer>, at: &Pointer, reference: &str) -> Option<Problem> {
    let says = |message: String| Some(Problem::at(&at.join("$ref"), message));
    let Some(local) = reference.strip_prefix('#') else {
        return says(format!(
            "`{reference}` is in another file; accepted are references within this one, such as `#/components/schemas/Name`"
        ));
    };
    if document.pointer(local).is_none() {
        return says(format!("`{reference}` leads nowhere: this file has no such value{}", close_to(document, local)));
    }
    let target = document.pointer(local)?;
    if resolve(document, target).is_none() {
        return says(format!("`{reference}` leads in a circle of references, with no definition on it"));
    }
    let kind = kind(at, schemas)?;
    let name = local.strip_prefix("/components/").and_then(|rest| rest.strip_prefix(kind)?.strip_prefix('/'));
    if name.is_none_or(|name| name.contains('/')) {
        return says(format!(
            "`{reference}` is none of the {kind}; accepted is a reference to `#/components/{kind}/Name`"
        ));
    }
    None
}

/// The sibling that a reference with a slip may have meant.
fn close_to(document: &Value, local: &str) -> String {
    let meant = local.rsplit_once('/').and_then(|(parent, name)| {
        let siblings: Vec<_> = document.pointer(parent)?.as_object()?.keys().map(String::as_str).collect();
        let close = similar::get_close_matches(name, &siblings, 1, ALIKE);
        close.first().map(|close| format!("; did you mean `#{parent}/{close}`?"))
    });
    meant.unwrap_or_default()
}

/// What must stand at a place, if it is a place of one kind of component. Schemas are known from the walk, since a
/// property can be called anything.
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
