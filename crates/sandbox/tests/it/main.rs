//! The sandbox over HTTP, as one program.

mod hostile;
mod server;
