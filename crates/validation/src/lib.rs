#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![no_std]

extern crate alloc;

#[macro_use]
mod text;

mod account;
mod advice;
mod amount;
mod code;
mod customer;
mod customer_account;
#[cfg(feature = "directory")]
pub mod directory;
mod error;
#[cfg(feature = "directory")]
mod generated;
mod ifsc;
pub mod mask;
mod name;
mod reason;
mod request;
mod scan;
mod vpa;

pub use crate::account::AccountNumber;
pub use crate::advice::Advice;
pub use crate::amount::Amount;
pub use crate::code::{BankCode, Gateway, GatewayId, GatewayReferenceId};
pub use crate::customer::{CustomerId, RoutingId};
pub use crate::customer_account::CustomerAccountId;
pub use crate::error::{Kind, ParseError};
pub use crate::ifsc::Ifsc;
pub use crate::name::Name;
pub use crate::reason::{CharacterClass, Reason};
pub use crate::request::{
    AccountsRequest, BankAccount, InvalidRequest, Parts, Payee, Problem, RequestAdvice, RequestBuilder, RequestOptions,
    Unmasked,
};
pub use crate::vpa::Vpa;
