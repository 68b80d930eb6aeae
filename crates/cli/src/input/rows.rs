//! The rows of an input, with their values.

use csv::StringRecord;
use juspay_accounts_validation::{Change, Cleaned};

use super::columns::Column;
use super::layout::{Layout, Origin, Part};
use super::records::{Records, is_blank};
use super::source::Unreadable;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowKind {
    /// A payee, or a row that is meant to be one.
    Payee,
    Blank,
    /// A row with the sum of the rows above it.
    Total,
    /// A row without a payee: a remark below the table, or a repeated header.
    Remark,
}

/// The values of a row. A value that the row does not have is empty.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Values<'a>([&'a str; Column::ALL.len()]);

impl<'a> Values<'a> {
    pub(crate) fn get(&self, column: Column) -> &'a str {
        self.0[column as usize]
    }

    pub(crate) fn set(&mut self, column: Column, value: &'a str) {
        self.0[column as usize] = value;
    }

    /// The value, if it is not empty.
    pub(crate) fn filled(&self, column: Column) -> Option<&'a str> {
        Some(self.get(column)).filter(|value| !value.is_empty())
    }
}

#[derive(Debug)]
pub(crate) struct Row<'a> {
    /// The row number in a spreadsheet.
    pub(crate) number: u32,
    pub(crate) kind: RowKind,
    cells: &'a StringRecord,
    pub(crate) values: Values<'a>,
    /// The repairs of `--clean`, in the order of the columns.
    pub(crate) repairs: &'a [(Column, Change)],
    /// Why the cells cannot be assigned to columns. Such a row has no values.
    pub(crate) problem: Option<Misshapen>,
    /// The indexes of the cells that a workbook stores as numbers.
    numbers: &'a [usize],
    layout: &'a Layout,
    pub(crate) stored: Stored,
}

/// How a workbook stores a row.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Stored {
    /// Whether the account number is stored as a number.
    pub(crate) is_number: bool,
    pub(crate) is_hidden: bool,
}

/// Why the cells of a row cannot be assigned to columns.
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
    /// A value contains text that looks like whole rows.
    OpenQuote,
}

impl<'a> Row<'a> {
    fn new(number: u32, kind: RowKind, layout: &'a Layout, cells: &'a StringRecord, numbers: &'a [usize]) -> Self {
        let (values, repairs, problem) = Default::default();
        let stored = Stored { is_number: false, is_hidden: layout.hidden.contains(&number) };
        Self { number, kind, cells, values, repairs, problem, numbers, layout, stored }
    }

    pub(crate) fn numbers(&self) -> &'a [usize] {
        self.numbers
    }

    /// Names the first column that is part of a composed value and empty in this row.
    pub(crate) fn lacking_part(&self, column: Column) -> Option<String> {
        let Origin::Set(parts) = self.layout.origin(column) else { return None };
        parts.iter().filter(|part| part.is_lacking(self)).find_map(|part| match part {
            Part::Text(_) => None,
            Part::Value(column) => Some(self.layout.column(*column)),
            Part::Cell(place) => Some(self.layout.place(*place)),
        })
    }

    /// Names the column of a value.
    pub(crate) fn column(&self, column: Column) -> String {
        self.layout.column(column)
    }

    /// Whether `--clean` would repair the value.
    pub(crate) fn is_repairable(&self, column: Column) -> bool {
        !self.layout.clean && repaired(column, self.values.get(column)).is_some()
    }

    pub(crate) fn max_paise(&self) -> u64 {
        self.layout.max_paise
    }

    /// The number of cells, without blank ones at the end.
    pub(crate) fn width(&self) -> usize {
        self.cells.len() - self.cells.iter().rev().take_while(|cell| is_blank(cell)).count()
    }

    /// All cells of the row as unchanged text, in the order of the file.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.cells.iter()
    }
}

/// Iterates over the rows below a header. Blank rows at the end are counted but not returned.
pub(crate) struct Rows<'a> {
    layout: &'a Layout,
    /// The values that are read from cells, each with the index of its cell.
    cells: Vec<(Column, usize)>,
    /// The values that the user set, with the text of each in the current row.
    composed: Vec<(Column, &'a [Part], String)>,
    /// The values of the current row that `--clean` repaired, and the repairs.
    cleaned: Vec<(Column, String)>,
    repairs: Vec<(Column, Change)>,
    records: Records<'a>,
    /// An empty record for blank rows.
    empty: StringRecord,
    /// The number of blank rows to return before the record.
    blank: u32,
    /// Whether a record has been read and not returned yet.
    has_record: bool,
    /// Whether the previous row is not a payee, so that this row can be a remark below the table.
    is_below: bool,
}

