//! Calls a server of the API, and compares its responses with the spec and with what the test data promises.
//!
//! - [`Target`] is a server that may be called: never the vendor's production.
//! - [`Plan`] is what is sent, with its [`Cost`]: the examples of the spec and the vendor's test data, each once.
//! - [`run`] sends it. A [`Report`] has each [`Drift`], and a [`Recording`] of the responses without their values.
//!
//! It reads the JSON as it arrives, by the spec alone. The client's types read leniently, and would hide what changes.

mod accounts;
mod drift;
mod http;
mod plan;
mod recording;
mod run;
mod target;

pub use drift::{Change, Drift, Report};
pub use plan::{Call, Cost, Outcome, Plan, TestAccount};
pub use recording::{Exchange, Recording, Sanitizer};
pub use run::{Patience, run};
pub use target::Target;
