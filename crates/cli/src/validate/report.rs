//! Prints the response next to the request, one row for each account. Accounts are matched by what was sent, never by
//! their position in the response.

use std::fmt::Display;
use std::io::{self, Write};

use juspay_accounts::{AccountsRequest, CustomerAccount, MatchKind, Payee};
use juspay_accounts_validation::BankAccount;
use juspay_accounts_validation::names::Comparison;
use serde::Serialize;

use super::flags;
use crate::console::{self, CAUTION, Console, Format, GOOD, json_line};
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::names::{self, NameMatch};
use crate::show::{self, Cells, Sheet};

/// What is shown of a response, and how.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) server: &'a str,
    pub(super) request_id: Option<&'a str>,
    pub(super) unmasked: bool,
    /// The value of `--expect-name`.
    pub(super) expected_name: Option<&'a str>,
    pub(super) console: Console,
}

/// Prints the accounts of a request.
pub(super) fn run(request: &AccountsRequest, accounts: &[CustomerAccount], view: View<'_>) -> Result<Exit, Failure> {
    let View { request_id, console, .. } = view;
    let rows = rows(request, accounts);
    let requested: Vec<_> = rows.iter().filter(|row| row.asked.is_some()).map(Row::is_active).collect();
    let (requested, active) = (requested.len(), requested.into_iter().filter(|is_active| *is_active).count());
    let all_active = rows.iter().all(Row::is_active);
    let printed = console.print(|out| match console.format {
        Format::Json => view.write_json(&rows, (requested, active), out),
        Format::Table => {
            view.write_table(&rows, out)?;
            let style = console.style(if all_active { GOOD } else { CAUTION });
            let id = request_id.unwrap_or("unknown");
            writeln!(out, "{style}{active} of {requested} active{style:#}; request id: {id}")
        }
    });
    if let Err(error) = printed {
        // The user does not see the result, and must not send the request again to see it, because that pays again.
        let id = request_id.unwrap_or("unknown");
        let message = format!("the response arrived, but the result cannot be written (request id: {id})");
        return Err(Failure::caused(Exit::Unknown, message, &error)
            .next("do not run the command again, because that would pay the accounts again; `list` shows the customer's accounts"));
    }
    show::note_pending(accounts, console);
    Ok(if all_active { Exit::Active } else { Exit::NotActive })
}

/// Returns a failure if the response lacks accounts, because they may have been paid.
pub(super) fn missing(
    request: &AccountsRequest,
    accounts: &[CustomerAccount],
    request_id: Option<&str>,
) -> Option<Failure> {
    let rows = rows(request, accounts);
    let missing = rows.into_iter().filter(|row| row.received.is_none());
    let problems: Vec<_> =
        missing.filter_map(|row| Some(Problem::new(row.asked.as_ref()?.1.as_str(), row.missing()))).collect();
    (!problems.is_empty()).then(|| Failure::outcome_unknown(problems, request_id))
}

/// A requested account, a received account, or both.
struct Row<'a> {
    asked: Option<(Payee, String)>,
    received: Option<&'a CustomerAccount>,
    kind: Option<MatchKind>,
}

impl Row<'_> {
    fn is_active(&self) -> bool {
        self.received.is_some_and(CustomerAccount::is_active)
    }

    /// Explains why the row has no account.
    fn missing(&self) -> &'static str {
        match self.kind {
            Some(MatchKind::Unidentified) => {
                "the response has an account that may be this one, but does not identify it"
            }
            _ => "the response does not have this account",
        }
    }

    /// Compares the name at the bank with `expected`, or else with the name in the request.
    fn name_match(&self, expected: Option<&str>) -> Option<Comparison> {
        let given = match &self.asked {
            Some((Payee::BankAccount(account), _)) => account.name.as_ref().map(AsRef::as_ref),
            Some((Payee::Upi(_), _)) => None,
            None => return None,
        };
        self.received?.compare_name(expected.or(given)?)
    }
}

/// Makes a row for each account of the request, in order, and then for each other account of the response.
fn rows<'a>(request: &AccountsRequest, accounts: &'a [CustomerAccount]) -> Vec<Row<'a>> {
    let matched = juspay_accounts::matched(request, accounts);
    let is_left = |account: &&CustomerAccount| {
        !matched.iter().any(|matched| matched.account.is_some_and(|own| std::ptr::eq(own, *account)))
    };
    let left: Vec<_> = accounts.iter().filter(is_left).collect();
    let asked = matched.into_iter().zip(flags::payees(request));
    let asked =
        asked.map(|(matched, asked)| Row { received: matched.account, asked: Some(asked), kind: Some(matched.kind) });
    asked.chain(left.into_iter().map(|account| Row { asked: None, received: Some(account), kind: None })).collect()
}

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
    /// How the account was matched; `null` for an account that was not requested.
    matched: Option<MatchKind>,
    name: Option<NameMatch>,
    account: Option<CustomerAccount>,
}

impl View<'_> {
    fn write_json(&self, rows: &[Row<'_>], (requested, active): (usize, usize), out: &mut dyn Write) -> io::Result<()> {
        let row = |row: &'_ Row| JsonRow {
            input: row.asked.as_ref().map(|(_, flag)| flag.clone()),
            active: row.is_active(),
            matched: row.kind,
            name: row.name_match(self.expected_name).map(NameMatch::from),
            account: row.received.map(|account| show::shown(account, self.unmasked)),
        };
        let accounts = rows.iter().map(row).collect();
        json_line(out, &Json { request_id: self.request_id, server: self.server, requested, active, accounts })
    }

    fn write_table(&self, rows: &[Row<'_>], out: &mut dyn Write) -> io::Result<()> {
        let mut sheet = Sheet::new(["input", "account", "IFSC", "name", "customer account", "status"]);
        for row in rows {
            let Cells { account, ifsc, mut name, id, status, .. } = self.cells(row);
            let input = row.asked.as_ref().map(|(_, flag)| flag.clone()).unwrap_or_default();
            if let Some(comparison) = row.name_match(self.expected_name) {
                let verdict = names::cell(comparison.verdict, &comparison.differences);
                // A masked name says nothing that the verdict does not.
                name = if self.unmasked { format!("{name}: {verdict}") } else { verdict };
            }
            let style = show::style(row.received.and_then(|account| account.validation_status.as_ref()));
            sheet.add([input, account, ifsc, name, id, status], self.console.style(style));
        }
        sheet.write(out, console::width())
    }

    fn cells(&self, row: &Row) -> Cells {
        let Some(account) = row.received else {
            let unmatched =
                if row.kind == Some(MatchKind::Unidentified) { "not identified" } else { "not in the response" };
            let cells = Cells { status: unmatched.to_owned(), ..Cells::default() };
            return match &row.asked {
                Some((Payee::BankAccount(BankAccount { ifsc, account, name }), _)) => Cells {
                    account: self.secret(account.as_str(), account),
                    ifsc: ifsc.to_string(),
                    name: name.as_ref().map(|name| self.secret(name.as_str(), name)).unwrap_or_default(),
                    ..cells
                },
                Some((Payee::Upi(vpa), _)) => Cells { account: self.secret(vpa.as_str(), vpa), ..cells },
                None => cells,
            };
        };
        let mut cells = Cells::of(account, self.unmasked);
        if row.asked.is_none() {
            cells.status.push_str(" (not requested)");
        } else if row.kind == Some(MatchKind::Partial) {
            cells.status.push_str(" (partial match)");
        }
        cells
    }

    fn secret(&self, clear: &str, masked: impl Display) -> String {
        show::secret(clear, masked, self.unmasked)
    }
}
