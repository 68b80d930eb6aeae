//! What a row says: which of its values belong together, and which values are accepted.
//!
//! The check and the reading are two functions, since the check of a million rows must not make a million copies. They
//! use the same types.

use juspay_accounts::Payee;
use juspay_accounts_validation::{
    AccountNumber, Amount, BankAccount, BankCode, CustomerId, Gateway, GatewayId, GatewayReferenceId, Ifsc, Name,
    ParseError, Parts, RequestOptions, RoutingId, Vpa,
};

use super::columns::Column;
use super::input::Cells;
use crate::log::{PayeeHash, Salt};
use crate::text::count;

/// The longest reference, in characters.
const REFERENCE: usize = 255;

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
pub(crate) fn check(cells: &Cells<'_>, mut tell: impl FnMut(Option<Column>, String)) {
    let [values, expected] = cells.numbers;
    if values != expected {
        tell(None, format!("the row has {}, and the header has {expected}", count(values, "value", "values")));
        return;
    }
    let mut ask = |column: Column, check: Check| {
        if let Err(error) = check(cells.get(column)) {
            tell(Some(column), error.to_string());
        }
    };
    ask(Column::CustomerId, CustomerId::check);
    ask(Column::BankCode, BankCode::check);
    for (column, check) in OPTIONS {
        if !cells.get(column).is_empty() {
            ask(column, check);
        }
    }
    let has = |column| cells.filled(column).is_some();
    let bank = has(Column::Ifsc) || has(Column::Account) || has(Column::Name);
    match (bank, has(Column::Vpa)) {
        (true, false) => {
            ask(Column::Ifsc, Ifsc::check);
            ask(Column::Account, AccountNumber::check);
            if has(Column::Name) {
                ask(Column::Name, Name::check);
            }
        }
        (false, true) => ask(Column::Vpa, Vpa::check),
        (true, true) => {
            tell(
                None,
                "it has both a bank account and a UPI address; a row has one account (name goes with ifsc)".into(),
            );
        }
        (false, false) => tell(None, "it has no account; a row has ifsc and account, or vpa".into()),
    }
    let reference = cells.get(Column::Reference);
    if reference.contains(char::is_control) {
        tell(Some(Column::Reference), "it has a control character".into());
    }
    if reference.len() > REFERENCE && reference.chars().count() > REFERENCE {
        tell(Some(Column::Reference), format!("it has more than {REFERENCE} characters"));
    }
}

/// Identifies the payee of a row in which nothing is wrong: the customer and the account, whatever the case of its letters.
pub(crate) fn payee(cells: &Cells<'_>, salt: &Salt) -> PayeeHash {
    let customer = cells.get(Column::CustomerId);
    if let Some(vpa) = cells.filled(Column::Vpa) {
        return salt.payee(customer, &[&vpa.to_ascii_lowercase()]);
    }
    let [ifsc, account] = [Column::Ifsc, Column::Account].map(|column| cells.get(column).to_ascii_uppercase());
    salt.payee(customer, &[&ifsc, &account])
}

/// What the penny drop of a row costs in which nothing is wrong, in paise. A UPI address has none.
pub(crate) fn paise(cells: &Cells<'_>) -> u32 {
    if cells.filled(Column::Vpa).is_some() {
        return 0;
    }
    let amount = cells.filled(Column::Amount).and_then(|text| Amount::try_from(text).ok());
    u32::try_from(amount.unwrap_or(Amount::ONE_RUPEE).paise()).unwrap_or(u32::MAX)
}

/// Reads a row in which nothing is wrong: the payee, and a request without it. Rows with equal requests can be sent together.
pub(crate) fn read(cells: &Cells<'_>) -> Result<(Parts, Payee), ParseError> {
    fn optional<'a, T: TryFrom<&'a str>>(text: Option<&'a str>) -> Result<Option<T>, T::Error> {
        text.map(T::try_from).transpose()
    }
    let customer_id: CustomerId = cells.get(Column::CustomerId).parse()?;
    let parts = Parts {
        // The vendor recommends the customer's id.
        routing_id: optional(cells.filled(Column::RoutingId))?.unwrap_or_else(|| (&customer_id).into()),
        customer_id,
        bank_code: cells.get(Column::BankCode).parse()?,
        bank_accounts: Vec::new(),
        upi: Vec::new(),
        options: RequestOptions {
            gateway_id: optional(cells.filled(Column::GatewayId))?,
            gateway_reference_id: optional(cells.filled(Column::GatewayReferenceId))?,
            preferred_gateway: optional(cells.filled(Column::PreferredGateway))?,
            validation_amount: optional(cells.filled(Column::Amount))?,
        },
    };
    let payee = match cells.filled(Column::Vpa) {
        Some(vpa) => Payee::Upi(vpa.parse()?),
        None => Payee::BankAccount(BankAccount {
            ifsc: cells.get(Column::Ifsc).parse()?,
            account: cells.get(Column::Account).parse()?,
            name: optional(cells.filled(Column::Name))?,
        }),
    };
    Ok((parts, payee))
}
