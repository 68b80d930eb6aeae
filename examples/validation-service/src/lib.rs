//! A service that validates payees in the background.
//!
//! `PUT /validations/{reference}` stores a payee under a reference that the caller chooses; a spawned task validates
//! the payee. `GET /validations/{reference}` returns the outcome. Stopping and restarting the service is safe at any
//! moment, and so is a second `PUT` after a lost response, because:
//!
//! - A reference has one row. Only a refused row is sent again by another `PUT`.
//! - A row is marked as being sent **before** its request is sent, so that after a crash it is reconciled.
//! - A row with an unknown outcome is reconciled. Its request is sent again only if it was proven never to have been
//!   processed.
//! - A row with a pending validation is not final: its account is read until the validation ends.
//! - The state of a reconciliation or a wait is stored in the row, so that it continues after a restart.
//! - The table is locked, so that a second process does not send its rows too.

mod outcome;
mod service;
mod store;
mod work;

pub use outcome::{Outcome, Row};
pub use service::router;
pub use store::Store;
pub use work::Worker;
