//! Parses the bytes of a request into checked values, or reports all problems.
//!
//! The types of the validation crate decide what is valid, as in the client. A problem names the field and never the
//! value.

mod details;
mod form;
mod problem;
mod request;

pub(crate) use form::{Form, form, is_escaped};
pub(crate) use problem::Problem;
pub(crate) use request::{Command, amount, customer, headers, only_command, request};

#[cfg(test)]
mod tests;
