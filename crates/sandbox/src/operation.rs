//! The vendor's operations, by their name in the spec.

use std::fmt;
use std::str::FromStr;

/// An operation of the vendor's API. Its text is the `operationId` of the spec.
///
/// ```
/// use juspay_accounts_sandbox::Operation;
///
/// assert_eq!("getCustomerAccount".parse(), Ok(Operation::Get));
/// assert_eq!(Operation::CreateAndValidate.to_string(), "createAndValidateCustomerAccount");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// Creates accounts, and validates them unless its `command` is `create`. Each validation of a bank account is a penny
    /// drop.
    CreateAndValidate,
    /// Lists the accounts of a customer.
    List,
    /// Gets one account.
    Get,
    /// Validates an account again.
    Validate,
    /// Deletes an account.
    Delete,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::CreateAndValidate, Self::List, Self::Get, Self::Validate, Self::Delete];

    /// Its `operationId`.
    pub fn id(self) -> &'static str {
        match self {
            Self::CreateAndValidate => "createAndValidateCustomerAccount",
            Self::List => "listCustomerAccounts",
            Self::Get => "getCustomerAccount",
            Self::Validate => "validateCustomerAccount",
            Self::Delete => "deleteCustomerAccount",
        }
    }

    /// The fields of its form. Others are unknown.
    pub(crate) fn fields(self) -> &'static [&'static str] {
        match self {
            Self::CreateAndValidate => &[
                "bank_code",
                "account_details",
                "customer_id",
                "gateway_id",
                "gateway_reference_id",
                "command",
                "preferred_ifsc_validation_gateway",
                "validation_amount",
            ],
            Self::Validate => &["preferred_ifsc_validation_gateway", "validation_amount"],
            Self::Delete => &["command"],
            Self::List | Self::Get => &[],
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Operation {
    type Err = UnknownOperation;

    fn from_str(text: &str) -> Result<Self, UnknownOperation> {
        Self::ALL.into_iter().find(|operation| operation.id() == text).ok_or(UnknownOperation)
    }
}

/// The spec has no operation of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownOperation;

impl fmt::Display for UnknownOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an operation is one of ")?;
        f.write_str(&Operation::ALL.map(Operation::id).join(", "))
    }
}

impl std::error::Error for UnknownOperation {}
