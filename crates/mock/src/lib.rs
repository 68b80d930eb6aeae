#![doc = include_str!("../README.md")]

mod form;
#[rustfmt::skip]
#[allow(missing_docs, clippy::all, clippy::pedantic, clippy::unwrap_used, clippy::expect_used)]
mod generated;
mod path;
mod request;

pub use generated::{MockServerExt, operations};
/// The library that the matchers extend. Import it from here to get the version that they work with.
pub use httpmock;
