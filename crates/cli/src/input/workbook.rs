//! Reads Excel workbooks and OpenDocument spreadsheets (`.ods`).
//!
//! A sheet is copied once to an unnamed file, as text in which each row starts with its number and each cell with its
//! type. All passes read the copy: they are fast, need little memory, and yield the same rows.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::fmt::{self, Display};
use std::io::{self, BufReader, BufWriter, Write as _};

use calamine::{
    Data, Error, ExcelDateTime, Ods, OdsError, Range, Reader as _, Sheet, SheetType, SheetVisible, Sheets, Xls,
    XlsError, Xlsb, Xlsx, XlsxError,
};

use super::hidden;
use super::sniff::{self, Workbook};
use super::source::{Source, Steady, Unreadable};
use crate::text::clean;

/// Marks a cell that is a number.
pub(super) const NUMBER: char = '#';
/// Marks a cell that is not a number.
const TEXT: char = ':';

/// The maximum number of columns. Tables of payees are narrower, and a cell far to the right would make the copy huge.
const WIDEST: u32 = 1_000;

pub(super) struct SheetName {
    pub(super) name: String,
    pub(super) is_hidden: bool,
}

impl fmt::Display for SheetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"{}", clean(&self.name), if self.is_hidden { " (hidden)" } else { "" })
    }
}

pub(super) struct Book<'a> {
    source: &'a Source,
    sheets: Sheets<BufReader<Steady<'a>>>,
}

impl<'a> Book<'a> {
    pub(super) fn open(source: &'a Source, kind: Workbook) -> Result<Self, Unreadable> {
        if kind == Workbook::Xls {
            // In a damaged file, a chain of sectors can lead back to itself. calamine would follow it until memory runs
            // out.
            cfb::CompoundFile::open(BufReader::new(source.read()?)).map_err(|error| broken(&error))?;
        }
        let input = BufReader::new(source.read()?);
        let book = match kind {
            Workbook::Xlsx => Xlsx::new(input).map(Sheets::Xlsx).map_err(Error::Xlsx),
            Workbook::Xlsb => Xlsb::new(input).map(Sheets::Xlsb).map_err(Error::Xlsb),
            Workbook::Xls => Xls::new(input).map(Sheets::Xls).map_err(Error::Xls),
            Workbook::Ods => Ods::new(input).map(Sheets::Ods).map_err(Error::Ods),
        };
        book.map(|sheets| Self { source, sheets }).map_err(|error| refused(&error))
    }

    /// Returns the sheets; hidden sheets come last.
    pub(super) fn sheets(&self) -> Vec<SheetName> {
        let sheets = self.sheets.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        let name =
            |sheet: &Sheet| SheetName { name: sheet.name.clone(), is_hidden: sheet.visible != SheetVisible::Visible };
        let mut sheets: Vec<_> = sheets.map(name).collect();
        sheets.sort_by_key(|sheet| sheet.is_hidden);
        sheets
    }

    pub(super) fn copy(&mut self, sheet: &str) -> Result<Source, Unreadable> {
        let mut copy = Copy::new()?;
        match &mut self.sheets {
            // Reads cell by cell, because a sheet can have a million rows.
            Sheets::Xlsx(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| broken(&error))?;
                while let Some(cell) = cells.next_cell().map_err(|error| broken(&error))? {
                    copy.add(cell.get_position(), cell.get_value().clone().into())?;
                }
            }
            book => copy.range(&book.worksheet_range(sheet).map_err(|error| refused(&error))?)?,
        }
        copy.finish()
    }

    /// The numbers of the rows that a sheet hides. Unknown in `.xlsb` files.
    pub(super) fn hidden(&self, sheet: &str) -> io::Result<BTreeSet<u32>> {
        let file = self.source.read()?;
        let hidden = match &self.sheets {
            Sheets::Xlsx(_) => hidden::xlsx(file, sheet),
            Sheets::Ods(_) => hidden::ods(file, sheet),
            Sheets::Xls(book) => {
                book.sheet_names().iter().position(|name| name == sheet).and_then(|place| hidden::xls(file, place))
            }
            Sheets::Xlsb(_) => None,
        };
        Ok(hidden.unwrap_or_default())
    }
}

fn refused(error: &Error) -> Unreadable {
    match error {
        Error::Xlsx(XlsxError::Password) | Error::Xls(XlsError::Password) | Error::Ods(OdsError::Password) => {
            sniff::locked()
        }
        error => broken(error.source().unwrap_or(error)),
    }
}

