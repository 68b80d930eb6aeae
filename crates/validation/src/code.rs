//! Short codes that the vendor assigns, for example to a bank, a gateway or a merchant.
//!
//! The vendor documents no format for these codes and may add new ones. This crate requires one visible word of 1 to
//! 128 ASCII characters, which rules out a missing value and a stray space. Whether the vendor knows a code is not
//! checked.

use alloc::string::String;

use crate::reason::Reason;
use crate::scan;

macro_rules! codes {
    ($($(#[$doc:meta])* $Type:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// The vendor documents no format. This crate requires one visible word: 1 to 128 ASCII characters without
        /// spaces. `Display` and `Debug` show the code unmasked.
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $Type(pub(crate) String);
    )*};
}

codes! {
    /// The vendor's code for the bank of the accounts (`bank_code`), such as `JP_HDFC`.
    BankCode;
    /// The id of the provider that performs the validation of bank accounts (`gateway_id`), such as `100`.
    GatewayId;
    /// The id of the merchant's arrangement with a gateway (`gateway_reference_id`), such as `payouts_main`.
    GatewayReferenceId;
    /// The gateway that is preferred for the validation (`preferred_ifsc_validation_gateway`), such as `CFGEN`.
    Gateway;
    /// The id of the merchant (header `x-merchantid`), such as `my_shop`.
    MerchantId;
    /// The version of the API (header `version`), a date such as `2023-08-01`.
    ApiVersion;
}

pub(crate) fn rule(text: &str) -> Result<(), Reason> {
    scan::visible_word(text, 128)
}
