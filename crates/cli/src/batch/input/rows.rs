//! The rows of an input, with their values.

use std::borrow::Cow;

use csv::StringRecord;
use juspay_accounts_validation::{
    AccountNumber, Amount, BankCode, Change, CustomerId, Gateway, GatewayId, GatewayReferenceId, Ifsc, Name,
    ParseError, RoutingId, Vpa,
};

use super::columns::Column;
use super::layout::{Layout, Origin, Part};
use super::records::Records;
use super::source::Unreadable;

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowKind {
    /// A payee, or what was meant to be one.
    Payee,
    /// No cell has a value.
    Blank,
    /// The sum of the rows above.
    Total,
    /// Cells that are not read have values, and no others: a remark below the table, or a number without a payee.
    Remark,
}

/// A row.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    /// Its number, as a spreadsheet shows it.
    pub(crate) number: u32,
    pub(crate) kind: RowKind,
    cells: &'a StringRecord,
    values: [Cow<'a, str>; Column::ALL.len()],
    /// What was repaired, in the order of the columns.
    pub(crate) repairs: Vec<(Column, Change)>,
    /// Why its cells cannot be assigned to columns. Such a row has no values.
    pub(crate) problem: Option<Misshapen>,
}

/// Why nobody knows which cell of a row belongs to which column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misshapen {
    TooFew {
        cells: usize,
        expected: usize,
    },
    TooMany {
        cells: usize,
        expected: usize,
    },
    /// A value contains what looks like whole rows.
    OpenQuote,
}

impl<'a> Row<'a> {
    /// All cells of the row as text, unchanged, in the order of the file: as many as the header has names, or more.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.cells.iter()
    }

    /// A value; empty if the row does not have it.
    pub(crate) fn get(&self, column: Column) -> &str {
        &self.values[column as usize]
    }

    /// The value, if it is not empty.
    pub(crate) fn filled(&self, column: Column) -> Option<&str> {
        Some(self.get(column)).filter(|value| !value.is_empty())
    }
}

/// Goes through the rows below a header. Blank rows at the end are left out.
pub(crate) struct Rows<'a> {
    layout: &'a Layout,
    records: Records<'a>,
    /// For blank rows.
    empty: StringRecord,
    /// How many blank rows are still to be returned before the record.
    blank: u32,
    /// Whether the record is still to be returned.
    has_record: bool,
}

impl<'a> Rows<'a> {
    pub(super) fn new(layout: &'a Layout, records: Records<'a>) -> Self {
        Self { layout, records, empty: StringRecord::new(), blank: 0, has_record: false }
    }

    /// The next row; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>, Unreadable> {
        if self.blank == 0 && !self.has_record {
            loop {
                let Some(blank) = self.records.advance()? else { return Ok(None) };
                self.blank += blank;
                if !self.records.record().iter().all(is_blank) {
                    break;
                }
                self.blank += 1;
            }
            self.has_record = true;
        }
        if self.blank > 0 {
            let number = self.records.number - self.blank;
            self.blank -= 1;
            return Ok(Some(self.row(number, RowKind::Blank, &self.empty)));
        }
        self.has_record = false;
        Ok(Some(self.read()))
    }

    fn row<'b>(&self, number: u32, kind: RowKind, cells: &'b StringRecord) -> Row<'b> {
        Row { number, kind, cells, values: Default::default(), repairs: Vec::new(), problem: None }
    }

    fn read(&self) -> Row<'_> {
        let cells = self.records.record();
        let mut row = self.row(self.records.number, RowKind::Payee, cells);
        row.problem = self.layout.misfit(cells);
        if row.problem.is_some() {
            return row;
        }
        for (column, _) in Column::ALL {
            if let Origin::Cell(place) = self.layout.origin(column) {
                let text = cells.get(*place).unwrap_or_default();
                row.values[column as usize] = match is_blank(text) {
                    true => Cow::Borrowed(""),
                    false if self.layout.clean => cleaned(column, text, &mut row.repairs),
                    false => Cow::Borrowed(text),
                };
            }
        }
        for (column, _) in Column::ALL {
            if let Origin::Set(parts) = self.layout.origin(column) {
                row.values[column as usize] = compose(parts, &row);
            }
        }
        row
    }
}

/// A value that the user set. It is empty if a part of it is.
fn compose<'a>(parts: &[Part], row: &Row<'a>) -> Cow<'a, str> {
    let mut text = String::new();
    for part in parts {
        let part = match part {
            Part::Text(part) => part,
            Part::Value(column) => row.get(*column),
            Part::Cell(place) => row.cells.get(*place).unwrap_or_default(),
        };
        if is_blank(part) {
            return Cow::Borrowed("");
        }
        text.push_str(part);
    }
    Cow::Owned(text)
}

/// Whether nothing of a cell can be seen.
pub(super) fn is_blank(cell: &str) -> bool {
    cell.is_empty() || cell.chars().all(|c| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}'))
}

/// The value after the repairs that lose nothing. What cannot be repaired stays as it is.
fn cleaned<'a>(column: Column, text: &'a str, repairs: &mut Vec<(Column, Change)>) -> Cow<'a, str> {
    fn clean<T: AsRef<str>>(
        cleaned: Result<juspay_accounts_validation::Cleaned<T>, ParseError>,
    ) -> Option<(String, Vec<Change>)> {
        let cleaned = cleaned.ok().filter(|cleaned| !cleaned.changes.is_empty())?;
        Some((cleaned.value.as_ref().to_owned(), cleaned.changes))
    }
    let found = match column {
        Column::CustomerId => clean(CustomerId::clean(text)),
        Column::BankCode => clean(BankCode::clean(text)),
        Column::Ifsc => clean(Ifsc::clean(text)),
        Column::Account => clean(AccountNumber::clean(text)),
        Column::Name => clean(Name::clean(text)),
        Column::Vpa => clean(Vpa::clean(text)),
        Column::GatewayId => clean(GatewayId::clean(text)),
        Column::GatewayReferenceId => clean(GatewayReferenceId::clean(text)),
        Column::PreferredGateway => clean(Gateway::clean(text)),
        Column::RoutingId => clean(RoutingId::clean(text)),
        Column::Amount => Amount::clean(text)
            .ok()
            .filter(|cleaned| !cleaned.changes.is_empty())
            .map(|cleaned| (cleaned.value.to_string(), cleaned.changes)),
        Column::Reference => None,
    };
    let Some((value, changes)) = found else { return Cow::Borrowed(text) };
    repairs.extend(changes.into_iter().map(|change| (column, change)));
    Cow::Owned(value)
}
