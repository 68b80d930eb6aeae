//! Reads the cells of a file, row by row.

use std::io::Read;

use csv::{ByteRecord, StringRecord, Terminator};
use encoding_rs::Encoding;
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use super::source::{Steady, Unreadable};
use super::text::{LONGEST, Text};
use super::workbook::NUMBER;

const OPEN_QUOTE: &str = "a quotation mark is opened here and never closed; the rows below were not read";
const TOO_LONG: &str = "the row is larger than 64 KB, too large for one payee; the rows below were not read";

/// Reads records. Rows without cells are counted, but are not records.
pub(crate) struct Records<'a> {
    from: From<'a>,
    record: StringRecord,
    /// The row number of the record in a spreadsheet. A line break within quotes does not start a new row.
    pub(super) number: u32,
    /// The indexes of the cells that a workbook stores as numbers.
    pub(super) numbers: Vec<usize>,
    /// The number of records with text in Windows-1252.
    pub(super) western: u64,
}

/// A text file, decoded, with normalized line breaks.
type Decoded<'a> = Text<DecodeReaderBytes<Steady<'a>, Vec<u8>>>;

enum From<'a> {
    Text(Box<csv::Reader<Decoded<'a>>>),
    /// A copy of a sheet, with a buffer for its records.
    Sheet(csv::Reader<Steady<'a>>, ByteRecord),
}

impl<'a> Records<'a> {
    /// Reads a text file. UTF-8, for which `encoding` is `None`, is read unchanged, because some cells may have another
    /// encoding.
    pub(super) fn text(file: Steady<'a>, encoding: Option<&'static Encoding>, delimiter: u8) -> Self {
        let mut decoder = DecodeReaderBytesBuilder::new();
        let decoder = decoder.encoding(encoding).bom_override(true).utf8_passthru(true).strip_bom(true);
        Self::new(From::Text(Box::new(reader(delimiter, Text::new(decoder.build(file))))))
    }

    pub(super) fn sheet(copy: Steady<'a>) -> Self {
        Self::new(From::Sheet(reader(b',', copy), ByteRecord::new()))
    }

    fn new(from: From<'a>) -> Self {
        Self { from, record: StringRecord::new(), number: 0, numbers: Vec::new(), western: 0 }
    }

    pub(super) fn record(&self) -> &StringRecord {
        &self.record
    }

    /// Reads the next record. Returns the number of rows without cells before it, or `None` at the end.
    pub(super) fn advance(&mut self) -> Result<Option<u32>, Unreadable> {
        let mut record = std::mem::take(&mut self.record).into_byte_record();
        let number = match &mut self.from {
            From::Text(reader) => next_of_text(reader, &mut record, self.number)?,
            From::Sheet(reader, copied) => next_of_sheet(reader, copied, &mut record, &mut self.numbers)?,
        };
        let Some(number) = number else { return Ok(None) };
        let blank = number.saturating_sub(self.number).saturating_sub(1);
        self.number = number;
        self.record = StringRecord::from_byte_record(record).unwrap_or_else(|error| {
            self.western += 1;
            western(&error.into_byte_record())
        });
        Ok(Some(blank))
    }
}

fn reader<R: Read>(delimiter: u8, input: R) -> csv::Reader<R> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(LONGEST)
        .terminator(Terminator::Any(b'\n'))
        .from_reader(input)
}

/// Reads a record of a text file, and returns its row number. `before` is the row number of the previous record.
fn next_of_text<R: Read>(
    reader: &mut csv::Reader<Text<R>>,
    record: &mut ByteRecord,
    before: u32,
) -> Result<Option<u32>, Unreadable> {
    reader.get_mut().budget = 2 * LONGEST;
    let start = reader.position().line();
    let found = reader.read_byte_record(record);
    let text = reader.get_ref();
    let lines = reader.position().line() - start;
    // Every record ends in a line break, unless the file ends first.
    let is_one_line = lines == 1 && !text.has_ended;
    let breaks = if is_one_line { 0 } else { memchr::memchr_iter(b'\n', record.as_slice()).count() as u64 };
    // The lines that are not part of the record are blank lines before it.
    let after = |lines: u64| before.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
    let number = after(lines.saturating_sub(breaks));
    match found {
        Ok(false) => Ok(None),
        // `Text` ends every line, so only an open quotation mark lets a record end with the file.
        Ok(true) if text.has_ended => Err(Unreadable::at(number.saturating_add(1), OPEN_QUOTE)),
        Ok(true) if record.as_slice().len() > LONGEST => Err(Unreadable::at(number, TOO_LONG)),
        Ok(true) => Ok(Some(number)),
        Err(_) if text.budget == 0 => {
            Err(Unreadable::at(before.saturating_add(1), if lines > 0 { OPEN_QUOTE } else { TOO_LONG }))
        }
        Err(error) => Err(Unreadable::Io(error.into())),
    }
}

/// Reads a record of a copied sheet, and returns its row number. Each cell of the copy starts with its type.
fn next_of_sheet<R: Read>(
    reader: &mut csv::Reader<R>,
    copied: &mut ByteRecord,
    record: &mut ByteRecord,
    numbers: &mut Vec<usize>,
) -> Result<Option<u32>, Unreadable> {
    if !reader.read_byte_record(copied).map_err(|error| Unreadable::Io(error.into()))? {
        return Ok(None);
    }
    record.clear();
    numbers.clear();
    let mut cells = copied.iter();
    let number = cells.next().and_then(|number| str::from_utf8(number).ok()?.parse().ok());
    for (place, cell) in cells.enumerate() {
        let (kind, text) = cell.split_at_checked(1).unwrap_or_default();
        if kind.first().copied().map(char::from) == Some(NUMBER) {
            numbers.push(place);
        }
        record.push_field(text);
    }
    number.map_or(Err(Unreadable::Changed), |number| Ok(Some(number)))
}

/// Whether a cell has no visible characters.
#[inline]
pub(super) fn is_blank(cell: &str) -> bool {
    // A fast path: most cells begin with a visible character.
    !cell.as_bytes().first().is_some_and(u8::is_ascii_graphic)
        && cell.chars().all(|c| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}'))
}

/// Reads cells that are not UTF-8 as Windows-1252, the encoding in which Excel saves CSV files on Windows in Western
/// languages.
fn western(record: &ByteRecord) -> StringRecord {
    let cell = |bytes| match str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    };
    record.iter().map(cell).collect()
}
