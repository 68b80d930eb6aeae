//! A service that validates payees in the background.
//!
//! `POST /validations` takes a payee, stores it and returns its number; a spawned task validates it. `GET /validations/{number}`
//! returns the outcome. What makes it safe to stop and restart the service at any moment:
//!
//! - A row says that its request is being sent **before** it is sent, so that a crash leaves a row to reconcile.
//! - A row whose outcome is unknown is reconciled, never sent again before it is proven absent.
//! - The state of a reconciliation is a column too, so that its waiting survives a restart.

mod outcome;
mod service;
mod store;
mod work;

pub use outcome::{Outcome, Row};
pub use service::router;
pub use store::Store;
pub use work::Worker;
