//! Writes results as a workbook. Text is stored as text, so Excel neither executes it nor changes its digits.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

use rust_xlsxwriter::{Color, Format, Workbook, XlsxError};

use super::cell;
use super::format::Sink;
use super::row::{ResultRow, Value};
use crate::log::Outcome;

pub(crate) const ROWS: u64 = 1_048_576;

pub(crate) const COLUMNS: usize = 16_384;

/// The maximum width of a column, in characters.
const WIDEST: usize = 40;

/// The number of rows that determine the column widths.
const MEASURED: u32 = 1000;

pub(crate) struct Xlsx {
    workbook: Workbook,
    file: File,
    formats: Formats,
    /// The number of columns in the input, and the number of added columns.
    width: usize,
    added: usize,
    widths: Vec<usize>,
    /// The index of the next row; `header` is the index of the header.
    row: u32,
    header: u32,
}

struct Formats {
    text: Format,
    header: Format,
    added: Format,
    time: Format,
    rupees: Format,
    good: Format,
    caution: Format,
    bad: Format,
}

impl Formats {
    fn new() -> Self {
        // With this format, a cell stays text when somebody edits it.
        let text = Format::new().set_num_format("@");
        let bold = Format::new().set_bold();
        let coloured = |color| Format::new().set_font_color(Color::RGB(color)).set_bold();
        Self {
            text,
            header: bold.clone().set_background_color(Color::RGB(0x00E7_E6E6)),
            added: bold.set_background_color(Color::RGB(0x00DD_EBF7)),
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss \"IST\""),
            rupees: Format::new().set_num_format("0.00"),
            good: coloured(0x0000_6100),
            caution: coloured(0x009C_5700),
            bad: coloured(0x009C_0006),
        }
    }

    fn outcome(&self, outcome: Outcome) -> &Format {
        match outcome {
            Outcome::Active => &self.good,
            Outcome::Failed | Outcome::Refused | Outcome::Unknown => &self.bad,
            Outcome::Pending | Outcome::Other | Outcome::Skipped | Outcome::NotSent => &self.caution,
        }
    }
}

impl Xlsx {
    pub(crate) fn new(file: File, directory: &Path) -> io::Result<Self> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(directory).map_err(failed)?;
        workbook.add_worksheet_with_constant_memory().and_then(|sheet| sheet.set_name("Results")).map_err(failed)?;
        let widths = Vec::new();
        Ok(Self { workbook, file, formats: Formats::new(), width: 0, added: 0, widths, row: 0, header: 0 })
    }

    fn write(
        &mut self,
        (cells, numbers): (&[&str], &[usize]),
        is_header: bool,
        values: &[Value<'_>],
    ) -> Result<(), XlsxError> {
        let Self { workbook, formats, widths, width, row, .. } = self;
        let sheet = workbook.worksheet_from_index(0)?;
        let mut measure = |column: usize, length: usize| {
            if *row < MEASURED {
                widths.resize(widths.len().max(column + 1), 0);
                widths[column] = widths[column].max(length);
            }
        };
        let own = if is_header { &formats.header } else { &formats.text };
        for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            measure(column, text.chars().count());
            match cell::number(text).filter(|_| numbers.contains(&column)) {
                Some(number) => sheet.write_number(*row, place(column), number)?,
                None => sheet.write_string_with_format(*row, place(column), cell::xlsx(text), own)?,
            };
        }
        for (column, value) in (*width..).zip(values) {
            let (row, place) = (*row, place(column));
            match value {
                Value::Empty => {}
                Value::Outcome(outcome) => {
                    measure(column, outcome.name().len());
                    sheet.write_string_with_format(row, place, outcome.name(), formats.outcome(*outcome))?;
                }
                Value::Text(text) => {
                    measure(column, text.chars().count());
                    let format = if is_header { &formats.added } else { &formats.text };
                    sheet.write_string_with_format(row, place, cell::xlsx(text), format)?;
                }
                Value::Time(millis) => {
                    measure(column, cell::time(*millis).len());
                    sheet.write_number_with_format(row, place, cell::days(*millis), &formats.time)?;
                }
                Value::Paid(paid) if paid.is_certain => {
                    sheet.write_number_with_format(row, place, f64::from(paid.paise) / 100.0, &formats.rupees)?;
                }
                Value::Paid(paid) => {
                    sheet.write_string_with_format(row, place, cell::paid(*paid), &formats.text)?;
                }
            }
        }
        self.row += 1;
        Ok(())
    }

    fn end(mut self) -> Result<(), XlsxError> {
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (column, width) in self.widths.iter().enumerate() {
            let width = u16::try_from((*width).clamp(8, WIDEST) + 2).unwrap_or(u16::MAX);
            sheet.set_column_width(place(column), f64::from(width))?;
        }
        sheet.set_freeze_panes(self.header + 1, 0)?;
        let last = self.width + self.added;
        if last > 0 && self.row > self.header + 1 {
            sheet.autofilter(self.header, 0, self.row - 1, place(last - 1))?;
            // Account numbers are stored as text on purpose. Excel would mark each of them with a warning.
            sheet.ignore_error_range(
                self.header + 1,
                0,
                self.row - 1,
                place(last - 1),
                rust_xlsxwriter::IgnoreError::NumberStoredAsText,
            )?;
        }
        self.workbook.save_to_writer(BufWriter::new(self.file))
    }
}

impl Sink for Xlsx {
    fn header(&mut self, own: &[&str], added: &[&str]) -> io::Result<()> {
        (self.header, self.width, self.added) = (self.row, own.len(), added.len());
        let added: Vec<_> = added.iter().map(|name| Value::Text((*name).into())).collect();
        self.write((own, &[]), true, &added).map_err(failed)
    }

    fn row(&mut self, row: &ResultRow<'_>) -> io::Result<()> {
        let values = row.result.as_ref().map(|result| result.values());
        self.write((row.cells, row.numbers), false, values.as_ref().map_or(&[], |values| values)).map_err(failed)
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.end().map_err(failed)
    }
}

/// Converts a column index. An index outside the sheet is rejected when the cell is written.
fn place(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

fn failed(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        error => io::Error::other(error.to_string()),
    }
}
