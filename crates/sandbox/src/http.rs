//! Connections: how many there are, how long they last, how faults break them, and who may use them.

pub(crate) mod accept;
mod body;
mod breaking;
mod connection;
mod guard;
mod waiting;

pub(crate) use body::{Sent, Unread};
pub(crate) use breaking::Break;
pub(crate) use connection::Peer;
pub(crate) use guard::{cors, is_own_origin, wrong_host};
