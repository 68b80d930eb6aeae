#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![no_std]

extern crate alloc;

// Each module uses only modules of its own group and of the groups above.
mod character;
mod error;
mod kind;
pub mod mask;
mod reason;
mod scan;
mod sentences;

mod account;
mod amount;
mod code;
mod customer;
mod customer_account;
mod ifsc;
mod name;
mod rules;
mod shapes;
mod vpa;

// Parsing, repairs and conversions.
mod clean;
mod conversions;
mod explain;

// Advice about accepted values.
mod advice;
#[cfg(feature = "directory")]
pub mod directory;
#[cfg(feature = "directory")]
mod generated;
mod merged;
#[cfg(feature = "names")]
pub mod names;
mod placeholder;

mod request;

pub use crate::account::AccountNumber;
pub use crate::advice::Advice;
pub use crate::amount::Amount;
pub use crate::character::Character;
pub use crate::clean::{Change, Cleaned};
pub use crate::code::{ApiVersion, BankCode, Gateway, GatewayId, GatewayReferenceId, MerchantId};
pub use crate::customer::{CustomerId, RoutingId};
pub use crate::customer_account::CustomerAccountId;
pub use crate::error::ParseError;
pub use crate::ifsc::Ifsc;
pub use crate::kind::Kind;
pub use crate::merged::Merger;
pub use crate::name::Name;
pub use crate::reason::Reason;
pub use crate::request::{
    AccountsRequest, BankAccount, InvalidRequest, Located, Parts, Payee, Problem, RequestAdvice, RequestBuilder,
    RequestOptions, Unmasked,
};
pub use crate::vpa::Vpa;
