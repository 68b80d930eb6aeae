//! A row of the results: a row of the input, and the outcome of its payee.

use std::borrow::Cow;

use juspay_accounts::Payee;

use crate::log::{Outcome, Paid, Record};
use crate::names;

/// The names of the columns that are added to those of the input.
pub(crate) const ADDED: [&str; 10] = [
    "outcome",
    "status",
    "name verdict",
    "customer account id",
    "checked at",
    "amount paid",
    "request id",
    "reason",
    "advice",
    "suggestion",
];

#[derive(Debug)]
pub(crate) struct ResultRow<'a> {
    /// The row number in the input, as Excel shows it.
    pub(crate) number: u32,
    pub(crate) cells: &'a [&'a str],
    /// The indexes of the cells that a workbook stores as numbers.
    pub(crate) numbers: &'a [usize],
    pub(crate) payee: Option<Payee>,
    /// The name given with the payee.
    pub(crate) name: Option<&'a str>,
    /// The user's own reference for the payee.
    pub(crate) reference: Option<&'a str>,
    /// `None` for a row that is not a payee, such as a title, a blank row or a total.
    pub(crate) result: Option<RowResult>,
}

impl<'a> ResultRow<'a> {
    /// Makes a row without a payee and a result, to write only its cells.
    pub(crate) fn plain(number: u32, cells: &'a [&'a str]) -> Self {
        Self { number, cells, numbers: &[], payee: None, name: None, reference: None, result: None }
    }
}

#[derive(Debug, Default)]
pub(crate) struct RowResult {
    pub(crate) record: Record,
    /// The number of attempts to send the payee.
    pub(crate) attempt: u32,
    /// When the outcome was recorded, in milliseconds since 1970. For a payee in flight, when the first attempt that
    /// may have been processed was logged. `None` if nothing was sent.
    pub(crate) checked_at: Option<u64>,
    pub(crate) paid: Option<Paid>,
    /// What to do, what was repaired, and what is unusual about the row.
    pub(crate) advice: Option<String>,
    /// The probable correction, unmasked.
    pub(crate) suggestion: Option<String>,
    /// The probable correction, masked.
    pub(crate) masked_suggestion: Option<String>,
    /// Whether the user must correct the row or send it again. False after an outcome such as *unknown*: the payee may
    /// have been paid, and only `--resume`, which reads the log, does not pay it twice.
    pub(crate) needs_work: bool,
}

#[derive(Debug)]
pub(crate) enum Value<'a> {
    Empty,
    Outcome(Outcome),
    Text(Cow<'a, str>),
    /// A time, in milliseconds since 1970.
    Time(u64),
    Paid(Paid),
}

impl<'a> Value<'a> {
    fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.into()))
    }
}

impl RowResult {
    /// The values of the added columns, in the order of [`ADDED`].
    pub(crate) fn values(&self) -> [Value<'_>; ADDED.len()] {
        let Record { outcome, status, account_id, name, request_id, reason, .. } = &self.record;
        let name = name.as_ref().map(|name| names::cell(name.verdict, &name.differences));
        [
            Value::Outcome(*outcome),
            Value::text(status.as_deref()),
            name.map_or(Value::Empty, |name| Value::Text(name.into())),
            Value::text(account_id.as_deref()),
            self.checked_at.map_or(Value::Empty, Value::Time),
            self.paid.map_or(Value::Empty, Value::Paid),
            Value::text(request_id.as_deref()),
            Value::text(reason.as_deref()),
            Value::text(self.advice.as_deref()),
            Value::text(self.suggestion.as_deref()),
        ]
    }
}

/// Returns the names of the added columns. A name that the input already has gets a suffix.
pub(crate) fn added(columns: &[&str]) -> [String; ADDED.len()] {
    let is_taken = |name: &str| columns.iter().any(|column| column.trim().eq_ignore_ascii_case(name));
    ADDED.map(|name| {
        let mut free = name.to_owned();
        for number in 1_usize.. {
            if !is_taken(&free) {
                break;
            }
            free = if number == 1 { format!("{name} (new)") } else { format!("{name} (new {number})") };
        }
        free
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_added_column_never_has_the_name_of_another() {
        assert_eq!(added(&["Name", "Account"]), ADDED.map(str::to_owned));
        let names = added(&["Status ", "status (new)", "REASON"]);
        assert_eq!([&*names[0], &names[1], &names[7]], ["outcome", "status (new 2)", "reason (new)"]);
    }
}
