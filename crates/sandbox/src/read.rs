//! Parses the bytes of a request into checked values, or reports all problems.
//!
//! The types of the validation crate decide what is valid, as in the client. A problem names the field and never the
//! value.

mod details;
mod form;
mod headers;
mod request;

pub(crate) use form::{Form, is_escaped, parse_form};
pub(crate) use headers::{authorize, form, header, outcome};
pub(crate) use request::{Command, amount, customer, only_command, optional_headers, request};

/// A problem with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) field: String,
    pub(crate) reason: String,
}

impl Problem {
    pub(crate) fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }
}

fn missing(field: &str) -> Problem {
    Problem::new(field, "it is missing")
}

#[cfg(test)]
mod tests;
