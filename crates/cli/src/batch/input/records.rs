//! The cells of a file, row by row.

use std::io::Read;

use csv::{ByteRecord, StringRecord, Terminator};

use super::source::Unreadable;
use super::text::{LONGEST, Text};

const OPEN_QUOTE: &str = "a quotation mark is opened here and never closed; the rows below were not read";
const TOO_LONG: &str = "the row has more than 65536 characters, as no row of payees has; the rows below were not read";

/// Reads text with delimiters. Blank lines are counted, and are not records.
pub(crate) struct Records<'a> {
    reader: csv::Reader<Text<Box<dyn Read + Send + 'a>>>,
    record: StringRecord,
    /// The number of the record's row, as a spreadsheet shows it: a line break within quotes does not begin a new row.
    pub(crate) number: u32,
}

impl<'a> Records<'a> {
    pub(crate) fn new(input: impl Read + Send + 'a, delimiter: u8) -> Self {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(LONGEST)
            .terminator(Terminator::Any(b'\n'))
            .from_reader(Text::new(Box::new(input) as Box<dyn Read + Send + 'a>));
        Self { reader, record: StringRecord::new(), number: 0 }
    }

    pub(crate) fn record(&self) -> &StringRecord {
        &self.record
    }

    /// Reads the next record. Returns the number of blank lines before it, or `None` at the end.
    pub(crate) fn advance(&mut self) -> Result<Option<u32>, Unreadable> {
        let mut record = std::mem::take(&mut self.record).into_byte_record();
        self.reader.get_mut().budget = 2 * LONGEST;
        let start = self.reader.position().line();
        let found = self.reader.read_byte_record(&mut record);
        let text = self.reader.get_ref();
        let lines = u32::try_from(self.reader.position().line() - start).unwrap_or(u32::MAX);
        let breaks = memchr::memchr_iter(b'\n', record.as_slice()).count();
        let breaks = u32::try_from(breaks).unwrap_or(u32::MAX);
        // What a record takes besides its own line is blank.
        let blank = lines.saturating_sub(1).saturating_sub(breaks);
        let number = self.number.saturating_add(blank).saturating_add(1);
        match found {
            Ok(false) => return Ok(None),
            // Every line has an end, so what ends with the file is within quotes.
            Ok(true) if text.has_ended => {
                let blank = lines.saturating_sub(breaks);
                return Err(Unreadable::at(self.number.saturating_add(blank).saturating_add(1), OPEN_QUOTE));
            }
            Ok(true) if record.as_slice().len() > LONGEST => return Err(Unreadable::at(number, TOO_LONG)),
            Ok(true) => {}
            Err(_) if text.budget == 0 => {
                let is_quoted = lines > 0;
                return Err(Unreadable::at(
                    self.number.saturating_add(1),
                    if is_quoted { OPEN_QUOTE } else { TOO_LONG },
                ));
            }
            Err(error) => return Err(Unreadable::Io(error.into())),
        }
        self.number = number;
        self.record = StringRecord::from_byte_record(record).unwrap_or_else(|error| western(&error.into_byte_record()));
        Ok(Some(blank))
    }
}

/// Reads cells that are not Unicode as Windows-1252, in which older versions of Excel save text.
fn western(record: &ByteRecord) -> StringRecord {
    let cell = |bytes| match str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    };
    record.iter().map(cell).collect()
}
