//! Connections: how long they last, how faults break them, and who may use them.

pub(crate) mod accept;
mod body;
mod breaking;
mod connection;
mod guard;

pub(crate) use body::body;
pub(crate) use connection::IsLocal;
pub(crate) use guard::{cors, is_own_origin, wrong_host};
