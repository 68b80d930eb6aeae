//! Tests of the public API, as one program.

mod account_number;
mod amount;
mod conversions;
mod identifiers;
mod ifsc;
mod mask;
mod name;
mod request;
mod secrecy;
mod vpa;
