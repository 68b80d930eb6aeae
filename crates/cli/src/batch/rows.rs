//! The rows of an input file, one at a time, each with the number of the line where it begins.
//!
//! A line without a quote is split at its commas right here, which is several times as fast as a parser; any other is
//! left to one. No accepted value holds a line break, so a row is a line; one whose quote goes on to the next is followed
//! to its end all the same, since a part of it can look like a row of its own.

use std::io::{self, Read};
use std::ops::Range;

use csv_core::{ReadRecordResult, ReaderBuilder, Terminator};

use super::blocks::{Block, Blocks};
use super::columns::{Column, Header};
use crate::lines::{BYTE_ORDER_MARK, LONGEST};

/// Reads rows.
pub(crate) struct Rows<R> {
    blocks: Blocks<R>,
    block: Block,
    /// The line that was read last, in the block.
    line: Range<usize>,
    /// Where the next begins.
    next: usize,
    /// The number of the line that was read last, from 1.
    number: u64,
    /// What the row is that was gone to, and the line where it begins.
    form: Form,
    first: u64,
    quoted: Quoted,
}

/// In which form a row stands in the input.
enum Form {
    /// Its values stand between commas.
    Plain,
    /// There are quotes in it.
    Quoted,
    Bad(Bad),
}

/// What was read.
#[derive(Debug)]
pub(crate) enum Found<'a> {
    Row(Row<'a>),
    /// Something whose end is known, so that the next row is.
    Bad {
        line: u64,
        problem: Bad,
    },
}

impl Found<'_> {
    /// The line where it begins, from 1.
    pub(crate) fn line(&self) -> u64 {
        match self {
            Self::Row(row) => row.line,
            Self::Bad { line, .. } => *line,
        }
    }
}

/// Why something is no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bad {
    /// A quoted value holds a line break.
    LineBreak,
    /// It is not UTF-8. Which value of the row that is, from 0.
    NotUtf8 { place: usize },
}

/// Why nothing more can be read: nobody knows where the next row begins.
#[derive(Debug)]
pub(crate) enum Unreadable {
    Io(io::Error),
    /// The line is too long.
    TooLong {
        line: u64,
    },
    /// A quote is not closed within the length of a row.
    OpenQuote {
        line: u64,
    },
    /// The file is in UTF-16.
    Utf16,
}

/// A row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    /// The line where it stands, from 1.
    pub(crate) line: u64,
    text: &'a str,
    /// Where each value ends, if not at a comma: the next one begins right there.
    ends: Option<&'a [usize]>,
}

/// The values of a row by their columns.
#[derive(Debug, Default)]
pub(crate) struct Cells<'a> {
    values: [&'a str; Column::ALL.len()],
    /// How many values the row has. Those for which there is no column are left out.
    pub(crate) number: usize,
}

impl<'a> Cells<'a> {
    /// Takes the values of a row. It is filled where it stands, since to move it takes as long as to fill it.
    #[inline]
    pub(crate) fn fill(&mut self, row: &Row<'a>, header: &Header) -> &Self {
        let mut columns = header.columns().iter();
        row.each(|value| {
            self.number += 1;
            if let Some(column) = columns.next() {
                self.values[*column as usize] = value;
            }
        });
        self
    }

    /// The value of a column; empty if the file does not have the column.
    pub(crate) fn get(&self, column: Column) -> &'a str {
        self.values[column as usize]
    }
}

impl<'a> Row<'a> {
    /// All of its values.
    pub(crate) fn values(&self) -> Vec<&'a str> {
        let mut values = Vec::new();
        self.each(|value| values.push(value));
        values
    }

    /// The value of a column; empty if the file does not have the column.
    pub(crate) fn get(&self, header: &Header, column: Column) -> &'a str {
        Cells::default().fill(self, header).get(column)
    }

    #[inline]
    fn each(&self, mut take: impl FnMut(&'a str)) {
        pieces(self.text.as_bytes(), self.ends, |value| take(self.text.get(value).unwrap_or_default()));
    }
}

impl Rows<io::Empty> {
    /// Reads blocks apart from each other; there is none yet.
    pub(crate) fn apart() -> Self {
        Self::new(io::empty())
    }

    /// Goes on with a block before which there are so many lines, and gives back the one before.
    pub(crate) fn swap(&mut self, block: &mut Block, lines: u64) {
        std::mem::swap(&mut self.block, block);
        self.next = 0;
        self.number = lines;
    }
}

