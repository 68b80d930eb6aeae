//! From the bytes of a request to checked values, or to everything that is wrong with them.
//!
//! The types of the validation crate decide what is well formed, as they do for the client. What is said of a problem names
//! the field and never the value.

mod details;
mod form;
mod problem;
mod request;

pub(crate) use form::{Form, form, is_escaped};
pub(crate) use problem::Problem;
pub(crate) use request::{Command, amount, customer, headers, only_command, request};

#[cfg(test)]
mod tests;
