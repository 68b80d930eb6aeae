use alloc::vec::Vec;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{AccountsRequest, BankAccount, Parts, Payee, RequestOptions};
use crate::account::AccountNumber;
use crate::code::BankCode;
use crate::customer::{CustomerId, RoutingId};
use crate::ifsc::Ifsc;
use crate::name::Name;
use crate::vpa::Vpa;

/// An [`AccountsRequest`] or a [`Payee`] that is serialized **unmasked**, for a store that protects account data.
/// Neither type can be serialized without this wrapper. `Debug` stays masked.
///
/// ```
/// use juspay_accounts_validation::{AccountsRequest, Unmasked};
///
/// let request = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC").upi("9164326296@upi").build()?;
/// let column = serde_json::to_string(&Unmasked(request.clone()))?;
/// let Unmasked(read): Unmasked<AccountsRequest> = serde_json::from_str(&column)?;
/// assert_eq!(read, request);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unmasked<T>(pub T);

#[derive(Serialize, Deserialize)]
struct Stored {
    customer_id: CustomerId,
    routing_id: RoutingId,
    bank_code: BankCode,
    payees: Vec<Unmasked<Payee>>,
    #[serde(flatten)]
    options: RequestOptions,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredPayee {
    BankAccount {
        ifsc: Ifsc,
        account: AccountNumber,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Name>,
    },
    Upi {
        vpa: Vpa,
    },
}

impl Serialize for Unmasked<AccountsRequest> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Parts { customer_id, routing_id, bank_code, payees, options } = self.0.clone().into_parts();
        let payees = payees.into_iter().map(Unmasked).collect();
        Stored { customer_id, routing_id, bank_code, payees, options }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Unmasked<AccountsRequest> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Stored { customer_id, routing_id, bank_code, payees, options } = Stored::deserialize(deserializer)?;
        let payees = payees.into_iter().map(|Unmasked(payee)| payee).collect();
        let parts = Parts { customer_id, routing_id, bank_code, payees, options };
        AccountsRequest::try_from(parts).map(Self).map_err(D::Error::custom)
    }
}

impl Serialize for Unmasked<Payee> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = match self.0.clone() {
            Payee::BankAccount(BankAccount { ifsc, account, name }) => StoredPayee::BankAccount { ifsc, account, name },
            Payee::Upi(vpa) => StoredPayee::Upi { vpa },
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Unmasked<Payee> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match StoredPayee::deserialize(deserializer)? {
            StoredPayee::BankAccount { ifsc, account, name } => Payee::BankAccount(BankAccount { ifsc, account, name }),
            StoredPayee::Upi { vpa } => Payee::Upi(vpa),
        }))
    }
}
