//! The vendor's error codes: what each means, and what to do next.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One row for each code: its name, its meaning, and the next step.
macro_rules! codes {
    ($($Variant:ident = $code:literal, $meaning:literal, $next:literal;)*) => {
        /// A code of the vendor's general table of errors (`error_info.code`), or any other that a server sends.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        #[non_exhaustive]
        pub enum ErrorCode {
            $(#[doc = concat!("`", $code, "`: ", $meaning, ".")] $Variant,)*
            /// Any other code.
            Other(String),
        }

        impl ErrorCode {
            /// The code as the vendor writes it.
            pub fn as_str(&self) -> &str {
                match self { $(Self::$Variant => $code,)* Self::Other(code) => code }
            }

            /// What the code means, as a clause; `None` for a code that is not documented.
            pub fn meaning(&self) -> Option<&'static str> {
                match self { $(Self::$Variant => Some($meaning),)* Self::Other(_) => None }
            }

            /// What to do next, as a clause, where the request was [refused](crate::Delivery::Refused); `None` for a code
            /// that is not documented. [`Error::next_step`](crate::Error::next_step) is right for any failure.
            pub fn next_step(&self) -> Option<&'static str> {
                match self { $(Self::$Variant => Some($next),)* Self::Other(_) => None }
            }
        }

        impl From<&str> for ErrorCode {
            /// Letters of either case are the same code.
            fn from(code: &str) -> Self {
                $(if code.eq_ignore_ascii_case($code) { return Self::$Variant; })*
                Self::Other(code.to_owned())
            }
        }
    };
}

codes! {
    DuplicateRequest = "DUPLICATE_REQUEST",
        "another request for the same thing is already being processed, and that one may pay",
        "do not send it again; reconcile, or look at the customer's accounts, to learn its outcome";
    BadOrigin = "BAD_ORIGIN",
        "the calling IP address is not on the merchant's allow-list",
        "ask the vendor to add the address to the allow-list, or call the static host https://api-ns1.juspay.in if your \
         firewall needs fixed addresses";
    Unauthorized = "UNAUTHORIZED",
        "the API key is wrong, inactive, or belongs to another environment",
        "check the key, and that it belongs to this environment";
    Unauthenticated = "UNAUTHENTICATED",
        "the API key is wrong, inactive, or belongs to another environment",
        "check the key, and that it belongs to this environment";
    InvalidInput = "INVALID_INPUT",
        "a value in the request is wrong",
        "fix the request before retrying; the field-level errors may say where";
    MissingMandatoryParameter = "MISSING_MANDATORY_PARAMETER",
        "the request lacks a mandatory parameter",
        "fix the request before retrying; if the merchant id may be what is missing, set it (header x-merchantid)";
    InvalidAction = "INVALID_ACTION",
        "the request asks for something that cannot be done",
        "fix the request before retrying";
    ResourceNotFound = "RESOURCE_NOT_FOUND",
        "the server knows no such customer or account",
        "check the ids, and that they belong to this environment";
    ObjectNotFound = "object_not_found",
        "the server knows no such customer",
        "check the customer id, and that it belongs to this environment";
    Expired = "EXPIRED",
        "what the request refers to has expired",
        "check what the request refers to before retrying";
    AlreadyExists = "ALREADY_EXISTS",
        "what the request would create already exists",
        "look at the customer's accounts instead of sending the request again";
    GatewayNotFound = "GATEWAY_NOT_FOUND",
        "the merchant's configuration has no such gateway",
        "have the gateway added to the merchant's configuration (dashboard or vendor)";
    AccountNotFound = "ACCOUNT_NOT_FOUND",
        "the merchant's configuration has no such gateway account",
        "have the gateway's account added to the merchant's configuration (dashboard or vendor)";
    InvalidAccountDetails = "INVALID_ACCOUNT_DETAILS",
        "the gateway's credentials in the merchant's configuration are wrong",
        "have the gateway's credentials fixed in the merchant's configuration (dashboard or vendor)";
    FeatureNotEnabled = "FEATURE_NOT_ENABLED",
        "account validation is not enabled in the merchant's configuration",
        "ask the vendor to enable it for the merchant";
}

impl From<String> for ErrorCode {
    fn from(code: String) -> Self {
        Self::from(code.as_str())
    }
}

impl From<ErrorCode> for String {
    fn from(code: ErrorCode) -> Self {
        code.as_str().to_owned()
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