impl<R: Read> Rows<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            blocks: Blocks::new(input),
            block: Block::default(),
            line: 0..0,
            next: 0,
            number: 0,
            form: Form::Plain,
            first: 0,
            quoted: Quoted::new(),
        }
    }

    /// How many lines were read.
    pub(crate) fn lines(&self) -> u64 {
        self.number
    }

    /// What is read from.
    pub(crate) fn into_input(self) -> R {
        self.blocks.into_input()
    }

    /// The next row. Lines with nothing in them are none.
    pub(crate) fn next(&mut self) -> Result<Option<Found<'_>>, Unreadable> {
        if self.advance()? { Ok(Some(self.found())) } else { Ok(None) }
    }

    /// Goes to the next row; `false` if there is none.
    #[inline]
    pub(crate) fn advance(&mut self) -> Result<bool, Unreadable> {
        loop {
            if !self.read_line()? {
                return Ok(false);
            }
            if !self.line.is_empty() {
                break;
            }
        }
        self.first = self.number;
        self.form = Form::Plain;
        if !self.block.is_plain() {
            self.examine()?;
        }
        Ok(true)
    }

    /// The row that was gone to.
    #[inline]
    pub(crate) fn found(&self) -> Found<'_> {
        let line = self.first;
        match self.form {
            Form::Plain => {
                let text = self.block.text(self.line.clone()).unwrap_or_default();
                Found::Row(Row { line, text, ends: None })
            }
            Form::Quoted => {
                let text = str::from_utf8(&self.quoted.text).unwrap_or_default();
                Found::Row(Row { line, text, ends: Some(&self.quoted.ends) })
            }
            Form::Bad(problem) => Found::Bad { line, problem },
        }
    }

    /// Finds out what a row is that may have quotes in it, or something that is not text.
    #[cold]
    fn examine(&mut self) -> Result<(), Unreadable> {
        let line = line_of(&self.block, &self.line);
        let is_quoted = memchr::memchr(b'"', line).is_some();
        if is_quoted && !self.read_quoted()? {
            self.form = Form::Bad(Bad::LineBreak);
            return Ok(());
        }
        let line = line_of(&self.block, &self.line);
        let (text, ends, form) = if is_quoted {
            (&*self.quoted.text, Some(&*self.quoted.ends), Form::Quoted)
        } else {
            (line, None, Form::Plain)
        };
        // The line is asked too: without what stands between them, the halves of a letter can come together.
        self.form = if str::from_utf8(line).is_ok() && str::from_utf8(text).is_ok() {
            form
        } else {
            let mut bad = Vec::new();
            pieces(text, ends, |value| bad.push(text.get(value).is_none_or(|value| str::from_utf8(value).is_err())));
            Form::Bad(Bad::NotUtf8 { place: bad.into_iter().position(|is_bad| is_bad).unwrap_or_default() })
        };
        Ok(())
    }

    /// Reads a row with quotes in it; whether it ends with its line.
    fn read_quoted(&mut self) -> Result<bool, Unreadable> {
        let line = self.first;
        let mut length = self.line.len();
        let mut ends = self.quoted.read(line_of(&self.block, &self.line));
        let in_one_line = ends;
        while !ends {
            if !self.read_line()? {
                return Err(Unreadable::OpenQuote { line });
            }
            length += self.line.len() + 1;
            if length > LONGEST {
                return Err(Unreadable::OpenQuote { line });
            }
            ends = self.quoted.read_on(line_of(&self.block, &self.line));
        }
        Ok(in_one_line)
    }

    /// Reads a line. It ends in LF or CRLF, the last perhaps in neither. A byte order mark at the beginning is left out.
    fn read_line(&mut self) -> Result<bool, Unreadable> {
        if self.next == self.block.bytes().len() {
            self.next = 0;
            if !self.blocks.next(&mut self.block).map_err(Unreadable::Io)? {
                return Ok(false);
            }
        }
        let bytes = self.block.bytes();
        let rest = bytes.get(self.next..).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest);
        let mut line = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let mut begin = self.next;
        self.next += line.len() + usize::from(end.is_some());
        self.number += 1;
        if end.is_some()
            && let Some(before) = line.strip_suffix(b"\r")
        {
            line = before;
        }
        if self.number == 1 {
            if line.starts_with(b"\xFF\xFE") || line.starts_with(b"\xFE\xFF") {
                return Err(Unreadable::Utf16);
            }
            if let Some(behind) = line.strip_prefix(BYTE_ORDER_MARK) {
                line = behind;
                begin += BYTE_ORDER_MARK.len();
            }
        }
        if line.len() > LONGEST {
            return Err(Unreadable::TooLong { line: self.number });
        }
        self.line = begin..begin + line.len();
        Ok(true)
    }
}

