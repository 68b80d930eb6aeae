//! Collects the values of a request and all its problems.

use core::fmt;

use alloc::string::ToString;
use alloc::vec::Vec;

use super::problem::no_account;
use super::{AccountsRequest, BankAccount, InvalidRequest, Parts, Payee, Problem, RequestOptions};
use crate::account::AccountNumber;
use crate::amount::Amount;
use crate::code::{BankCode, Gateway, GatewayId, GatewayReferenceId};
use crate::customer::{CustomerId, RoutingId};
use crate::error::ParseError;
use crate::ifsc::Ifsc;
use crate::name::Name;
use crate::vpa::Vpa;

/// Builds an [`AccountsRequest`].
///
/// Every setter takes text, which it checks, or a value of the right type. Setters do not fail: [`build`](Self::build)
/// reports all problems together. Each call for a payee adds an account; for other values, a later call replaces the
/// earlier value and its problem.
///
/// ```
/// use juspay_accounts_validation::{AccountsRequest, Amount};
///
/// let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC")
///     .named_bank_account("YESB0000262", "026291800001191", "Ramesh Kumar")
///     .routing_id("cart_8842")
///     .preferred_gateway("CFGEN")
///     .validation_amount(Amount::ONE_RUPEE)
///     .build()?;
///
/// assert_eq!(request.parts().routing_id.as_str(), "cart_8842");
/// # Ok::<(), juspay_accounts_validation::InvalidRequest>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct RequestBuilder {
    customer_id: Option<CustomerId>,
    routing_id: Option<RoutingId>,
    bank_code: Option<BankCode>,
    payees: Vec<Payee>,
    options: RequestOptions,
    // These also count rejected entries, because paths in problems refer to the input.
    bank_account_entries: usize,
    upi_entries: usize,
    problems: Vec<Problem>,
}

impl AccountsRequest {
    /// Starts a request. Every request needs a customer id and a bank code.
    ///
    /// ```
    /// use juspay_accounts_validation::{AccountsRequest, CustomerId};
    ///
    /// // Text is checked. A value that was checked before is used unchanged.
    /// let customer: CustomerId = "cst_zqqmw0v4exbhvv2l".parse()?;
    /// let request = AccountsRequest::builder(customer, "JP_HDFC").upi("9164326296@upi").build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder(
        customer_id: impl TryInto<CustomerId, Error: Into<ParseError>>,
        bank_code: impl TryInto<BankCode, Error: Into<ParseError>>,
    ) -> RequestBuilder {
        let mut builder = RequestBuilder {
            customer_id: None,
            routing_id: None,
            bank_code: None,
            payees: Vec::new(),
            options: RequestOptions::default(),
            bank_account_entries: 0,
            upi_entries: 0,
            problems: Vec::new(),
        };
        builder.customer_id = builder.take(&"customer_id", customer_id);
        builder.bank_code = builder.take(&"bank_code", bank_code);
        builder
    }
}

impl RequestBuilder {
    /// Adds a bank account without the holder's name.
    pub fn bank_account(
        self,
        ifsc: impl TryInto<Ifsc, Error: Into<ParseError>>,
        account: impl TryInto<AccountNumber, Error: Into<ParseError>>,
    ) -> Self {
        self.add_bank_account(ifsc, account, None::<Name>)
    }

    /// Adds a bank account with the holder's name.
    pub fn named_bank_account(
        self,
        ifsc: impl TryInto<Ifsc, Error: Into<ParseError>>,
        account: impl TryInto<AccountNumber, Error: Into<ParseError>>,
        name: impl TryInto<Name, Error: Into<ParseError>>,
    ) -> Self {
        self.add_bank_account(ifsc, account, Some(name))
    }

