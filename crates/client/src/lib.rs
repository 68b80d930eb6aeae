#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod auth;
mod builder;
mod client;
mod customer;
mod environment;
mod error;
/// The raw operations and their types, as `cargo xtask regen` generates them from the spec: for what [`Client`] lacks.
///
/// [`Client::raw`] returns the operations of a configured client. Their errors are the generator's, which print headers
/// and bodies; the errors of [`Client`] do not.
#[cfg(feature = "raw")]
#[rustfmt::skip]
#[allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
pub mod generated;
#[cfg(not(feature = "raw"))]
#[rustfmt::skip]
#[allow(missing_docs, unreachable_pub, dead_code, unused_imports, clippy::all, clippy::pedantic)]
mod generated;
mod headers;
mod hooks;
mod masked;
mod matching;
mod preview;
mod reconcile;
mod redact;
mod request;
mod response;
mod step;
#[cfg(feature = "test-util")]
pub mod test_util;
mod transport;
mod wait;
mod words;

pub use auth::{ApiKey, InvalidSetting};
pub use builder::ClientBuilder;
pub use client::Client;
pub use customer::{Customer, Revalidation};
pub use environment::{BaseUrl, Environment};
pub use error::Error;
pub use error::code::ErrorCode;
pub use error::kind::{Delivery, ErrorKind};
#[doc(inline)]
pub use generated::extra::Extra;
#[doc(inline)]
pub use generated::open_enums::{CustomerAccountType, ValidationStatus};
#[doc(inline)]
pub use generated::types::{CustomerAccount, CustomerAccountDetails};
/// The types that make up a request.
pub use juspay_accounts_validation as validation;
pub use juspay_accounts_validation::{AccountsRequest, Payee};
pub use masked::{Masked, MaskedAccountNumber, MaskedName, MaskedText, MaskedVpa, ReceivedAmount};
pub use matching::{MatchKind, Matched, matched};
pub use preview::RequestPreview;
pub use reconcile::{Ambiguity, ReconcileOutcome, ReconcilePolicy, ReconcileState, Reconciled, ValidatedUnless};
pub use redact::mask_json;
pub use response::{Accounts, Response};
pub use step::Step;
pub use transport::retry::RetryPolicy;
pub use wait::{WaitOutcome, WaitPolicy, WaitState};
