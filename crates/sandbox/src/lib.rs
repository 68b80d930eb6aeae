#![doc = include_str!("../README.md")]

mod answer;
mod api;
mod connection;
mod console;
mod fault;
mod outcome;
mod read;
mod server;
mod store;

pub use fault::{Fault, FaultKind, InvalidFault, Moment};
pub use outcome::Pending;
pub use server::{Builder, Sandbox};
pub use store::{Held, Received};
