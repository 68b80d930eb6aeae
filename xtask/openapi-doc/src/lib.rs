//! An OpenAPI document as raw JSON, for tools that check or change it.
//!
//! A typed model of OpenAPI drops what it does not know, and loses the place of everything else. Here every value keeps
//! its JSON pointer, so that errors can name it, and even a construct that no typed model can hold can be reported.
//!
//! - [`Document`] reads a file; [`Pointer`] names a place in it; [`Problem`] is an error at a place.
//! - [`places`] lists all places.
//! - [`operations`] lists the operations with their paths, methods and parameters.
//! - [`keyword_objects`] visits every object with its kind, [`schemas`] lists the schemas among them. Both skip data,
//!   so an `example` that looks like a schema is never mistaken for one.
//! - [`resolve`] and [`target`] follow references; [`reach`] lists all places that references lead to.
//! - [`members`] lists the schemas that a schema is composed of; [`property`] and [`types`] search them. [`listed`]
//!   finds the values that a schema lists.
//! - [`ensure`] writes a file that a tool owns, or compares it.

mod document;
mod extensions;
mod file;
mod operation;
mod pointer;
mod problem;
mod reference;
mod schema;
#[cfg(test)]
mod tests;

pub use document::{Document, MAX_DEPTH, sha256};
pub use file::{Mode, ensure, shortened, unified_diff};
pub use operation::{FORM, METHODS, Operation, examples_at, operations};
pub use pointer::{Pointer, places};
pub use problem::{Place, Problem, Problems};
pub use reference::{component_name, keyword_objects, reach, resolve, schemas, target};
pub use schema::{
    COMPOSITIONS, Listed, Property, bound, can_be_null, listed, members, nullable_as_a_type, property, type_of, types,
};

use serde_json::{Map, Value};

/// Returns the entries of a value that should be an object; empty if the value is something else.
pub fn object(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

/// Returns the items of a value that should be an array, with their pointers; empty if the value is something else.
pub fn items(value: Option<&Value>, at: Pointer) -> impl Iterator<Item = (Pointer, &Value)> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.enumerate().map(move |(index, item)| (at.join(index), item))
}

/// Returns the name in `names` that a misspelled name probably means.
pub fn near_miss<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    /// How similar two names must be, from 0 to 1.
    const SIMILARITY: f32 = 0.7;
    similar::get_close_matches(name, names, 1, SIMILARITY).first().copied()
}
