//! The values that are read from a row, and their names in flags.

use juspay_accounts_validation::Kind;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Column {
    CustomerId,
    BankCode,
    Ifsc,
    Account,
    /// The account number once more, as forms ask for it. It is only compared with the first.
    ConfirmAccount,
    Name,
    Vpa,
    GatewayId,
    GatewayReferenceId,
    PreferredGateway,
    Amount,
    RoutingId,
    Reference,
}

impl Column {
    /// All values in the order of the variants, with their names in flags.
    pub(crate) const ALL: [(Self, &str); 13] = [
        (Self::CustomerId, "customer_id"),
        (Self::BankCode, "bank_code"),
        (Self::Ifsc, "ifsc"),
        (Self::Account, "account"),
        (Self::ConfirmAccount, "confirm_account"),
        (Self::Name, "name"),
        (Self::Vpa, "vpa"),
        (Self::GatewayId, "gateway_id"),
        (Self::GatewayReferenceId, "gateway_reference_id"),
        (Self::PreferredGateway, "preferred_gateway"),
        (Self::Amount, "validation_amount"),
        (Self::RoutingId, "routing_id"),
        (Self::Reference, "reference"),
    ];

    pub(crate) const fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The kind of the value. A reference can be any text.
    pub(crate) const fn kind(self) -> Option<Kind> {
        Some(match self {
            Self::CustomerId => Kind::CustomerId,
            Self::BankCode => Kind::BankCode,
            Self::Ifsc => Kind::Ifsc,
            Self::Account | Self::ConfirmAccount => Kind::AccountNumber,
            Self::Name => Kind::Name,
            Self::Vpa => Kind::Vpa,
            Self::GatewayId => Kind::GatewayId,
            Self::GatewayReferenceId => Kind::GatewayReferenceId,
            Self::PreferredGateway => Kind::Gateway,
            Self::Amount => Kind::Amount,
            Self::RoutingId => Kind::RoutingId,
            Self::Reference => return None,
        })
    }

    /// Returns the value with this name, ignoring case, or with the short name `amount` or `upi`.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let name = match name {
            "amount" => "validation_amount",
            "upi" => "vpa",
            name => name,
        };
        Self::ALL.into_iter().find(|(_, own)| own.eq_ignore_ascii_case(name)).map(|(column, _)| column)
    }

    /// Like [`of_name`](Self::of_name), with a message that lists the names.
    pub(super) fn named(name: &str) -> Result<Self, String> {
        let names = || Self::ALL.map(|(_, name)| name).join(", ");
        Self::of_name(name).ok_or_else(|| format!("there is no such field; the fields are {}", names()))
    }
}

/// The spreadsheet letters of a column: A, B, …, Z, AA, …
pub(crate) fn letters(place: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = place + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

impl Serialize for Column {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Column {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::named(&name).map_err(serde::de::Error::custom)
    }
}