/// Finds the values of a row: between commas, unless it is said where they end.
#[inline]
fn pieces(text: &[u8], ends: Option<&[usize]>, mut take: impl FnMut(Range<usize>)) {
    let mut begin = 0;
    if let Some(ends) = ends {
        for end in ends {
            take(begin..*end);
            begin = *end;
        }
    } else {
        commas(text, |comma| {
            take(begin..comma);
            begin = comma + 1;
        });
        take(begin..text.len());
    }
}

/// Finds the commas, eight bytes at a time. There is one every few bytes, too many to search for each by itself.
#[inline]
fn commas(text: &[u8], mut take: impl FnMut(usize)) {
    /// A one in each of eight bytes.
    const ONES: u64 = u64::MAX / 0xFF;
    const LOW: u64 = ONES * 0x7F;
    let (words, rest) = text.as_chunks::<8>();
    for (word, at) in words.iter().zip((0..).step_by(8)) {
        // First, the bytes that are commas are made zero; then, of these bytes the highest bit, and all others zero.
        let word = u64::from_le_bytes(*word) ^ (ONES * u64::from(b','));
        let mut commas = !(((word & LOW) + LOW) | word | LOW);
        while commas != 0 {
            take(at + commas.trailing_zeros() as usize / 8);
            commas &= commas - 1;
        }
    }
    for (byte, at) in rest.iter().zip(text.len() - rest.len()..) {
        if *byte == b',' {
            take(at);
        }
    }
}

/// A line in its block.
fn line_of<'a>(block: &'a Block, line: &Range<usize>) -> &'a [u8] {
    block.bytes().get(line.clone()).unwrap_or_default()
}

/// A row in which there are quotes, as the parser reads it.
struct Quoted {
    parser: csv_core::Reader,
    /// The values, one right behind the other.
    text: Vec<u8>,
    /// Where each of them ends.
    ends: Vec<usize>,
}

impl Quoted {
    fn new() -> Self {
        let mut parser = ReaderBuilder::new().terminator(Terminator::Any(b'\n')).build();
        // At the very beginning the parser takes off a byte order mark. Here it would be one in the midst of a file.
        let _ = parser.read_record(b"\n", &mut [], &mut []);
        Self { parser, text: Vec::new(), ends: Vec::new() }
    }

    /// Reads a row from its first line. Returns whether it ends there.
    fn read(&mut self, line: &[u8]) -> bool {
        self.text.clear();
        self.ends.clear();
        self.read_on(line)
    }

    /// Reads a further line of the row. Returns whether it ends there.
    fn read_on(&mut self, line: &[u8]) -> bool {
        // To the parser, nothing is the end of the file.
        if !line.is_empty() {
            self.feed(line);
        }
        self.feed(b"\n")
    }

