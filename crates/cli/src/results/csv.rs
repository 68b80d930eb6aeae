//! Writes results as CSV that Excel opens directly: UTF-8 with a byte order mark, CRLF, quoted text.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};

use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

use super::cell;
use super::format::Sink;
use super::row::{ADDED, ResultRow, Value};
use crate::lines::BYTE_ORDER_MARK;

pub(crate) struct Csv {
    writer: Writer<BufWriter<File>>,
    /// The number of columns in the input, and the number of added columns.
    width: usize,
    added: usize,
}

impl Csv {
    /// Uses the delimiter of the input if it is a semicolon or a tab, because the user's Excel expects it.
    pub(crate) fn new(file: File, delimiter: Option<char>) -> io::Result<Self> {
        let mut file = BufWriter::with_capacity(64 * 1024, file);
        file.write_all(BYTE_ORDER_MARK)?;
        let mut builder = WriterBuilder::new();
        builder.delimiter(match delimiter {
            Some(';') => b';',
            Some('\t') => b'\t',
            _ => b',',
        });
        // A program that expects another delimiter does not split a value in quotes.
        let builder = builder.terminator(Terminator::CRLF).quote_style(QuoteStyle::NonNumeric).flexible(true);
        Ok(Self { writer: builder.from_writer(file), width: 0, added: 0 })
    }

    fn write(&mut self, cells: &[&str], values: &[Value<'_>]) -> io::Result<()> {
        for cell in cells {
            self.writer.write_field(&*cell::csv(cell))?;
        }
        // A row may have fewer cells than the header.
        for _ in cells.len()..self.width {
            self.writer.write_field("")?;
        }
        for value in values {
            match value {
                Value::Empty => self.writer.write_field("")?,
                Value::Outcome(outcome) => self.writer.write_field(outcome.name())?,
                Value::Text(text) => self.writer.write_field(&*cell::csv(text))?,
                Value::Time(millis) => self.writer.write_field(cell::time(*millis))?,
                Value::Paid(paid) => self.writer.write_field(cell::paid(*paid))?,
            }
        }
        self.writer.write_record(None::<&[u8]>)?;
        Ok(())
    }
}

impl Sink for Csv {
    fn header(&mut self, own: &[&str], added: &[&str]) -> io::Result<()> {
        (self.width, self.added) = (own.len(), added.len());
        let added: Vec<_> = added.iter().map(|name| Value::Text((*name).into())).collect();
        self.write(own, &added)
    }

    fn row(&mut self, row: &ResultRow<'_>) -> io::Result<()> {
        match &row.result {
            Some(result) => self.write(row.cells, &result.values()),
            None => self.write(row.cells, &[const { Value::Empty }; ADDED.len()][..self.added]),
        }
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?.flush()
    }
}