fn broken(error: &(impl Display + ?Sized)) -> Unreadable {
    Unreadable::refused(
        format!("the workbook cannot be read ({error})"),
        "open it in Excel and save it under another name as an Excel workbook (.xlsx)",
    )
}

/// The mark of a cell's type, and the text of the cell. `None` for an empty cell.
fn text(data: Data) -> Option<(char, String)> {
    Some(match data {
        Data::Empty => return None,
        Data::Int(number) => (NUMBER, number.to_string()),
        Data::Float(number) => (NUMBER, plain(number)),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => (TEXT, text),
        Data::Bool(value) => (TEXT, if value { "TRUE" } else { "FALSE" }.to_owned()),
        Data::DateTime(time) => (TEXT, date(time)),
        Data::Error(error) => (TEXT, error.to_string()),
    })
}

/// Formats a number, without an exponent unless it is huge.
fn plain(number: f64) -> String {
    if number.abs() < 1e21 { number.to_string() } else { format!("{number:e}") }
}

fn date(time: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    match (time.is_duration(), hour, minute, second) {
        (true, ..) => plain(time.as_f64()),
        (false, 0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
    }
}

struct Copy {
    out: csv::Writer<BufWriter<std::fs::File>>,
    /// The current row: its number, from 1, and its cells.
    number: u32,
    cells: Vec<String>,
}

impl Copy {
    fn new() -> io::Result<Self> {
        let out = BufWriter::with_capacity(64 * 1024, tempfile::tempfile()?);
        let out = csv::WriterBuilder::new().flexible(true).from_writer(out);
        Ok(Self { out, number: 0, cells: Vec::new() })
    }

    fn range(&mut self, range: &Range<Data>) -> Result<(), Unreadable> {
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, cells) in range.rows().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let place = |first: u32, offset: usize| first.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
                self.add((place(first_row, row), place(first_column, column)), cell.clone())?;
            }
        }
        Ok(())
    }

    /// Adds a cell. Cells arrive row by row.
    fn add(&mut self, (row, column): (u32, u32), value: Data) -> Result<(), Unreadable> {
        let number = row.saturating_add(1);
        if number != self.number {
            if number < self.number {
                return Err(broken("its rows are not in order"));
            }
            self.write()?;
            self.number = number;
        }
        let Some((kind, text)) = text(value) else { return Ok(()) };
        if column >= WIDEST {
            return Err(Unreadable::refused(
                format!("row {number} of the sheet has a value beyond the first {WIDEST} columns"),
                "delete the cells to the right of the table, and save the workbook",
            ));
        }
        let place = usize::try_from(column).unwrap_or_default();
        if self.cells.len() <= place {
            self.cells.resize(place + 1, String::new());
        }
        if !self.cells[place].is_empty() {
            return Err(broken(&format!("row {number} has the same cell twice")));
        }
        self.cells[place] = format!("{kind}{text}");
        Ok(())
    }

    /// Writes the current row, unless all its cells are empty.
    fn write(&mut self) -> Result<(), Unreadable> {
        if !self.cells.is_empty() {
            let number = self.number.to_string();
            let row = std::iter::once(&number).chain(&self.cells);
            self.out.write_record(row).map_err(|error| Unreadable::Io(error.into()))?;
            self.cells.clear();
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Source, Unreadable> {
        self.write()?;
        let mut out = self.out.into_inner().map_err(|error| Unreadable::Io(io::Error::other(error.to_string())))?;
        out.flush()?;
        let file = out.into_inner().map_err(|error| Unreadable::Io(error.into_error()))?;
        Ok(Source::of(file)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_with_rows_in_another_order_or_with_a_cell_twice_is_refused() {
        for (places, reason) in [
            (&[(0, 0), (4, 0), (3, 0)][..], "its rows are not in order"),
            (&[(0, 0), (4, 0), (4, 1), (4, 0)], "row 5 has the same cell twice"),
        ] {
            let mut copy = Copy::new().unwrap();
            let added = places.iter().try_for_each(|place| copy.add(*place, Data::String("x".to_owned())));
            let Err(Unreadable::Refused { what, .. }) = added else { panic!("{added:?}") };
            assert_eq!(what, format!("the workbook cannot be read ({reason})"));
        }
    }
}
