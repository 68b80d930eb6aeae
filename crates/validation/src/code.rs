//! Short codes that the vendor assigns, for example to a bank, a gateway or a merchant.
//!
//! The vendor documents no format for these codes and may add new ones. This crate requires one visible word of 1 to
//! 128 ASCII characters, which rules out a missing value and a stray space. The rest is left to the vendor.

use alloc::string::String;

use crate::reason::Reason;
use crate::scan;

macro_rules! code {
    ($(#[$doc:meta])* $Type:ident, $example:literal) => {
        $(#[$doc])*
        ///
        /// The vendor documents no format. This crate requires one visible word: 1 to 128 ASCII characters without
        /// spaces. `Display` and `Debug` show the code unmasked.
        ///
        /// ```
        #[doc = concat!("use juspay_accounts_validation::", stringify!($Type), ";")]
        ///
        #[doc = concat!("let code: ", stringify!($Type), " = \"", $example, "\".parse()?;")]
        #[doc = concat!("assert_eq!(code.to_string(), \"", $example, "\");")]
        #[doc = concat!(
            "assert!(\"two words\".parse::<", stringify!($Type), ">().is_err());"
        )]
        /// # Ok::<(), juspay_accounts_validation::ParseError>(())
        /// ```
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $Type(pub(crate) String);
    };
}

code! {
    /// The vendor's code for the bank of the accounts (`bank_code`), such as `JP_HDFC`.
    BankCode, "JP_HDFC"
}

code! {
    /// The id of the provider that performs the validation of bank accounts (`gateway_id`).
    GatewayId, "100"
}

code! {
    /// The id of the merchant's arrangement with a gateway (`gateway_reference_id`).
    GatewayReferenceId, "payouts_main"
}

code! {
    /// The gateway that is preferred for the validation
    /// (`preferred_ifsc_validation_gateway`).
    Gateway, "CFGEN"
}

code! {
    /// The id of the merchant (header `x-merchantid`).
    MerchantId, "my_shop"
}

code! {
    /// The version of the API (header `version`), a date.
    ApiVersion, "2023-08-01"
}

pub(crate) fn rule(text: &str) -> Result<(), Reason> {
    scan::visible_word(text, 128)
}
