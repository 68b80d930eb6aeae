//! Connections: how long they last, how faults break them, and who may use them.

mod body;
mod connection;
mod guard;

pub(crate) use body::body;
pub(crate) use connection::{IsLocal, serve};
pub(crate) use guard::{cors, is_own_origin, wrong_host};
