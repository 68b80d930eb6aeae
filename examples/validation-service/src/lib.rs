//! A service that validates payees in the background.
//!
//! `POST /validations` takes a payee, stores it and returns its number; a spawned task validates it.
//! `GET /validations/{number}` returns the outcome. Stopping and restarting the service is safe at any moment, because:
//!
//! - A row is marked as being sent **before** its request is sent, so that after a crash it is reconciled.
//! - A row with an unknown outcome is reconciled, and not sent again until it is proven absent.
//! - A row with a pending validation is not final: its account is read until the validation ends.
//! - The state of a reconciliation or a wait is stored in the row, so that it continues after a restart.

mod outcome;
mod service;
mod store;
mod work;

pub use outcome::{Outcome, Row};
pub use service::router;
pub use store::Store;
pub use work::Worker;
