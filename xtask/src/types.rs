//! Which hand-written type replaces which schema of the project's own spec.

use specgen::{Replacement, Settings};

/// Strings in a request. They are checked when they are made, so a request cannot contain an invalid one.
#[rustfmt::skip]
const VALIDATED: [&str; 14] = [
    "AccountNumber", "Amount", "ApiVersion", "BankCode", "CustomerAccountId", "CustomerId", "Gateway", "GatewayId",
    "GatewayReferenceId", "Ifsc", "MerchantId", "Name", "RoutingId", "Vpa",
];

/// Values of a response that need care: an amount that is a number or a string, and strings that must not be printed by
/// accident.
const RETURNED: [&str; 5] = ["MaskedAccountNumber", "ReceivedAmount", "MaskedName", "MaskedText", "MaskedVpa"];

/// Returns the table of replacements.
pub fn table() -> Vec<Replacement> {
    let row = |schema: &str, module: &str, text| Replacement {
        schema: schema.to_owned(),
        path: format!("{module}::{schema}"),
        text,
    };
    let validated = VALIDATED.map(|schema| row(schema, "::juspay_accounts_validation", true));
    let returned = RETURNED.map(|schema| row(schema, "crate::masked", false));
    validated.into_iter().chain(returned).collect()
}

/// Returns the table, and the parts that the client crate provides for its generated code.
pub fn settings() -> Settings {
    Settings { replacements: table(), inner_type: Some("crate::transport::Transport"), client_crate: "juspay_accounts" }
}
