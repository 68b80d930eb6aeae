//! The answer beside what was asked: a row for each account, found by what was sent and never by its position.

use std::fmt::Display;
use std::io::{self, Write};

use anstyle::Style;
use comfy_table::Table;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use juspay_accounts::{Accounts, AccountsRequest, CustomerAccount, Extra};
use juspay_accounts_validation::{BankAccount, Vpa};
use serde::Serialize;

use super::flags;
use crate::console::{Console, DOUBTFUL, Format, GOOD, json_line};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::text::{clean, count};

/// What stands where there is nothing.
const NOTHING: &str = "-";

pub(super) fn run(
    request: &AccountsRequest,
    accounts: &Accounts,
    server: &str,
    unmasked: bool,
    console: Console,
) -> Result<Exit, Failure> {
    let rows = rows(request, accounts);
    let request_id = accounts.request_id().map(clean);
    let all_active = rows.iter().all(Row::is_active);
    let style = console.style(if all_active { GOOD } else { DOUBTFUL });
    let report = Report { rows: &rows, request_id: request_id.as_deref(), server, unmasked, style };
    let printed = console.print(|out| match console.format {
        Format::Table => report.write_table(out),
        Format::Json => report.write_json(out),
    });
    if let Err(error) = printed {
        // Whoever reads the output does not know, and to send it again would be paid for again.
        let id = request_id.as_deref().unwrap_or("unknown");
        let message = format!("the request was answered, but the answer cannot be written (request id: {id})");
        return Err(Failure::caused(Exit::Unknown, message, &error)
            .next("do not run it again for the sake of the output; look at the customer's accounts"));
    }
    if accounts.any_pending() {
        console.note(
            "a validation has not ended (PENDING or CREATED): look at the account later; to validate it again is paid again",
        );
    }
    Ok(if all_active { Exit::Active } else { Exit::NotActive })
}

/// An account that was asked for, one that was received, or both.
struct Row<'a> {
    asked: Option<(Asked<'a>, String)>,
    received: Option<&'a CustomerAccount>,
}

/// An account of the request.
#[derive(Clone, Copy)]
enum Asked<'a> {
    Bank(&'a BankAccount),
    Upi(&'a Vpa),
}

impl Asked<'_> {
    fn is(&self, account: &CustomerAccount) -> bool {
        match self {
            Self::Bank(bank) => account.is_bank_account(&bank.ifsc, &bank.account),
            Self::Upi(vpa) => account.is_upi(vpa),
        }
    }
}

impl Row<'_> {
    fn is_active(&self) -> bool {
        self.received.is_some_and(CustomerAccount::is_active)
    }
}

/// A row for each account of the request, in its order, and then for what is left of the answer.
fn rows<'a>(request: &'a AccountsRequest, accounts: &'a Accounts) -> Vec<Row<'a>> {
    let banks = request.bank_accounts().iter().enumerate();
    let banks = banks.map(|(index, bank)| (Asked::Bank(bank), flags::bank_account_flag(index)));
    let upi = request.upi().iter().enumerate().map(|(index, vpa)| (Asked::Upi(vpa), flags::upi_flag(index)));
    let mut left: Vec<_> = accounts.iter().collect();
    let mut rows = Vec::new();
    for asked in banks.chain(upi) {
        // Who asks twice for the same account gets two, and each of them is shown once.
        let found = left.iter().position(|account| asked.0.is(account));
        rows.push(Row { received: found.map(|index| left.remove(index)), asked: Some(asked) });
    }
    rows.extend(left.into_iter().map(|account| Row { asked: None, received: Some(account) }));
    rows
}

struct Report<'a> {
    rows: &'a [Row<'a>],
    request_id: Option<&'a str>,
    server: &'a str,
    unmasked: bool,
    /// For the sentence below the table.
    style: Style,
}

/// The result as JSON.
#[derive(Serialize)]
struct Json<'a> {
    request_id: Option<&'a str>,
    server: &'a str,
    requested: usize,
    active: usize,
    accounts: Vec<JsonRow>,
}

