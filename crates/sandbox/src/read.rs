//! Parses the bytes of a request into checked values, or reports all problems.
//!
//! The types of the validation crate decide what is valid, as in the client. A problem names the field and never the
//! value.

mod details;
mod form;
mod headers;
mod request;

pub(crate) use form::{is_escaped, parse_form};
pub(crate) use headers::{authorize, form, header, outcome};
pub(crate) use request::{Command, amount, customer, only_command, optional_headers, request};

#[cfg(test)]
mod tests;