    fn feed(&mut self, mut input: &[u8]) -> bool {
        let (mut texts, mut ends) = (self.text.len(), self.ends.len());
        loop {
            // What comes out is never longer than what goes in, and has no more values than that has bytes.
            self.text.resize(texts + input.len() + 1, 0);
            self.ends.resize(ends + input.len() + 1, 0);
            let (result, read, written, ended) =
                self.parser.read_record(input, &mut self.text[texts..], &mut self.ends[ends..]);
            (texts, ends) = (texts + written, ends + ended);
            input = input.get(read..).unwrap_or_default();
            match result {
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {}
                ReadRecordResult::Record | ReadRecordResult::InputEmpty | ReadRecordResult::End => {
                    self.text.truncate(texts);
                    self.ends.truncate(ends);
                    return result == ReadRecordResult::Record;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line of a row, and its values or its problem.
    type Numbered = (u64, Result<Vec<String>, Bad>);

    /// What is read of a text, and why no more of it.
    fn read(text: &[u8]) -> (Vec<Numbered>, Option<Unreadable>) {
        let mut rows = Rows::new(text);
        let mut all = Vec::new();
        loop {
            match rows.next() {
                Ok(Some(Found::Row(row))) => {
                    let values: Vec<_> = row.values().into_iter().map(str::to_owned).collect();
                    all.push((row.line, Ok(values)));
                }
                Ok(Some(Found::Bad { line, problem })) => all.push((line, Err(problem))),
                Ok(None) => {
                    assert!(matches!(rows.next(), Ok(None)), "the end stays the end");
                    return (all, None);
                }
                Err(error) => return (all, Some(error)),
            }
        }
    }

    fn rows(text: &str) -> Vec<Numbered> {
        let (rows, error) = read(text.as_bytes());
        assert!(error.is_none(), "{error:?}");
        rows
    }

    fn row(line: u64, values: &[&str]) -> Numbered {
        (line, Ok(values.iter().map(|value| (*value).to_owned()).collect()))
    }

    #[test]
    fn a_row_has_the_number_of_its_line_whatever_the_lines_end_in() {
        let expected = [row(1, &["a", "b"]), row(3, &["c", ""]), row(4, &["d", "e,\"f\""])];
        assert_eq!(rows("a,b\n\nc,\nd,\"e,\"\"f\"\"\""), expected);
        assert_eq!(rows("\u{feff}a,b\r\n\r\nc,\r\nd,\"e,\"\"f\"\"\"\r\n"), expected);
        assert_eq!(rows("\"a\",b\n\n\"c\",\"\"\n\"d\",\"e,\"\"f\"\"\"\n"), expected);
    }

    /// The parser's own reading is the measure; only where a line is empty or a value goes over several they may differ.
    #[test]
    fn lines_are_split_as_the_parser_splits_them() {
        use proptest::prelude::*;
        proptest!(|(text in "[a\",\u{e9} \t\u{feff}]{0,12}")| {
            let mut quoted = Quoted::new();
            if quoted.read(text.as_bytes()) {
                let mut expected = Vec::new();
                pieces(&[], Some(&quoted.ends), |value| {
                    expected.push(str::from_utf8(&quoted.text[value]).unwrap().to_owned());
                });
                // At the beginning of a file the mark would be taken off.
                let found = rows(&format!("first\n{text}\n"));
                prop_assert_eq!(found.get(1), Some(&(2, Ok(expected))));
            } else if !text.is_empty() {
                let (_, error) = read(format!("first\n{text}\n").as_bytes());
                let is_open = matches!(error, Some(Unreadable::OpenQuote { line: 2 }));
                prop_assert!(is_open, "{:?}", error);
            }
        });
    }

    #[test]
    fn commas_are_found_among_any_bytes() {
        use proptest::prelude::*;
        // Bytes that differ from a comma in one bit, and their neighbours.
        let byte = prop_oneof![4 => Just(b','), 2 => (0..8_u8).prop_map(|bit| b',' ^ (1 << bit)), 1 => any::<u8>()];
        proptest!(|(bytes in proptest::collection::vec(byte, 0..40))| {
            let mut found = Vec::new();
            commas(&bytes, |comma| found.push(comma));
            let expected: Vec<_> = (0..bytes.len()).filter(|at| bytes[*at] == b',').collect();
            prop_assert_eq!(found, expected);
        });
    }

    #[test]
    fn a_quoted_line_break_is_no_row_and_what_stands_behind_it_is_none_either() {
        let text = "a,\"b\nc,d\ne\",f\ng,h\n";
        assert_eq!(rows(text), [(1, Err(Bad::LineBreak)), row(4, &["g", "h"])]);
        assert_eq!(rows("a,\"b\n\n\"\ng,h"), [(1, Err(Bad::LineBreak)), row(4, &["g", "h"])]);
    }

    #[test]
    fn a_quote_that_is_not_closed_ends_the_reading() {
        for text in ["x\na,\"b\nc,d\n".to_owned(), format!("x\na,\"b\n{}\n\"", "c\n".repeat(LONGEST))] {
            let (rows, error) = read(text.as_bytes());
            assert_eq!(rows, [row(1, &["x"])]);
            assert!(matches!(error, Some(Unreadable::OpenQuote { line: 2 })), "{error:?}");
        }
    }

    #[test]
    fn a_line_that_is_too_long_ends_the_reading() {
        for quote in ["", "\""] {
            let text = format!("x\n{quote}{}{quote}\ny\n", "a".repeat(10_000_000));
            let (rows, error) = read(text.as_bytes());
            assert_eq!(rows, [row(1, &["x"])]);
            assert!(matches!(error, Some(Unreadable::TooLong { line: 2 })), "{error:?}");
        }
    }

    #[test]
    fn text_in_another_encoding_is_found_where_it_stands() {
        assert_eq!(
            read(b"a,b\nc,d\xe9,e\n\"f\",\xe9\ng\n").0[1..],
            [(2, Err(Bad::NotUtf8 { place: 1 })), (3, Err(Bad::NotUtf8 { place: 1 })), row(4, &["g"]),]
        );
        // Two values that are text only if they are put together.
        assert_eq!(read(b"\"\xc3\",\xa9\n").0, [(1, Err(Bad::NotUtf8 { place: 0 }))]);
        assert!(matches!(read(b"\xff\xfea\0,\0b\0\n\0").1, Some(Unreadable::Utf16)));
        assert!(matches!(read(b"\xfe\xff\0a\0,\0b\0\n").1, Some(Unreadable::Utf16)));
    }
}