#[derive(Serialize)]
struct JsonRow {
    input: Option<String>,
    active: bool,
    account: Option<CustomerAccount>,
}

impl Report<'_> {
    fn requested(&self) -> usize {
        self.rows.iter().filter(|row| row.asked.is_some()).count()
    }

    fn active(&self) -> usize {
        self.rows.iter().filter(|row| row.asked.is_some() && row.is_active()).count()
    }

    fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let row = |row: &'_ Row| JsonRow {
            input: row.asked.as_ref().map(|(_, flag)| flag.clone()),
            active: row.is_active(),
            account: row.received.map(|account| if self.unmasked { account.clone() } else { masked(account) }),
        };
        let accounts = self.rows.iter().map(row).collect();
        let (requested, active) = (self.requested(), self.active());
        json_line(out, &Json { request_id: self.request_id, server: self.server, requested, active, accounts })
    }

    fn write_table(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED);
        table.set_header(["customer account", "kind", "account", "IFSC", "name", "amount", "status"]);
        for row in self.rows {
            table.add_row(self.cells(row));
        }
        writeln!(out, "{table}")?;
        let (requested, active) = (self.requested(), self.active());
        let style = self.style;
        let accounts = count(requested, "account", "accounts");
        let verb = if active == 1 { "is" } else { "are" };
        let id = self.request_id.unwrap_or("none in the answer");
        writeln!(out, "{style}{active} of {accounts} {verb} active{style:#}; request id: {id}")
    }

    fn cells(&self, row: &Row) -> [String; 7] {
        let Some(account) = row.received else {
            let [number, ifsc, name] = match row.asked {
                Some((Asked::Bank(BankAccount { ifsc, account, name }), _)) => [
                    self.secret(account.as_str(), account),
                    ifsc.to_string(),
                    name.as_ref().map_or_else(nothing, |name| self.secret(name.as_str(), name)),
                ],
                Some((Asked::Upi(vpa), _)) => [self.secret(vpa.as_str(), vpa), nothing(), nothing()],
                None => [nothing(), nothing(), nothing()],
            };
            return [nothing(), nothing(), number, ifsc, name, nothing(), "not in the answer".to_owned()];
        };
        let details = account.account_details.clone().unwrap_or_default();
        let number = details.account.as_ref().map(|number| self.secret(number.as_str(), number));
        let vpa = details.vpa.as_ref().map(|vpa| self.secret(vpa.as_str(), vpa));
        let mut status = text(account.validation_status.as_ref());
        if row.asked.is_none() {
            status.push_str(" (not asked for)");
        }
        [
            text(account.customer_account_id.as_ref()),
            text(account.customer_account_type.as_ref()),
            number.or(vpa).unwrap_or_else(nothing),
            text(details.ifsc.as_ref()),
            details.name.as_ref().map_or_else(nothing, |name| self.secret(name.as_str(), name)),
            text(account.validation_amount.as_ref()),
            status,
        ]
    }

    fn secret(&self, clear: &str, masked: impl Display) -> String {
        if self.unmasked { clean(clear) } else { masked.to_string() }
    }
}

fn nothing() -> String {
    NOTHING.to_owned()
}

fn text(value: Option<impl Display>) -> String {
    value.map_or_else(nothing, |value| clean(&value.to_string()))
}

/// What was received of an account, with the masks that its values print themselves with.
fn masked(account: &CustomerAccount) -> CustomerAccount {
    let mut account = account.clone();
    account.extra = hidden(&account.extra);
    if let Some(details) = &mut account.account_details {
        details.account = details.account.as_ref().map(|number| number.to_string().into());
        details.name = details.name.as_ref().map(|name| name.to_string().into());
        details.vpa = details.vpa.as_ref().map(|vpa| vpa.to_string().into());
        details.extra = hidden(&details.extra);
    }
    account
}

/// Nobody knows what fields hold that were added later.
fn hidden(extra: &Extra) -> Extra {
    extra.iter().map(|(name, _)| (name.to_owned(), "****".into())).collect::<serde_json::Map<_, _>>().into()
}
