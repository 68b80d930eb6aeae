use core::fmt;

use super::{BankAccount, RequestBuilder};
use crate::vpa::Vpa;

/// A payee: a bank account or a UPI address to pay into.
///
/// `Display` and `Debug` are masked.
///
/// ```
/// use juspay_accounts_validation::AccountsRequest;
///
/// let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC")
///     .bank_account("YESB0000262", "026291800001191")
///     .upi("9164326296@upi")
///     .build()?;
/// assert_eq!(request.payees()[0].to_string(), "YESB0000262 ****1191");
///
/// // Adds a payee to another request.
/// let again = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC").payee(request.payees()[1].clone()).build()?;
/// assert_eq!(again.payees(), &request.payees()[1..]);
/// # Ok::<(), juspay_accounts_validation::InvalidRequest>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "a new kind of payee has to be handled everywhere")]
pub enum Payee {
    /// A bank account.
    BankAccount(BankAccount),
    /// A UPI address.
    Upi(Vpa),
}

impl fmt::Display for Payee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BankAccount(BankAccount { ifsc, account, .. }) => write!(f, "{ifsc} {account}"),
            Self::Upi(vpa) => vpa.fmt(f),
        }
    }
}

impl RequestBuilder {
    /// Adds a payee, for example one from another request.
    pub fn payee(self, payee: Payee) -> Self {
        match payee {
            Payee::BankAccount(BankAccount { ifsc, account, name: Some(name) }) => {
                self.named_bank_account(ifsc, account, name)
            }
            Payee::BankAccount(BankAccount { ifsc, account, name: None }) => self.bank_account(ifsc, account),
            Payee::Upi(vpa) => self.upi(vpa),
        }
    }
}
