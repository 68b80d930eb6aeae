//! Converts a checked request to the generated form.

use juspay_accounts_validation::{AccountsRequest, BankAccount, Parts, RequestOptions};

use crate::generated::json::Json;
use crate::generated::types::{self, Command};

/// Converts the request. All fields are named, so that after a field is added to the spec or to the request, this
/// function does not compile until it sends the field.
pub(crate) fn form(command: Command, request: &AccountsRequest) -> types::CreateAndValidateForm {
    let Parts { customer_id, routing_id: _, bank_code, bank_accounts, upi, options } = request.clone().into_parts();
    let RequestOptions { gateway_id, gateway_reference_id, mut preferred_gateway, mut validation_amount } = options;
    if command == Command::Create {
        // These two values are for validations only, and this request asks for none.
        (preferred_gateway, validation_amount) = (None, None);
    }
    let bank_account = bank_accounts
        .into_iter()
        .map(|BankAccount { ifsc, account, name }| types::BankAccount { account, ifsc, name })
        .collect();
    let upi = upi.into_iter().map(|vpa| types::UpiAccount { vpa }).collect();
    types::CreateAndValidateForm {
        account_details: Json(types::AccountDetails { bank_account, upi }),
        bank_code,
        command,
        // The vendor's samples repeat the customer id in the form.
        customer_id: Some(customer_id),
        gateway_id,
        gateway_reference_id,
        preferred_ifsc_validation_gateway: preferred_gateway,
        validation_amount,
    }
}
