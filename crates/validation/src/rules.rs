use crate::kind::Kind;
use crate::reason::Reason;
use crate::{account, amount, code, customer, customer_account, ifsc, name, vpa};

/// Checks a string against the rule of this kind. Does not allocate.
pub(crate) fn check(kind: Kind, text: &str) -> Result<(), Reason> {
    match kind {
        Kind::Ifsc => ifsc::rule(text),
        Kind::AccountNumber => account::rule(text),
        Kind::Name => name::rule(text),
        Kind::Vpa => vpa::rule(text),
        Kind::CustomerId => customer::rule(text),
        Kind::CustomerAccountId => customer_account::rule(text),
        Kind::RoutingId => customer::routing_rule(text),
        Kind::BankCode
        | Kind::GatewayId
        | Kind::GatewayReferenceId
        | Kind::Gateway
        | Kind::MerchantId
        | Kind::ApiVersion => code::rule(text),
        Kind::Amount => amount::parse(text).map(|_| ()),
        Kind::AccountDetails => Err(Reason::NoAccount),
    }
}
