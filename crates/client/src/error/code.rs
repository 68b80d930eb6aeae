//! The vendor's error codes: what each means, and what to do next. The codes themselves are generated from the spec.

pub use crate::generated::open_enums::ErrorCode;

/// One row for each code of the spec: its meaning, and what to do next if the request was refused, as clauses. If a row
/// is missing, the crate does not compile.
macro_rules! explanations {
    ($($Variant:ident: $meaning:literal, $next:literal;)*) => {
        fn explanation(code: &ErrorCode) -> Option<[&'static str; 2]> {
            match code {
                $(ErrorCode::$Variant => Some([$meaning, $next]),)*
                ErrorCode::Other(_) => None,
            }
        }
    };
}

explanations! {
    DuplicateRequest:
        "another request for the same thing is already being processed and may pay",
        "do not send this request again; reconcile, or check the customer's accounts, to find out the outcome";
    BadOrigin:
        "the calling IP address is not on the merchant's allow-list",
        "ask the vendor to add the address to the allow-list, or call the static host https://api-ns1.juspay.in if your \
         firewall needs fixed addresses";
    Unauthorized:
        "the API key is wrong, inactive, or belongs to another environment",
        "check that the key is correct and belongs to this environment";
    Unauthenticated:
        "the API key is wrong, inactive, or belongs to another environment",
        "check that the key is correct and belongs to this environment";
    InvalidInput:
        "a value in the request is wrong",
        "fix the request before retrying; the field-level errors may say where";
    MissingMandatoryParameter:
        "the request lacks a mandatory parameter",
        "fix the request before retrying; the merchant id may be missing (header x-merchantid)";
    InvalidAction:
        "the request asks for something that cannot be done",
        "fix the request before retrying";
    ResourceNotFound:
        "the server does not know this customer or account",
        "check that the ids are correct and belong to this environment";
    ObjectNotFound:
        "the server does not know this customer",
        "check that the customer id is correct and belongs to this environment";
    Expired:
        "the request refers to something that has expired",
        "check what the request refers to before retrying";
    AlreadyExists:
        "the request would create something that already exists",
        "check the customer's accounts instead of sending the request again";
    GatewayNotFound:
        "the merchant's configuration has no such gateway",
        "add the gateway to the merchant's configuration in the dashboard, or ask the vendor to add it";
    AccountNotFound:
        "the merchant's configuration has no such gateway account",
        "add the gateway's account to the merchant's configuration in the dashboard, or ask the vendor to add it";
    InvalidAccountDetails:
        "the gateway's credentials in the merchant's configuration are wrong",
        "fix the gateway's credentials in the dashboard, or ask the vendor to fix them";
    FeatureNotEnabled:
        "account validation is not enabled in the merchant's configuration",
        "ask the vendor to enable it for the merchant";
}

impl ErrorCode {
    /// Returns the meaning of the code, as a clause; `None` for an undocumented code.
    pub fn meaning(&self) -> Option<&'static str> {
        explanation(self).map(|[meaning, _]| meaning)
    }

    /// What to do next if the request was refused.
    pub(super) fn next_step(&self) -> Option<&'static str> {
        explanation(self).map(|[_, next_step]| next_step)
    }

    /// Reads the code of a response. Case does not matter.
    pub(super) fn of_response(code: &str) -> Self {
        let listed = Self::LISTED.iter().find(|listed| code.eq_ignore_ascii_case(listed));
        listed.copied().unwrap_or(code).into()
    }
}
