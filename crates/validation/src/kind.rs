use core::fmt;

/// A kind of value that this crate checks.
///
/// `Display` prints the name that people use, such as `account number`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The code of a bank branch; see [`Ifsc`](crate::Ifsc).
    Ifsc,
    /// The number of a bank account; see [`AccountNumber`](crate::AccountNumber).
    AccountNumber,
    /// The name of an account holder; see [`Name`](crate::Name).
    Name,
    /// A UPI address; see [`Vpa`](crate::Vpa).
    Vpa,
    /// The id of a customer; see [`CustomerId`](crate::CustomerId).
    CustomerId,
    /// The id of a customer account; see [`CustomerAccountId`](crate::CustomerAccountId).
    CustomerAccountId,
    /// The value of the header `x-routing-id`; see [`RoutingId`](crate::RoutingId).
    RoutingId,
    /// The vendor's code for a bank; see [`BankCode`](crate::BankCode).
    BankCode,
    /// The id of a provider; see [`GatewayId`](crate::GatewayId).
    GatewayId,
    /// The id of an arrangement with a provider; see [`GatewayReferenceId`](crate::GatewayReferenceId).
    GatewayReferenceId,
    /// The name of a gateway; see [`Gateway`](crate::Gateway).
    Gateway,
    /// The id of a merchant; see [`MerchantId`](crate::MerchantId).
    MerchantId,
    /// The version of the API; see [`ApiVersion`](crate::ApiVersion).
    ApiVersion,
    /// An amount in rupees; see [`Amount`](crate::Amount).
    Amount,
    /// The bank accounts and UPI addresses of a request, taken together.
    AccountDetails,
}

impl Kind {
    /// Describes the valid values of this kind. Error messages do not include this text.
    pub const fn accepted(self) -> &'static str {
        match self {
            Self::Ifsc => "4 capital letters, 0, then 6 capital letters or digits",
            Self::AccountNumber => "5 to 35 letters or digits",
            Self::Name => "1 to 120 characters, without control characters",
            Self::Vpa => {
                "1 to 255 letters, digits, dots, hyphens or underscores, then @, then a handle: \
                 a letter and 1 to 63 letters or digits, or one of NPCI's forms that end in .npci"
            }
            Self::CustomerId => {
                "1 to 255 English letters, digits or signs other than / ? # \\, without spaces; neither . nor .."
            }
            Self::CustomerAccountId => "5 to 255 letters, digits, hyphens or underscores",
            Self::RoutingId => "1 to 255 English letters, digits or signs, without spaces",
            Self::BankCode
            | Self::GatewayId
            | Self::GatewayReferenceId
            | Self::Gateway
            | Self::MerchantId
            | Self::ApiVersion => "1 to 128 English letters, digits or signs, without spaces",
            Self::Amount => "rupees from 0.01 to 9999999.99, at most two decimals, digits and one point only",
            Self::AccountDetails => "at least one bank account or UPI address",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ifsc => "IFSC",
            Self::AccountNumber => "account number",
            Self::Name => "account holder's name",
            Self::Vpa => "UPI address",
            Self::CustomerId => "customer id",
            Self::CustomerAccountId => "customer account id",
            Self::RoutingId => "routing id",
            Self::BankCode => "bank code",
            Self::GatewayId => "gateway id",
            Self::GatewayReferenceId => "gateway reference id",
            Self::Gateway => "gateway",
            Self::MerchantId => "merchant id",
            Self::ApiVersion => "API version",
            Self::Amount => "amount",
            Self::AccountDetails => "account details",
        })
    }
}
