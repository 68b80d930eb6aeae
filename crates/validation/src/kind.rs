use crate::sentences::sentences;

sentences! {
    /// A kind of value that this crate checks. All but the last have a type of the same name.
    ///
    /// `Display` prints the name that people use, such as `account number`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Kind {
        Ifsc => "IFSC";
        AccountNumber => "account number";
        Name => "account holder's name";
        Vpa => "UPI address";
        CustomerId => "customer id";
        CustomerAccountId => "customer account id";
        RoutingId => "routing id";
        BankCode => "bank code";
        GatewayId => "gateway id";
        GatewayReferenceId => "gateway reference id";
        Gateway => "gateway";
        MerchantId => "merchant id";
        ApiVersion => "API version";
        Amount => "amount";
        // The bank accounts and UPI addresses of a request, taken together.
        AccountDetails => "account details";
    }
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
            Self::Amount => "0.01 to 9999999.99 rupees, in digits with at most two decimals, such as 1 or 1.50",
            Self::AccountDetails => "at least one bank account or UPI address",
        }
    }
}
