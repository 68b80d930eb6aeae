//! From a checked request to the generated form.

use juspay_accounts_validation::{AccountsRequest, BankAccount, CustomerId, Parts, RoutingId, Vpa};

use crate::error::Error;
use crate::generated::json::Json;
use crate::generated::types::{self, Command};

/// The parts of one call: path, header and form.
pub(crate) struct Call {
    pub(crate) customer_id: CustomerId,
    pub(crate) routing_id: RoutingId,
    pub(crate) form: types::CreateAndValidateForm,
}

impl TryFrom<AccountsRequest> for Call {
    type Error = Error;

    /// By way of the builder, which knows of every field that a later spec adds. It cannot fail: all that is
    /// required is set.
    fn try_from(request: AccountsRequest) -> Result<Self, Error> {
        // Taken apart by name: a value that is added later has to be sent before this compiles again.
        let Parts {
            customer_id,
            routing_id,
            bank_code,
            bank_accounts,
            upi,
            gateway_id,
            gateway_reference_id,
            preferred_gateway,
            validation_amount,
        } = request.into_parts();
        let bank_accounts = bank_accounts.into_iter().map(bank_account).collect::<Result<Vec<_>, _>>()?;
        let upi = upi.into_iter().map(upi_account).collect::<Result<Vec<_>, _>>()?;
        let details: types::AccountDetails =
            types::AccountDetails::builder().bank_account(bank_accounts).upi(upi).try_into()?;
        let form = types::CreateAndValidateForm::builder()
            .command(Command::Validate)
            .account_details(Json(details))
            .bank_code(bank_code)
            // The vendor's samples repeat it in the form.
            .customer_id(customer_id.clone())
            .gateway_id(gateway_id)
            .gateway_reference_id(gateway_reference_id)
            .preferred_ifsc_validation_gateway(preferred_gateway)
            .validation_amount(validation_amount)
            .try_into()?;
        Ok(Self { customer_id, routing_id, form })
    }
}

fn bank_account(account: BankAccount) -> Result<types::BankAccount, Error> {
    let BankAccount { ifsc, account, name } = account;
    Ok(types::BankAccount::builder().ifsc(ifsc).account(account).name(name).try_into()?)
}

fn upi_account(vpa: Vpa) -> Result<types::UpiAccount, Error> {
    Ok(types::UpiAccount::builder().vpa(vpa).try_into()?)
}
