use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::code::{Gateway, GatewayId, GatewayReferenceId};

/// The optional parameters of an [`AccountsRequest`](super::AccountsRequest). A parameter that is `None` is not sent.
///
/// The struct is exhaustive, so code that names all fields stops compiling when a parameter is added. Such code cannot
/// forget to send a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
#[allow(clippy::exhaustive_structs, reason = "see above")]
pub struct RequestOptions {
    /// Field `gateway_id`: the provider that performs the validation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gateway_id: Option<GatewayId>,
    /// Field `gateway_reference_id`: the merchant's arrangement with the provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gateway_reference_id: Option<GatewayReferenceId>,
    /// Field `preferred_ifsc_validation_gateway`: the preferred gateway for the validation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_gateway: Option<Gateway>,
    /// Field `validation_amount`: the amount of each penny drop. Without it, the vendor pays [`Amount::ONE_RUPEE`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation_amount: Option<Amount>,
}
