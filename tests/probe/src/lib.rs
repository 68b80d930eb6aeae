//! Calls a server of the API, and compares its responses with the spec and the test data.
//!
//! - [`Target`] is a server that may be called: never the vendor's production.
//! - [`Plan`] is the list of requests with their [`Cost`]: the examples of the spec and the vendor's test data, each
//!   once.
//! - [`run`] sends them. A [`Report`] has each [`Drift`], and a [`Recording`] of the responses without their values.
//! - [`Responses`] compares one response with the spec of its operation, and [`Judge`] one value with a schema. The
//!   contract tests use these two alone, too.
//!
//! This crate reads the raw JSON, and uses only the spec. The client's types read leniently, and would hide changes.

mod accounts;
mod drift;
mod http;
mod judge;
mod plan;
mod recording;
mod response;
mod run;
mod target;

pub use drift::{Change, Drift, Report};
pub use judge::{Constraint, ITEM, Judge};
pub use plan::{Call, Cost, Outcome, Plan, TestAccount};
pub use recording::{Exchange, Recording, Sanitizer};
pub use response::{Departure, Difference, Received, Responses};
pub use run::{Patience, run};
pub use target::Target;