impl<'a> Rows<'a> {
    pub(super) fn new(layout: &'a Layout, records: Records<'a>) -> Self {
        let (mut cells, mut composed) = (Vec::new(), Vec::new());
        for (column, _) in Column::ALL {
            match layout.origin(column) {
                Origin::Nowhere => {}
                Origin::Cell(place) => cells.push((column, *place)),
                Origin::Set(parts) => composed.push((column, &parts[..], String::new())),
            }
        }
        Self {
            layout,
            cells,
            composed,
            cleaned: Vec::new(),
            repairs: Vec::new(),
            records,
            empty: StringRecord::new(),
            blank: 0,
            has_record: false,
            is_below: false,
        }
    }

    /// The number of rows so far with text in Windows-1252.
    pub(crate) fn western(&self) -> u64 {
        self.records.western
    }

    /// The number of blank rows at the end, once the end is reached.
    pub(crate) fn blank_at_end(&self) -> u32 {
        self.blank
    }

    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>, Unreadable> {
        if !self.has_record {
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
            self.is_below = true;
            return Ok(Some(Row::new(number, RowKind::Blank, self.layout, &self.empty, &[])));
        }
        self.has_record = false;
        let kind = self.kind();
        self.is_below = kind != RowKind::Payee;
        Ok(Some(self.read(kind)))
    }

    fn kind(&self) -> RowKind {
        let cells = self.records.record();
        let has = |column: Column| match self.layout.origin(column) {
            Origin::Cell(place) => cells.get(*place).is_some_and(|cell| !is_blank(cell) && !is_label(cell)),
            _ => false,
        };
        if [Column::Account, Column::Ifsc, Column::Vpa].into_iter().any(has) {
            // Some programs repeat the header on every page.
            let is_header = cells.iter().eq(self.layout.names.iter().map(String::as_str));
            return if is_header { RowKind::Remark } else { RowKind::Payee };
        }
        let is_filled = |part: &Part| match part {
            Part::Text(_) => false,
            Part::Value(column) => has(*column),
            Part::Cell(place) => cells.get(*place).is_some_and(|cell| !is_blank(cell) && !is_label(cell)),
        };
        let is_made =
            matches!(self.layout.origin(Column::CustomerId), Origin::Set(parts) if parts.iter().any(is_filled));
        let has_id = is_made || [Column::CustomerId, Column::BankCode, Column::Reference].into_iter().any(has);
        let name = match self.layout.origin(Column::Name) {
            Origin::Cell(place) => Some(*place),
            _ => None,
        };
        // A payee without an account can have a name such as `Total Gas Agency`.
        let is_name = |place, rest: &str| Some(place) == name && has_id && rest.contains(char::is_alphabetic);
        let mut totals =
            cells.iter().enumerate().filter_map(|(place, cell)| Some((place, after_total(cell)?))).peekable();
        if totals.peek().is_some() {
            return if totals.all(|(place, rest)| is_name(place, &rest)) { RowKind::Payee } else { RowKind::Total };
        }
        let mut filled = cells.iter().enumerate().filter(|(_, cell)| !is_blank(cell)).map(|(place, _)| place);
        let (first, second) = (filled.next(), filled.next());
        // A remark below a table is often the only text in its row, in the first column.
        let is_remark = self.is_below && first == Some(0) && second.is_none() && self.layout.names.len() > 2;
        let is_read = Column::ALL.into_iter().any(|(column, _)| column != Column::Amount && has(column));
        if is_remark || !is_read { RowKind::Remark } else { RowKind::Payee }
    }