    fn add_bank_account(
        mut self,
        ifsc: impl TryInto<Ifsc, Error: Into<ParseError>>,
        account: impl TryInto<AccountNumber, Error: Into<ParseError>>,
        name: Option<impl TryInto<Name, Error: Into<ParseError>>>,
    ) -> Self {
        let index = self.bank_account_entries;
        self.bank_account_entries += 1;

        let path = format_args!("account_details.bank_account[{index}]");
        let ifsc = self.take(&format_args!("{path}.ifsc"), ifsc);
        let account = self.take(&format_args!("{path}.account"), account);
        let name = name.map(|name| self.take(&format_args!("{path}.name"), name));
        // If the name was rejected, the entry is added without a name. `build` still fails, because the problem was
        // recorded.
        if let (Some(ifsc), Some(account)) = (ifsc, account) {
            self.payees.push(Payee::BankAccount(BankAccount { ifsc, account, name: name.flatten() }));
        }
        self
    }

    /// Adds a UPI address.
    pub fn upi(mut self, vpa: impl TryInto<Vpa, Error: Into<ParseError>>) -> Self {
        let index = self.upi_entries;
        self.upi_entries += 1;

        let vpa = self.take(&format_args!("account_details.upi[{index}].vpa"), vpa);
        self.payees.extend(vpa.map(Payee::Upi));
        self
    }

    /// Sets the header `x-routing-id`. The default is the customer id.
    pub fn routing_id(mut self, id: impl TryInto<RoutingId, Error: Into<ParseError>>) -> Self {
        self.routing_id = self.replace("x-routing-id", id);
        self
    }

    /// Sets the provider that performs the validation (`gateway_id`).
    pub fn gateway_id(mut self, id: impl TryInto<GatewayId, Error: Into<ParseError>>) -> Self {
        self.options.gateway_id = self.replace("gateway_id", id);
        self
    }

    /// Sets the merchant's arrangement with the provider (`gateway_reference_id`).
    pub fn gateway_reference_id(mut self, id: impl TryInto<GatewayReferenceId, Error: Into<ParseError>>) -> Self {
        self.options.gateway_reference_id = self.replace("gateway_reference_id", id);
        self
    }

    /// Sets the preferred gateway for the validation (`preferred_ifsc_validation_gateway`).
    pub fn preferred_gateway(mut self, gateway: impl TryInto<Gateway, Error: Into<ParseError>>) -> Self {
        self.options.preferred_gateway = self.replace("preferred_ifsc_validation_gateway", gateway);
        self
    }

    /// Sets the amount of each penny drop (`validation_amount`); text is in rupees. By default, the vendor pays one
    /// rupee.
    pub fn validation_amount(mut self, amount: impl TryInto<Amount, Error: Into<ParseError>>) -> Self {
        self.options.validation_amount = self.replace("validation_amount", amount);
        self
    }

    /// Returns the request, or all problems.
    ///
    /// # Errors
    ///
    /// A value was rejected, or there is no account.
    pub fn build(mut self) -> Result<AccountsRequest, InvalidRequest> {
        if self.bank_account_entries + self.upi_entries == 0 {
            self.problems.push(no_account());
        }
        match (self.customer_id, self.bank_code) {
            (Some(customer_id), Some(bank_code)) if self.problems.is_empty() => {
                let routing_id = self.routing_id.unwrap_or_else(|| (&customer_id).into());
                let (payees, options) = (self.payees, self.options);
                AccountsRequest::try_from(Parts { customer_id, routing_id, bank_code, payees, options })
            }
            _ => Err(InvalidRequest { problems: self.problems }),
        }
    }

    /// Converts a value. If that fails, records a problem at `path`, which is formatted only then.
    fn take<T>(&mut self, path: &dyn fmt::Display, value: impl TryInto<T, Error: Into<ParseError>>) -> Option<T> {
        match value.try_into() {
            Ok(value) => Some(value),
            Err(error) => {
                self.problems.push(Problem { path: path.to_string(), what: error.into() });
                None
            }
        }
    }

    /// Like `take`, for a value that occurs only once: a problem of an earlier call is forgotten.
    fn replace<T>(&mut self, path: &str, value: impl TryInto<T, Error: Into<ParseError>>) -> Option<T> {
        self.problems.retain(|problem| problem.path != path);
        self.take(&path, value)
    }
}
