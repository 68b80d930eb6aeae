//! The rows of an input file, one at a time, each with the number of the line where it begins.
//!
//! A line without a quote is split at its commas right here, which is several times as fast as a parser; any other is
//! left to one. No accepted value holds a line break, so a row is a line; one whose quote goes on to the next is followed
//! to its end all the same, since a part of it can look like a row of its own.

use std::io::{self, Read};
use std::ops::Range;

use csv_core::{ReadRecordResult, ReaderBuilder, Terminator};

use super::columns::{Column, Header};
use crate::lines::{LONGEST, Line, Lines};

/// Reads rows.
pub(crate) struct Rows<R> {
    lines: Lines<R>,
    line: Vec<u8>,
    /// The number of that line, from 1.
    number: u64,
    quoted: Quoted,
    values: Vec<Range<usize>>,
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
    values: &'a [Range<usize>],
}

impl<'a> Row<'a> {
    /// How many values it has.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// All of its values.
    pub(crate) fn values(&self) -> impl Iterator<Item = &'a str> {
        self.values.iter().map(|value| self.text.get(value.clone()).unwrap_or_default())
    }

    /// The value of a column; empty if the file does not have the column.
    pub(crate) fn get(&self, header: &Header, column: Column) -> &'a str {
        let value = header.place(column).and_then(|place| self.values.get(place));
        value.and_then(|value| self.text.get(value.clone())).unwrap_or_default()
    }
}

impl<R: Read> Rows<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { lines: Lines::new(input), line: Vec::new(), number: 0, quoted: Quoted::new(), values: Vec::new() }
    }

    /// How many lines were read.
    pub(crate) fn lines(&self) -> u64 {
        self.number
    }

    /// The next row. Lines with nothing in them are none.
    pub(crate) fn next(&mut self) -> Result<Option<Found<'_>>, Unreadable> {
        loop {
            if !self.read_line()? {
                return Ok(None);
            }
            if !self.line.is_empty() {
                break;
            }
        }
        let line = self.number;
        self.values.clear();
        let text = if memchr::memchr(b'"', &self.line).is_none() {
            let mut begin = 0;
            for comma in memchr::memchr_iter(b',', &self.line) {
                self.values.push(begin..comma);
                begin = comma + 1;
            }
            self.values.push(begin..self.line.len());
            &self.line
        } else {
            if !self.read_quoted(line)? {
                return Ok(Some(Found::Bad { line, problem: Bad::LineBreak }));
            }
            self.quoted.values(&mut self.values);
            &self.quoted.text
        };
        // The line is asked first: without what stands between them, the halves of a letter can come together.
        if let Ok(text) = str::from_utf8(&self.line).and_then(|_| str::from_utf8(text)) {
            return Ok(Some(Found::Row(Row { line, text, values: &self.values })));
        }
        let is_bad = |value: &Range<usize>| text.get(value.clone()).is_none_or(|value| str::from_utf8(value).is_err());
        let place = self.values.iter().position(is_bad).unwrap_or_default();
        Ok(Some(Found::Bad { line, problem: Bad::NotUtf8 { place } }))
    }

    /// Reads a row with quotes in it; whether it ends with its line.
    fn read_quoted(&mut self, first: u64) -> Result<bool, Unreadable> {
        let mut length = self.line.len();
        let mut ends = self.quoted.read(&self.line);
        let in_one_line = ends;
        while !ends {
            if !self.read_line()? {
                return Err(Unreadable::OpenQuote { line: first });
            }
            length += self.line.len() + 1;
            if length > LONGEST {
                return Err(Unreadable::OpenQuote { line: first });
            }
            ends = self.quoted.read_on(&self.line);
        }
        Ok(in_one_line)
    }

    fn read_line(&mut self) -> Result<bool, Unreadable> {
        match self.lines.next(&mut self.line).map_err(Unreadable::Io)? {
            None => return Ok(false),
            Some(what) => {
                self.number += 1;
                if self.number == 1 && (self.line.starts_with(b"\xFF\xFE") || self.line.starts_with(b"\xFE\xFF")) {
                    return Err(Unreadable::Utf16);
                }
                if what == Line::TooLong {
                    return Err(Unreadable::TooLong { line: self.number });
                }
            }
        }
        Ok(true)
    }
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

    fn values(&self, values: &mut Vec<Range<usize>>) {
        let mut begin = 0;
        for end in &self.ends {
            values.push(begin..*end);
            begin = *end;
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
                    let values: Vec<_> = row.values().map(str::to_owned).collect();
                    assert_eq!(values.len(), row.len());
                    all.push((row.line, Ok(values)));
                }
                Ok(Some(Found::Bad { line, problem })) => all.push((line, Err(problem))),
                Ok(None) => return (all, None),
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
                let mut values = Vec::new();
                quoted.values(&mut values);
                let expected: Vec<_> = values.iter().map(|value| str::from_utf8(&quoted.text[value.clone()]).unwrap().to_owned()).collect();
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
