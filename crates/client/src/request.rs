//! Converts a checked request to the generated form.

use juspay_accounts_validation::{AccountsRequest, BankAccount, Parts, Payee, RequestOptions};

use crate::generated::json::Json;
use crate::generated::types::{self, Command};

/// Converts the request. All fields are named, so that after a field is added to the spec or to the request, this
/// function does not compile until it sends the field.
pub(crate) fn form(command: Command, request: &AccountsRequest) -> types::CreateAndValidateForm {
    let Parts { customer_id, routing_id: _, bank_code, payees, options } = request.parts();
    let RequestOptions { gateway_id, gateway_reference_id, mut preferred_gateway, mut validation_amount } =
        options.clone();
    if command == Command::Create {
        // These two values are for validations only, and this request asks for none.
        (preferred_gateway, validation_amount) = (None, None);
    }
    let (mut bank_account, mut upi) = (Vec::new(), Vec::new());
    for payee in payees {
        match payee {
            Payee::BankAccount(BankAccount { ifsc, account, name }) => {
                let (account, ifsc, name) = (account.clone(), ifsc.clone(), name.clone());
                bank_account.push(types::BankAccount { account, ifsc, name });
            }
            Payee::Upi(vpa) => upi.push(types::UpiAccount { vpa: vpa.clone() }),
        }
    }
    types::CreateAndValidateForm {
        account_details: Json(types::AccountDetails { bank_account, upi }),
        bank_code: bank_code.clone(),
        command,
        // The vendor's samples repeat the customer id in the form.
        customer_id: Some(customer_id.clone()),
        gateway_id,
        gateway_reference_id,
        preferred_ifsc_validation_gateway: preferred_gateway,
        validation_amount,
    }
}
