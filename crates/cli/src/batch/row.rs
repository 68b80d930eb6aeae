//! What a row says: which of its values belong together, and which values are accepted.
//!
//! The check and the reading are two functions, since the check of a million rows must not make a million copies. They
//! use the same types.

use juspay_accounts::Payee;
use juspay_accounts_validation::{
    AccountNumber, Amount, BankAccount, BankCode, CustomerId, Gateway, GatewayId, GatewayReferenceId, Ifsc, Name,
    ParseError, Parts, RequestOptions, RoutingId, Vpa,
};

use super::input::{Column, Misshapen, Row};
use crate::log::{PayeeHash, Salt};

/// The longest reference, in characters.
const REFERENCE: usize = 255;

impl std::fmt::Display for Misshapen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooFew { cells, expected } => {
                write!(f, "the row has {cells} cells, and the header has {expected}; perhaps a separator is missing")
            }
            Self::TooMany { cells, expected } => write!(
                f,
                "the row has {cells} cells, and the header has {expected}; perhaps a value with a separator in it lacks quotation marks"
            ),
            Self::OpenQuote => f.write_str(
                "a value contains what looks like other rows; perhaps a quotation mark before it should not be there",
            ),
        }
    }
}

type Check = fn(&str) -> Result<(), ParseError>;

/// What is accepted where a value may be left out.
const OPTIONS: [(Column, Check); 5] = [
    (Column::GatewayId, GatewayId::check),
    (Column::GatewayReferenceId, GatewayReferenceId::check),
    (Column::PreferredGateway, Gateway::check),
    (Column::Amount, Amount::check),
    (Column::RoutingId, RoutingId::check),
];

/// Tells everything that is wrong with a row.
pub(crate) fn check(row: &Row<'_>, mut tell: impl FnMut(Option<Column>, String)) {
    if let Some(misshapen) = row.problem {
        tell(None, misshapen.to_string());
        return;
    }
    let mut ask = |column: Column, check: Check| {
        if let Err(error) = check(row.get(column)) {
            tell(Some(column), error.to_string());
        }
    };
    ask(Column::CustomerId, CustomerId::check);
    ask(Column::BankCode, BankCode::check);
    for (column, check) in OPTIONS {
        if !row.get(column).is_empty() {
            ask(column, check);
        }
    }
    let has = |column| row.filled(column).is_some();
    let bank = has(Column::Ifsc) || has(Column::Account);
    match (bank || has(Column::Name), has(Column::Vpa)) {
        (true, false) => {
            ask(Column::Ifsc, Ifsc::check);
            ask(Column::Account, AccountNumber::check);
            if has(Column::Name) {
                ask(Column::Name, Name::check);
            }
        }
        // The request has no place for the name of a UPI address. It is compared with the name at the bank.
        (_, true) if !bank => {
            ask(Column::Vpa, Vpa::check);
            if has(Column::Name) {
                ask(Column::Name, Name::check);
            }
        }
        (_, true) => {
            tell(None, "it has both a bank account and a UPI address; a row has one account".into());
        }
        (false, false) => tell(None, "it has no account; a row has ifsc and account, or vpa".into()),
    }
    let reference = row.get(Column::Reference);
    if reference.contains(char::is_control) {
        tell(Some(Column::Reference), "it has a control character".into());
    }
    if reference.len() > REFERENCE && reference.chars().count() > REFERENCE {
        tell(Some(Column::Reference), format!("it has more than {REFERENCE} characters"));
    }
}

/// Identifies the payee of a row in which nothing is wrong: the customer and the account, whatever the case of its letters.
pub(crate) fn payee(row: &Row<'_>, salt: &Salt) -> PayeeHash {
    let customer = row.get(Column::CustomerId);
    if let Some(vpa) = row.filled(Column::Vpa) {
        return salt.payee(customer, &[&vpa.to_ascii_lowercase()]);
    }
    let [ifsc, account] = [Column::Ifsc, Column::Account].map(|column| row.get(column).to_ascii_uppercase());
    salt.payee(customer, &[&ifsc, &account])
}

/// What the penny drop of a row costs in which nothing is wrong, in paise. A UPI address has none.
pub(crate) fn paise(row: &Row<'_>) -> u32 {
    if row.filled(Column::Vpa).is_some() {
        return 0;
    }
    let amount = row.filled(Column::Amount).and_then(|text| Amount::try_from(text).ok());
    u32::try_from(amount.unwrap_or(Amount::ONE_RUPEE).paise()).unwrap_or(u32::MAX)
}

/// Reads a row in which nothing is wrong: the payee, and a request without it. Rows with equal requests can be sent together.
pub(crate) fn read(row: &Row<'_>) -> Result<(Parts, Payee), ParseError> {
    fn optional<'a, T: TryFrom<&'a str>>(text: Option<&'a str>) -> Result<Option<T>, T::Error> {
        text.map(T::try_from).transpose()
    }
    let customer_id: CustomerId = row.get(Column::CustomerId).parse()?;
    let parts = Parts {
        // The vendor recommends the customer's id.
        routing_id: optional(row.filled(Column::RoutingId))?.unwrap_or_else(|| (&customer_id).into()),
        customer_id,
        bank_code: row.get(Column::BankCode).parse()?,
        bank_accounts: Vec::new(),
        upi: Vec::new(),
        options: RequestOptions {
            gateway_id: optional(row.filled(Column::GatewayId))?,
            gateway_reference_id: optional(row.filled(Column::GatewayReferenceId))?,
            preferred_gateway: optional(row.filled(Column::PreferredGateway))?,
            validation_amount: optional(row.filled(Column::Amount))?,
        },
    };
    let payee = match row.filled(Column::Vpa) {
        Some(vpa) => Payee::Upi(vpa.parse()?),
        None => Payee::BankAccount(BankAccount {
            ifsc: row.get(Column::Ifsc).parse()?,
            account: row.get(Column::Account).parse()?,
            name: optional(row.filled(Column::Name))?,
        }),
    };
    Ok((parts, payee))
}
