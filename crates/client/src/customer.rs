//! The customer of a call, and the request to validate an account again.

use juspay_accounts_validation::{AccountsRequest, Amount, CustomerAccountId, CustomerId, Gateway, RoutingId};
use serde::{Deserialize, Serialize};

/// The customer whom a call is about, and the routing id of the call.
///
/// ```
/// use juspay_accounts::Customer;
///
/// let customer = Customer::new("cst_zqqmw0v4exbhvv2l".parse()?);
/// let guest = customer.with_routing_id("cart_8842".parse()?);
/// # Ok::<(), juspay_accounts::validation::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Customer {
    pub(crate) id: CustomerId,
    pub(crate) routing_id: RoutingId,
}

impl Customer {
    /// Makes a customer. The routing id is the customer's id, as the vendor recommends.
    pub fn new(id: CustomerId) -> Self {
        Self { routing_id: RoutingId::from(&id), id }
    }

    /// Uses another routing id. It must be the same in all calls about the customer.
    #[must_use]
    pub fn with_routing_id(mut self, id: RoutingId) -> Self {
        self.routing_id = id;
        self
    }
}

/// Takes the customer and the routing id of a request.
impl From<&AccountsRequest> for Customer {
    fn from(request: &AccountsRequest) -> Self {
        Self { id: request.parts().customer_id.clone(), routing_id: request.parts().routing_id.clone() }
    }
}

/// A request to validate an existing account again. For a bank account it is **another penny drop**.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Revalidation {
    pub(crate) customer: Customer,
    pub(crate) account: CustomerAccountId,
    pub(crate) gateway: Option<Gateway>,
    pub(crate) amount: Option<Amount>,
}

impl Revalidation {
    /// Makes a request without a gateway or an amount. The vendor chooses the gateway and pays 1 rupee, as documented.
    pub fn new(customer: Customer, account: CustomerAccountId) -> Self {
        Self { customer, account, gateway: None, amount: None }
    }

    /// Sets the preferred gateway.
    #[must_use]
    pub fn preferred_gateway(mut self, gateway: Gateway) -> Self {
        self.gateway = Some(gateway);
        self
    }

    /// Sets the amount of the penny drop.
    #[must_use]
    pub fn validation_amount(mut self, amount: Amount) -> Self {
        self.amount = Some(amount);
        self
    }
}
