//! The vendor's operations, by their names in the spec.

use std::fmt;
use std::str::FromStr;

use axum::routing::MethodFilter;

/// Defines the operations, one row each: `operationId`, method and route, the fields of the form, and the schema of
/// `command`.
macro_rules! operations {
    ($(#[$meta:meta])* pub enum Operation; $($(#[$doc:meta])* $Variant:ident = $id:literal, $METHOD:ident $route:literal, $fields:expr, $command:literal;)*) => {
        $(#[$meta])*
        pub enum Operation {
            $($(#[$doc])* $Variant,)*
        }

        impl Operation {
            /// All operations.
            pub const ALL: [Self; [$($id),*].len()] = [$(Self::$Variant),*];

            /// The `operationId`.
            pub fn id(self) -> &'static str {
                match self { $(Self::$Variant => $id,)* }
            }

            pub(crate) fn route(self) -> (MethodFilter, &'static str) {
                match self { $(Self::$Variant => (MethodFilter::$METHOD, $route),)* }
            }

            /// The fields of the form. Other fields are unknown.
            pub(crate) fn fields(self) -> &'static [&'static str] {
                match self { $(Self::$Variant => $fields,)* }
            }

            /// The component of the spec that lists the values of the field `command`.
            pub(crate) fn command(self) -> &'static str {
                match self { $(Self::$Variant => $command,)* }
            }
        }
    };
}

operations! {
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
    pub enum Operation;

    /// Creates accounts, and validates them unless its `command` is `create`. Each validation of a bank account is a penny
    /// drop.
    CreateAndValidate = "createAndValidateCustomerAccount", POST "/customers/{customer_id}/accounts", &[
        "bank_code",
        "account_details",
        "customer_id",
        "gateway_id",
        "gateway_reference_id",
        "command",
        "preferred_ifsc_validation_gateway",
        "validation_amount",
    ], "Command";
    /// Lists the accounts of a customer.
    List = "listCustomerAccounts", GET "/customers/{customer_id}/customer-accounts/list", &[], "";
    /// Gets one account.
    Get = "getCustomerAccount", GET "/customers/{customer_id}/customer-accounts/{customer_account_id}", &[], "";
    /// Validates an account again.
    Validate = "validateCustomerAccount", POST "/customers/{customer_id}/customer-accounts/{customer_account_id}/validate",
        &["preferred_ifsc_validation_gateway", "validation_amount"], "";
    /// Deletes an account.
    Delete = "deleteCustomerAccount", POST "/customers/{customer_id}/customer-accounts/{customer_account_id}",
        &["command"], "DeleteCommand";
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

/// The spec has no operation with this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownOperation;

impl fmt::Display for UnknownOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an operation is one of ")?;
        f.write_str(&Operation::ALL.map(Operation::id).join(", "))
    }
}

impl std::error::Error for UnknownOperation {}
