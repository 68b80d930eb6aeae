//! Questions to a schema that a documented fact leads to: where a property stands, which types and values it takes.

pub(super) use openapi_doc::{Property, bound, listed, property, types};