    fn read(&mut self, kind: RowKind) -> Row<'_> {
        let Self { layout, cells: places, composed, cleaned, repairs, records, .. } = self;
        let cells = records.record();
        let mut row = Row::new(records.number, kind, layout, cells, &records.numbers);
        if kind != RowKind::Payee {
            return row;
        }
        row.problem = misfit(layout, cells);
        if row.problem.is_some() {
            return row;
        }
        for (column, place) in &*places {
            row.values.set(*column, cells.get(*place).filter(|text| !is_blank(text)).unwrap_or_default());
        }
        if layout.clean {
            cleaned.clear();
            repairs.clear();
            for (column, _) in &*places {
                if let Some((value, changes)) = repaired(*column, row.values.get(*column)) {
                    cleaned.push((*column, value));
                    repairs.extend(changes.into_iter().map(|change| (*column, change)));
                }
            }
            for (column, value) in &*cleaned {
                row.values.set(*column, value);
            }
        }
        for (column, parts, value) in &mut *composed {
            value.clear();
            // If any column that is part of the value is empty, the whole value is empty.
            if parts.iter().any(|part| part.is_lacking(&row)) {
                continue;
            }
            for part in *parts {
                let text = part.text(&row);
                let plain = if layout.clean && matches!(part, Part::Cell(_)) { unguarded(text) } else { text };
                if plain.len() < text.len() {
                    repairs.push((*column, Change::TextGuard));
                }
                value.push_str(plain);
            }
        }
        if layout.clean {
            row.repairs = repairs;
        }
        for (column, _, value) in &*composed {
            row.values.set(*column, value);
        }
        row.stored.is_number = match layout.origin(Column::Account) {
            Origin::Cell(place) => row.numbers.contains(place),
            _ => false,
        };
        row
    }
}

/// Why the cells of a row do not fit the header.
fn misfit(layout: &Layout, cells: &StringRecord) -> Option<Misshapen> {
    // A sheet has no delimiters that could be missing.
    let delimiter = layout.delimiter?;
    let (found, expected) = (cells.len(), layout.names.len());
    if found > expected && cells.iter().skip(expected).any(|cell| !is_blank(cell)) {
        return Some(Misshapen::TooMany { cells: found, expected });
    }
    // Programs leave out empty cells at the end of a row, and a missing delimiter has the same effect. A missing cell
    // matters only if it is read.
    if found < expected && layout.reads().any(|place| place >= found) {
        return Some(Misshapen::TooFew { cells: found, expected });
    }
    memchr::memchr(b'\n', cells.as_slice().as_bytes())?;
    let is_row = |line: &str| expected > 2 && line.matches(delimiter).count() >= expected - 1;
    let has_rows = |cell: &str| cell.contains('\n') && cell.lines().any(is_row);
    cells.iter().any(has_rows).then_some(Misshapen::OpenQuote)
}

/// What follows in a cell after the word that marks its row as a sum of other rows.
fn after_total(cell: &str) -> Option<String> {
    const WORDS: [&str; 9] =
        ["total", "totals", "grand total", "sub total", "sub-total", "subtotal", "net total", "sum", "कुल"];
    // Most cells start with another letter. This check is faster than the one below.
    let cell = cell.trim();
    if !cell.starts_with(['t', 'T', 'g', 'G', 's', 'S', 'n', 'N', 'क', '*', '-']) {
        return None;
    }
    let cell = cell.trim_start_matches(['*', '-', ' ']).to_lowercase();
    let rest = WORDS.iter().filter_map(|word| cell.strip_prefix(word));
    rest.filter(|rest| !rest.starts_with(char::is_alphabetic)).min_by_key(|rest| rest.len()).map(str::to_owned)
}

/// Whether a cell is the label of a total, such as `Total:` left of the sum. A UPI address can begin with such a word.
fn is_label(cell: &str) -> bool {
    after_total(cell).is_some() && !cell.contains(|c: char| c == '@' || c.is_ascii_digit())
}

impl Part {
    fn text<'b>(&'b self, row: &'b Row<'_>) -> &'b str {
        match self {
            Self::Text(text) => text,
            Self::Value(column) => row.values.get(*column),
            Self::Cell(place) => row.cells.get(*place).unwrap_or_default(),
        }
    }

    /// Whether the part is a column that is empty in the row. Fixed text, such as a space between two columns, is never
    /// lacking.
    fn is_lacking(&self, row: &Row<'_>) -> bool {
        !matches!(self, Self::Text(_)) && is_blank(self.text(row))
    }
}

/// Repairs a value without loss. Returns `None` if nothing needs a repair, or something cannot be repaired.
fn repaired(column: Column, text: &str) -> Option<(String, Vec<Change>)> {
    let Some(kind) = column.kind() else {
        let plain = unguarded(text);
        return (plain.len() < text.len()).then(|| (plain.to_owned(), vec![Change::TextGuard]));
    };
    let Cleaned { value, changes } = kind.clean(text).ok()?;
    (!changes.is_empty()).then_some((value, changes))
}

/// Removes a spreadsheet's text marker from text of any kind, such as the tab or the apostrophe that the results have
/// before numbers and signs. The apostrophe before a letter can be part of a name.
fn unguarded(text: &str) -> &str {
    let text = text.trim_start_matches('\t');
    text.strip_prefix('\'').filter(|rest| !rest.starts_with(char::is_alphabetic)).unwrap_or(text)
}
