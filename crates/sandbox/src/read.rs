//! Converts a request into checked values, or reports all its problems.
//!
//! The types of the validation crate decide what is valid, as in the client. A problem has the name of the field and
//! never its value.

mod details;
mod form;
mod headers;
mod request;

pub(crate) use form::{is_escaped, parse_form};
pub(crate) use headers::{authorize, form, header, outcome};
pub(crate) use request::{amount, command, customer, optional_headers, request, validates};

#[cfg(test)]
mod tests;
