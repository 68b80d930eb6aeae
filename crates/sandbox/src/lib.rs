#![doc = include_str!("../README.md")]

mod account;
mod api;
mod builder;
mod clock;
mod console;
mod control;
mod fault;
mod http;
mod invalid;
mod json;
mod masking;
mod operation;
mod outcome;
mod pending;
mod plan;
mod read;
mod received;
mod refusal;
mod response;
mod server;
mod shared;
mod snapshot;
mod spec;
mod store;
mod test_data;

pub use account::Held;
pub use builder::Builder;
pub use fault::{Fault, FaultKind};
pub use invalid::InvalidInput;
pub use operation::Operation;
pub use outcome::Outcome;
pub use pending::Pending;
pub use received::{EndedBy, Received};
pub use server::Sandbox;
