//! Faults that the sandbox injects into responses and connections.

mod injector;
mod kind;
mod rule;

pub(crate) use injector::{Drawn, Injector};
pub use kind::FaultKind;
pub(crate) use kind::{KINDS, Moment};
pub use rule::Fault;
pub(crate) use rule::milliseconds;
