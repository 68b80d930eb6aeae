//! Checks that every `$ref` leads to a component of this document, and of the right kind.

use openapi_doc::{Document, Problem, keyword_objects, near_miss, resolve};
use serde_json::Value;

pub(super) fn check(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    keyword_objects(&document.value, |at, kind, map| {
        let reference = map.get("$ref").and_then(Value::as_str);
        let found = reference.and_then(|reference| Some((reference, wrong(&document.value, kind, reference)?)));
        problems.extend(found.map(|(reference, how)| Problem::at(&at.join("$ref"), format!("`{reference}` {how}"))));
    });
    problems
}

/// What is wrong with a reference at a place for objects of `kind`. If `kind` is empty, the reference may lead to any
/// value.
fn wrong(document: &Value, kind: &str, reference: &str) -> Option<String> {
    let Some(local) = reference.strip_prefix('#') else {
        return Some(
            "is in another file; expected a place in this one, such as `#/components/schemas/Name`".to_owned(),
        );
    };
    let Some(target) = document.pointer(local) else {
        return Some(format!("is dangling: there is no such value{}", did_you_mean(document, local)));
    };
    if resolve(document, target).is_none() {
        return Some(
            "leads to no definition: the references after it form a cycle, or the last one is broken".to_owned(),
        );
    }
    let name = local.strip_prefix("/components/").and_then(|rest| rest.strip_prefix(kind)?.strip_prefix('/'));
    (!kind.is_empty() && name.is_none_or(|name| name.contains('/')))
        .then(|| format!("does not point to one of the {kind}; expected `#/components/{kind}/Name`"))
}

fn did_you_mean(document: &Value, local: &str) -> String {
    let meant = local.rsplit_once('/').and_then(|(parent, name)| {
        let siblings: Vec<_> = document.pointer(parent)?.as_object()?.keys().map(String::as_str).collect();
        near_miss(name, &siblings).map(|meant| format!("; did you mean `#{parent}/{meant}`?"))
    });
    meant.unwrap_or_default()
}
