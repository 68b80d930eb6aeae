mod builder;
mod options;
mod payee;
mod problem;
mod unmasked;

use core::fmt;

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

pub use builder::RequestBuilder;
pub use options::RequestOptions;
pub use payee::Payee;
pub use problem::{InvalidRequest, Problem};
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
/// [`AccountsRequest::builder`] checks all its values. The vendor responds with one customer account per entry, and
/// pays into every bank account.
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
/// assert_eq!(request.bank_accounts()[0].ifsc.bank(), "YESB");
/// assert_eq!(request.routing_id().as_str(), "cst_zqqmw0v4exbhvv2l");
/// assert!(request.advice().is_empty());
/// # Ok::<(), juspay_accounts_validation::InvalidRequest>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccountsRequest {
    parts: Parts,
}

impl AccountsRequest {
    /// Returns the customer who owns the accounts.
    pub fn customer_id(&self) -> &CustomerId {
        &self.parts.customer_id
    }

    /// Returns the routing id that was set, or the customer id, as the vendor recommends.
    pub fn routing_id(&self) -> &RoutingId {
        &self.parts.routing_id
    }

    /// Returns the vendor's code for the bank.
    pub fn bank_code(&self) -> &BankCode {
        &self.parts.bank_code
    }

    /// Returns the bank accounts, in the order in which they were added.
    pub fn bank_accounts(&self) -> &[BankAccount] {
        &self.parts.bank_accounts
    }

    /// Returns the UPI addresses, in the order in which they were added.
    pub fn upi(&self) -> &[Vpa] {
        &self.parts.upi
    }

    /// Returns the optional parameters, such as the amount of the penny drop.
    pub fn options(&self) -> &RequestOptions {
        &self.parts.options
    }

    /// Returns the values of the request.
    pub fn into_parts(self) -> Parts {
        self.parts
    }

    /// Returns advice about all values, in the order of the request, and about accounts that occur twice.
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
    /// assert_eq!(advice[0].path(), "account_details.upi[1].vpa");
    /// assert_eq!(
    ///     advice[0].advice().to_string(),
    ///     "it is the same account as entry [0]; each entry is validated, and a bank account is paid each time",
    /// );
    /// # Ok::<(), juspay_accounts_validation::InvalidRequest>(())
    /// ```
    pub fn advice(&self) -> Vec<RequestAdvice> {
        let mut all = Vec::new();
        let mut add = |path: String, advice: Option<Advice>| {
            all.extend(advice.map(|advice| RequestAdvice { path, advice }));
        };

        let mut seen = BTreeMap::new();
        for (index, entry) in self.bank_accounts().iter().enumerate() {
            let path = format!("account_details.bank_account[{index}]");
            let name = entry.name.as_ref();
            add(format!("{path}.ifsc"), entry.ifsc.advice());
            add(format!("{path}.account"), entry.account.advice());
            add(format!("{path}.name"), name.and_then(Name::advice));
            let first = *seen.entry((&entry.ifsc, &entry.account)).or_insert(index);
            add(path, repeated(first, index));
        }

        let mut seen = BTreeMap::new();
        for (index, vpa) in self.upi().iter().enumerate() {
            let first = *seen.entry(vpa).or_insert(index);
            let path = format!("account_details.upi[{index}].vpa");
            add(path.clone(), vpa.advice());
            add(path, repeated(first, index));
        }

        let amount = self.options().validation_amount.and_then(Amount::advice);
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
/// let Parts { bank_code, upi, .. } = request.into_parts();
/// assert_eq!(String::from(bank_code), "JP_HDFC");
/// assert_eq!(upi.len(), 1);
/// # Ok::<(), juspay_accounts_validation::InvalidRequest>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Parts {
    /// The customer id, sent in the path of the URL.
    pub customer_id: CustomerId,
    /// The routing id, sent as the header `x-routing-id`.
    pub routing_id: RoutingId,
    /// The vendor's code for the bank, sent as the field `bank_code`.
    pub bank_code: BankCode,
    /// The bank accounts, sent as the field `account_details.bank_account`.
    pub bank_accounts: Vec<BankAccount>,
    /// The UPI addresses, sent as the field `account_details.upi`.
    pub upi: Vec<Vpa>,
    /// The fields that are sent only if they are set.
    pub options: RequestOptions,
}

/// One piece of [`Advice`] about a request, and where it applies.
///
/// `Display` prints both: `validation_amount: …`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RequestAdvice {
    path: String,
    advice: Advice,
}

impl RequestAdvice {
    /// Returns the place in the request, in the API's words: `account_details.bank_account[1].account`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns what is unusual at that place.
    pub fn advice(&self) -> Advice {
        self.advice
    }
}

impl fmt::Display for RequestAdvice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.advice)
    }
}
