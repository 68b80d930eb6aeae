//! What a row says: which of its values belong together, and which values are accepted.
//!
//! The check and the reading are two functions, since the check of a million rows must not make a million copies. They
//! ask the same types.

use juspay_accounts::Payee;
use juspay_accounts_validation::{
    AccountNumber, Amount, BankAccount, BankCode, CustomerId, Gateway, GatewayId, GatewayReferenceId, Ifsc, Name,
    ParseError, RoutingId, Vpa,
};

use super::columns::{Column, Header};
use super::rows::{Cells, Row};
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

/// The account of a row, in its own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Words<'a> {
    Bank { ifsc: &'a str, account: &'a str, name: Option<&'a str> },
    Upi(&'a str),
}

/// What a call is sent with, beside the accounts. Rows that have it in common can be sent together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) customer_id: CustomerId,
    pub(crate) bank_code: BankCode,
    pub(crate) gateway_id: Option<GatewayId>,
    pub(crate) gateway_reference_id: Option<GatewayReferenceId>,
    pub(crate) preferred_gateway: Option<Gateway>,
    pub(crate) amount: Option<Amount>,
    pub(crate) routing_id: Option<RoutingId>,
}

impl Options {
    /// That of the row, or else the customer's id, as the vendor recommends.
    pub(crate) fn routing_id(&self) -> RoutingId {
        self.routing_id.clone().unwrap_or_else(|| (&self.customer_id).into())
    }
}

/// Tells everything that is wrong with a row.
pub(crate) fn check(cells: &Cells<'_>, header: &Header, mut tell: impl FnMut(Option<Column>, String)) {
    if cells.number != header.values() {
        let values = count(cells.number, "value", "values");
        tell(None, format!("the row has {values}, and the header has {}", header.values()));
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
    let has = |column| !cells.get(column).is_empty();
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

/// The account of a row in which nothing is wrong.
pub(crate) fn account<'a>(cells: &Cells<'a>) -> Words<'a> {
    let vpa = cells.get(Column::Vpa);
    if !vpa.is_empty() {
        return Words::Upi(vpa);
    }
    Words::Bank {
        ifsc: cells.get(Column::Ifsc),
        account: cells.get(Column::Account),
        name: Some(cells.get(Column::Name)).filter(|name| !name.is_empty()),
    }
}

/// Reads a row in which nothing is wrong.
pub(crate) fn read(row: &Row<'_>, header: &Header) -> Result<(Options, Payee), ParseError> {
    fn optional<'a, T: TryFrom<&'a str>>(text: &'a str) -> Result<Option<T>, T::Error> {
        if text.is_empty() { Ok(None) } else { T::try_from(text).map(Some) }
    }
    let mut cells = Cells::default();
    let cells = cells.fill(row, header);
    let get = |column| cells.get(column);
    let options = Options {
        customer_id: get(Column::CustomerId).parse()?,
        bank_code: get(Column::BankCode).parse()?,
        gateway_id: optional(get(Column::GatewayId))?,
        gateway_reference_id: optional(get(Column::GatewayReferenceId))?,
        preferred_gateway: optional(get(Column::PreferredGateway))?,
        amount: optional(get(Column::Amount))?,
        routing_id: optional(get(Column::RoutingId))?,
    };
    let payee = match account(cells) {
        Words::Bank { ifsc, account, name } => Payee::BankAccount(BankAccount {
            ifsc: ifsc.parse()?,
            account: account.parse()?,
            name: name.map(str::parse).transpose()?,
        }),
        Words::Upi(vpa) => Payee::Upi(vpa.parse()?),
    };
    Ok((options, payee))
}
