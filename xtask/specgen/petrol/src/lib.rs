//! What specgen makes of `petrol.yaml`, a spec from another trade that has what this project's own does not have. The code
//! is committed, so that a change of a pass shows in review; the tests of specgen check that it is up to date,
//! and use it as a program would.

#[rustfmt::skip]
#[allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
pub mod generated;
