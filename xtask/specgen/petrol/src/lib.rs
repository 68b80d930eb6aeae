//! The code that specgen generates from `petrol.yaml`, a spec from another trade with features that this project's own
//! spec lacks. The code is committed, so that a review shows how a pass changes it. The tests of specgen check that the
//! code is up to date, and use it as a program would.

#[rustfmt::skip]
#[allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
pub mod generated;
