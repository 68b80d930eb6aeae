//! Interprets a row: which values belong together, and which are valid.
//!
//! Checking and reading are two functions, because checking a million rows must not make a million copies. Both use the
//! same types.

use juspay_accounts::Payee;
use juspay_accounts_validation::{
    Advice, Amount, BankAccount, CustomerId, Kind, ParseError, Parts, Reason, RequestOptions,
};

use super::flaw::{Flaw, REFERENCE, Unusual};
use crate::input::{Column, Row, Stored, Values};
use crate::log::{PayeeHash, Salt};

const BANK_ACCOUNT: [Column; 2] = [Column::Ifsc, Column::Account];

/// The maximum length of an account number.
const LONGEST: usize = 35;

/// The optional values, which are checked if the row has them.
const OPTIONS: [Column; 6] = [
    Column::GatewayId,
    Column::GatewayReferenceId,
    Column::PreferredGateway,
    Column::Amount,
    Column::RoutingId,
    Column::Name,
];

/// The values that are checked for advice.
const ADVISED: [Column; 5] = [Column::Vpa, Column::Ifsc, Column::Account, Column::Amount, Column::Name];

/// Reports all problems of a row.
pub(crate) fn check(row: &Row<'_>, mut report: impl FnMut(Flaw)) {
    if let Some(misshapen) = row.problem {
        report(Flaw::Misshapen(misshapen));
        return;
    }
    let has = |column| row.values.filled(column).is_some();
    let problem = |column: Column| column.kind()?.check(row.values.get(column)).err();
    let mut ask = |column: Column| {
        if let Some(error) = problem(column) {
            let lacking = row.lacking_part(column).filter(|_| error.reason() == Reason::Empty);
            report(lacking.map_or(Flaw::Value(column, error), |part| Flaw::Incomplete(column, part)));
        }
    };
    [Column::CustomerId, Column::BankCode].into_iter().for_each(&mut ask);
    OPTIONS.into_iter().filter(|column| has(*column)).for_each(&mut ask);
    // A name next to a UPI address is not a problem: it is not sent, but only compared with the name at the bank.
    let mut account = None;
    match (has(Column::Ifsc) || has(Column::Account), has(Column::Vpa)) {
        (true, false) => {
            BANK_ACCOUNT.into_iter().for_each(ask);
            let number = row.values.get(Column::Account);
            let is_word = !number.bytes().any(|byte| byte.is_ascii_digit());
            let is_ditto = is_word && Kind::AccountNumber.advice(number) == Some(Advice::Ditto);
            account = is_ditto.then_some(Flaw::Ditto);
            if is_unconfirmed(&row.values) {
                report(Flaw::Unconfirmed(row.column(Column::ConfirmAccount)));
            }
        }
        (false, true) => ask(Column::Vpa),
        (false, false) => account = Some(Flaw::NoAccount),
        (true, true) => {
            account = Some(Flaw::TwoAccounts);
            // A placeholder such as "N/A" is not a second account.
            for column in BANK_ACCOUNT.into_iter().chain([Column::Vpa]) {
                if let Some(error) = problem(column).filter(|error| error.reason() == Reason::Placeholder) {
                    report(Flaw::Value(column, error));
                    account = None;
                }
            }
        }
    }
    account.into_iter().for_each(&mut report);
    for column in [Column::CustomerId, Column::RoutingId] {
        let after_mark = row.values.get(column).strip_prefix('\'');
        if after_mark.is_some_and(|rest| rest.starts_with(['=', '+', '-', '@'])) {
            report(Flaw::Marked(column));
        }
    }
    if row.stored.is_number && row.values.get(Column::Account).len() > EXACT {
        report(Flaw::Rounded);
    }
    if let Some(amount) = amount(&row.values).filter(|amount| amount.paise() > row.max_paise()) {
        report(Flaw::TooMuch(amount));
    }
    let reference = row.values.get(Column::Reference);
    if reference.contains(char::is_control) {
        report(Flaw::Reference);
    }
    if reference.len() > REFERENCE && reference.chars().count() > REFERENCE {
        report(Flaw::LongReference);
    }
}

/// Whether the row has the account number twice, and the two differ. What `--clean` would repair is not a difference.
fn is_unconfirmed(values: &Values<'_>) -> bool {
    let clean = |text: &str| Kind::AccountNumber.clean(text).map_or_else(|_| text.to_owned(), |cleaned| cleaned.value);
    let number = values.get(Column::Account);
    let again = values.filled(Column::ConfirmAccount).filter(|again| *again != number);
    again.is_some_and(|again| clean(again) != clean(number))
}

