//! Requests and payees as a database keeps them: in clear, and only where the code says so.

use alloc::vec::Vec;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{AccountsRequest, BankAccount, Parts, Payee};
use crate::account::AccountNumber;
use crate::amount::Amount;
use crate::code::{BankCode, Gateway, GatewayId, GatewayReferenceId};
use crate::customer::{CustomerId, RoutingId};
use crate::ifsc::Ifsc;
use crate::name::Name;
use crate::vpa::Vpa;

/// An [`AccountsRequest`] or a [`Payee`] that is serialized **in clear**: for a store that keeps account data as secret as it
/// is. Neither type can be serialized without it. `Debug` is masked.
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gateway_id: Option<GatewayId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gateway_reference_id: Option<GatewayReferenceId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    preferred_gateway: Option<Gateway>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    validation_amount: Option<Amount>,
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
        let payees = self.0.payees().map(Unmasked).collect();
        let Parts {
            customer_id,
            routing_id,
            bank_code,
            bank_accounts: _,
            upi: _,
            gateway_id,
            gateway_reference_id,
            preferred_gateway,
            validation_amount,
        } = self.0.clone().into_parts();
        Stored {
            customer_id,
            routing_id,
            bank_code,
            payees,
            gateway_id,
            gateway_reference_id,
            preferred_gateway,
            validation_amount,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Unmasked<AccountsRequest> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        let (mut bank_accounts, mut upi) = (Vec::new(), Vec::new());
        for Unmasked(payee) in stored.payees {
            match payee {
                Payee::BankAccount(account) => bank_accounts.push(account),
                Payee::Upi(vpa) => upi.push(vpa),
            }
        }
        let parts = Parts {
            customer_id: stored.customer_id,
            routing_id: stored.routing_id,
            bank_code: stored.bank_code,
            bank_accounts,
            upi,
            gateway_id: stored.gateway_id,
            gateway_reference_id: stored.gateway_reference_id,
            preferred_gateway: stored.preferred_gateway,
            validation_amount: stored.validation_amount,
        };
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
