use std::fmt;
use std::str::FromStr;

use crate::invalid::InvalidInput;
use crate::spec::{self, Described};

/// An operation of the vendor's API. `Display` and `FromStr` use its `operationId` in the spec.
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
    /// Creates accounts, and validates them unless the form field `command` is `create`. Each validation of a bank
    /// account is a penny drop.
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
    /// All operations.
    pub const ALL: [Self; 5] = [Self::CreateAndValidate, Self::List, Self::Get, Self::Validate, Self::Delete];

    /// Returns the `operationId` in the spec.
    pub fn id(self) -> &'static str {
        match self {
            Self::CreateAndValidate => "createAndValidateCustomerAccount",
            Self::List => "listCustomerAccounts",
            Self::Get => "getCustomerAccount",
            Self::Validate => "validateCustomerAccount",
            Self::Delete => "deleteCustomerAccount",
        }
    }

    pub(crate) fn described(self) -> Option<Described> {
        spec::operation(self.id())
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Operation {
    type Err = InvalidInput;

    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        let found = Self::ALL.into_iter().find(|operation| operation.id() == text);
        found.ok_or_else(|| format!("expected an operation: {}", Self::ALL.map(Self::id).join(", ")).into())
    }
}
