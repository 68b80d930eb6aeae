#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod accounts;
mod auth;
mod client;
mod customer;
mod delivery;
mod envelope;
mod environment;
mod error;
/// The raw operations and their types, as `cargo xtask regen` makes them from the spec: for what [`Client`] does not cover.
///
/// Reach the operations of a configured client with [`Client::raw`]. Its errors are the generator's, which print
/// headers and bodies: [`Client`] has an error type that does not.
#[rustfmt::skip]
#[allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
pub mod generated;
mod hooks;
mod masking;
mod reconcile;
mod request;
mod retry;
pub mod returned;
mod trace;
mod transport;
mod wait;
mod watched;

pub use accounts::Accounts;
pub use auth::{ApiKey, InvalidApiKey};
pub use client::{Client, ClientBuilder};
pub use customer::{Customer, Revalidation};
pub use delivery::{Delivery, ErrorKind};
pub use envelope::FieldError;
pub use environment::{BaseUrl, Environment, InvalidBaseUrl};
pub use error::Error;
#[doc(inline)]
pub use generated::extra::Extra;
#[doc(inline)]
pub use generated::open_enums::{CustomerAccountType, ValidationStatus};
#[doc(inline)]
pub use generated::types::{CustomerAccount, ReturnedAccountDetails};
/// The types that a request is made of.
pub use juspay_accounts_validation as validation;
pub use juspay_accounts_validation::{AccountsRequest, InvalidRequest};
pub use reconcile::{Ambiguity, Payee, ReconcileOutcome, ReconcilePolicy, Reconciled};
pub use retry::RetryPolicy;
pub use wait::{WaitEnd, WaitPolicy, Waited};
