#![doc = include_str!("../README.md")]

mod account;
mod api;
mod builder;
mod clock;
mod console;
mod control;
mod fault;
mod http;
mod masking;
mod operation;
mod outcome;
mod read;
mod received;
mod response;
mod server;
mod shared;
mod snapshot;
mod spec;
mod store;
mod test_data;

pub use account::Held;
pub use builder::Builder;
pub use fault::{Fault, FaultKind, InvalidFault, Moment};
pub use operation::{Operation, UnknownOperation};
pub use outcome::{InvalidPending, Outcome, Pending};
pub use received::{EndedBy, Received};
pub use server::Sandbox;
pub use snapshot::InvalidSnapshot;
