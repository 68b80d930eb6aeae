//! Converts a checked request to the generated operation.

use juspay_accounts_validation::{AccountsRequest, BankAccount, Parts, RequestOptions};

use crate::client::Client;
use crate::generated::builder::CreateAndValidateCustomerAccount;
use crate::generated::json::Json;
use crate::generated::types::{self, Command};

impl Client {
    /// Converts the request. All fields are named, so that after a field is added to the spec or to the request, this
    /// function does not compile until it sends the field.
    pub(crate) fn operation(
        &self,
        command: Command,
        request: &AccountsRequest,
    ) -> CreateAndValidateCustomerAccount<'_> {
        let Parts { customer_id, routing_id, bank_code, bank_accounts, upi, options } = request.clone().into_parts();
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
        let form = types::CreateAndValidateForm {
            account_details: Json(types::AccountDetails { bank_account, upi }),
            bank_code,
            command,
            // The vendor's samples repeat the customer id in the form.
            customer_id: Some(customer_id.clone()),
            gateway_id,
            gateway_reference_id,
            preferred_ifsc_validation_gateway: preferred_gateway,
            validation_amount,
        };
        let operation = self.generated.create_and_validate_customer_account();
        operation.customer_id(customer_id).x_routing_id(routing_id).body(form)
    }
}
