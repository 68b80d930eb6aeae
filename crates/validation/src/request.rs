mod builder;
mod options;
mod payee;
mod problem;
mod unmasked;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};

pub use builder::RequestBuilder;
pub use options::RequestOptions;
pub use payee::Payee;
pub use problem::{InvalidRequest, Located, Problem, RequestAdvice};
pub use unmasked::Unmasked;

use crate::account::AccountNumber;
use crate::advice::Advice;
use crate::amount::Amount;
use crate::code::BankCode;
use crate::customer::{CustomerId, RoutingId};
use crate::ifsc::Ifsc;
use crate::name::Name;
use crate::vpa::Vpa;

/// The content of one *Create and Validate Customer Account* call: a customer, the bank code, and one or more bank
/// accounts, UPI addresses, or both.
///
/// [`AccountsRequest::builder`] checks all values. The vendor responds with one customer account per entry. If the call
/// validates the accounts, the vendor also pays into every bank account.
///
/// `Debug` is safe to log, because it masks secrets.
///
/// ```
/// use juspay_accounts_validation::AccountsRequest;
///
/// let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC")
///     .bank_account("YESB0000262", "026291800001191")
///     .upi("9164326296@upi")
///     .build()?;
///
/// assert_eq!(request.payees()[0].to_string(), "YESB0000262 ****1191");
/// assert_eq!(request.parts().routing_id.as_str(), "cst_zqqmw0v4exbhvv2l");
/// assert!(request.advice().is_empty());
/// # Ok::<(), juspay_accounts_validation::InvalidRequest>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccountsRequest(Parts);

impl AccountsRequest {
    /// Returns the values of the request.
    pub fn parts(&self) -> &Parts {
        &self.0
    }

    /// Turns the request into its values.
    pub fn into_parts(self) -> Parts {
        self.0
    }

    /// Returns the payees, in the order in which they were added.
    pub fn payees(&self) -> &[Payee] {
        &self.0.payees
    }

    /// Returns the payees that are bank accounts.
    pub fn bank_accounts(&self) -> impl Iterator<Item = &BankAccount> {
        self.payees().iter().filter_map(|payee| match payee {
            Payee::BankAccount(account) => Some(account),
            Payee::Upi(_) => None,
        })
    }

    /// Returns the payees that are UPI addresses.
    pub fn upi(&self) -> impl Iterator<Item = &Vpa> {
        self.payees().iter().filter_map(|payee| match payee {
            Payee::Upi(vpa) => Some(vpa),
            Payee::BankAccount(_) => None,
        })
    }

    /// Returns advice about all values, in the order of the request, and about accounts that occur more than once.
    ///
    /// ```
    /// use juspay_accounts_validation::AccountsRequest;
    ///
    /// let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC")
    ///     .upi("9164326296@upi")
    ///     .upi("9164326296@UPI")
    ///     .build()?;
    ///
    /// let advice = request.advice();
    /// assert_eq!(advice[0].path, "account_details.upi[1].vpa");
    /// assert_eq!(
    ///     advice[0].what.to_string(),
    ///     "it is the same account as entry [0]; each entry is validated, and a bank account is paid each time",
    /// );
    /// # Ok::<(), juspay_accounts_validation::InvalidRequest>(())
    /// ```
    pub fn advice(&self) -> Vec<RequestAdvice> {
        let mut all = Vec::new();
        let mut add = |path: String, advice: Option<Advice>| {
            all.extend(advice.map(|what| RequestAdvice { path, what }));
        };

        let mut seen = BTreeMap::new();
        for (index, entry) in self.bank_accounts().enumerate() {
            let path = format!("account_details.bank_account[{index}]");
            let name = entry.name.as_ref();
            add(format!("{path}.ifsc"), entry.ifsc.advice());
            add(format!("{path}.account"), entry.account.advice());
            add(format!("{path}.name"), name.and_then(Name::advice));
            let first = *seen.entry((&entry.ifsc, entry.account.as_str().to_ascii_uppercase())).or_insert(index);
            add(path, repeated(first, index));
        }

        let mut seen = BTreeMap::new();
        for (index, vpa) in self.upi().enumerate() {
            let first = *seen.entry(vpa).or_insert(index);
            let path = format!("account_details.upi[{index}].vpa");
            add(path.clone(), vpa.advice());
            add(path, repeated(first, index));
        }

        let amount = self.0.options.validation_amount.and_then(Amount::advice);
        add("validation_amount".into(), amount);
        all
    }
}

fn repeated(first: usize, index: usize) -> Option<Advice> {
    (first != index).then_some(Advice::Repeated { first })
}

/// One bank account of a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BankAccount {
    /// The IFSC of the branch.
    pub ifsc: Ifsc,
    /// The number of the account at that bank.
    pub account: AccountNumber,
    /// The account holder's name, if it is known.
    pub name: Option<Name>,
}

/// The values of an [`AccountsRequest`]. `AccountsRequest::try_from` turns them back into a request.
///
/// The struct is exhaustive, so code that names all fields stops compiling when a field is added. Such code cannot
/// forget to send a new value.
///
/// ```
/// use juspay_accounts_validation::{AccountsRequest, Parts};
///
/// let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC")
///     .upi("9164326296@upi")
///     .build()?;
/// let Parts { bank_code, payees, .. } = request.into_parts();
/// assert_eq!(String::from(bank_code), "JP_HDFC");
/// assert_eq!(payees.len(), 1);
/// # Ok::<(), juspay_accounts_validation::InvalidRequest>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Parts {
    /// The customer who owns the accounts, sent in the path of the URL.
    pub customer_id: CustomerId,
    /// The routing id that was set, or the customer id, as the vendor recommends. Sent as the header `x-routing-id`.
    pub routing_id: RoutingId,
    /// The vendor's code for the bank, sent as the field `bank_code`.
    pub bank_code: BankCode,
    /// The payees, in the order in which they were added, sent as the field `account_details`.
    pub payees: Vec<Payee>,
    /// The fields that are sent only if they are set, such as the amount of the penny drop.
    pub options: RequestOptions,
}

impl TryFrom<Parts> for AccountsRequest {
    type Error = InvalidRequest;

    /// # Errors
    /// There is no account.
    fn try_from(parts: Parts) -> Result<Self, InvalidRequest> {
        if parts.payees.is_empty() {
            return Err(InvalidRequest { problems: vec![problem::no_account()] });
        }
        Ok(Self(parts))
    }
}