/// Reports everything unusual about a valid row.
pub(crate) fn advice(values: &Values<'_>, stored: Stored, mut report: impl FnMut(Unusual)) {
    for column in ADVISED {
        // A UPI address has no penny drop.
        if column == Column::Amount && values.filled(Column::Vpa).is_some() {
            continue;
        }
        if let Some(advice) = values.filled(column).and_then(|text| column.kind()?.advice(text)) {
            report(Unusual::Value(column, advice));
        }
    }
    if stored.is_number {
        report(Unusual::Number);
    }
    if stored.is_hidden {
        report(Unusual::Hidden);
    }
}

/// The maximum number of digits of a number that a spreadsheet keeps exactly.
const EXACT: usize = 15;

/// The amount of the penny drop, if the file sets it.
fn amount(values: &Values<'_>) -> Option<Amount> {
    values.filled(Column::Amount).and_then(|text| Amount::try_from(text).ok())
}

/// The hash of the payee of a valid row.
pub(crate) fn payee(row: &Row<'_>, salt: &Salt) -> PayeeHash {
    let mut account = String::new();
    append_account(&row.values, &mut account);
    salt.payee(row.values.get(Column::CustomerId), &account)
}

/// The hash of the payee of a row, for each possible number of zeros at the start of the account number. Empty for a
/// row with a UPI address.
pub(crate) fn other_zeros<'a>(row: &Row<'a>, salt: &'a Salt) -> impl Iterator<Item = PayeeHash> + use<'a> {
    let values = row.values;
    let number = values.get(Column::Account).trim_start_matches('0');
    let most = if number.is_empty() { 0 } else { LONGEST.saturating_sub(number.len()) + 1 };
    (0..most).map(move |zeros| {
        let number = ("0".repeat(zeros) + number).to_ascii_uppercase();
        salt.payee(values.get(Column::CustomerId), &format!("{}\0{number}", values.get(Column::Ifsc)))
    })
}

/// Appends the account of a valid row, so that accounts that differ only in case become equal: the UPI address in lower
/// case, or the IFSC, a zero byte and the account number in upper case.
pub(super) fn append_account(values: &Values<'_>, text: &mut String) {
    let start = text.len();
    if let Some(vpa) = values.filled(Column::Vpa) {
        text.push_str(vpa);
        text[start..].make_ascii_lowercase();
    } else {
        text.push_str(values.get(Column::Ifsc));
        text.push('\0');
        text.push_str(values.get(Column::Account));
        text[start..].make_ascii_uppercase();
    }
}

/// The cost of the penny drop of a valid row, in paise. A UPI address has no penny drop.
pub(super) fn paise(values: &Values<'_>) -> u32 {
    if values.filled(Column::Vpa).is_some() {
        return 0;
    }
    u32::try_from(amount(values).unwrap_or(Amount::ONE_RUPEE).paise()).unwrap_or(u32::MAX)
}

/// Reads a valid row: the payee, and a request without the payee. Rows with equal requests can be sent together.
pub(crate) fn read(row: &Row<'_>) -> Result<(Parts, Payee), ParseError> {
    fn optional<'a, T: TryFrom<&'a str>>(text: Option<&'a str>) -> Result<Option<T>, T::Error> {
        text.map(T::try_from).transpose()
    }
    let customer_id: CustomerId = row.values.get(Column::CustomerId).parse()?;
    let parts = Parts {
        // The vendor recommends the customer id as the routing id.
        routing_id: optional(row.values.filled(Column::RoutingId))?.unwrap_or_else(|| (&customer_id).into()),
        customer_id,
        bank_code: row.values.get(Column::BankCode).parse()?,
        payees: Vec::new(),
        options: RequestOptions {
            gateway_id: optional(row.values.filled(Column::GatewayId))?,
            gateway_reference_id: optional(row.values.filled(Column::GatewayReferenceId))?,
            preferred_gateway: optional(row.values.filled(Column::PreferredGateway))?,
            validation_amount: optional(row.values.filled(Column::Amount))?,
        },
    };
    let payee = match row.values.filled(Column::Vpa) {
        Some(vpa) => Payee::Upi(vpa.parse()?),
        None => Payee::BankAccount(BankAccount {
            ifsc: row.values.get(Column::Ifsc).parse()?,
            account: row.values.get(Column::Account).parse()?,
            name: optional(row.values.filled(Column::Name))?,
        }),
    };
    Ok((parts, payee))
}
