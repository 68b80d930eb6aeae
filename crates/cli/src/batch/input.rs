//! The input: a file that is read several times and must stay the same, and its rows.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek as _};
use std::path::Path;
use std::time::SystemTime;

use csv::{ByteRecord, Terminator};

use super::columns::{Column, Header};
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::lines::{BYTE_ORDER_MARK, LONGEST, Text};

const OPEN_QUOTE: &str = "a quote is opened and not closed; the rest was not read";
const TOO_LONG: &str = "the line has more than 65536 bytes, as no row has; the rest was not read";

/// An open input.
pub(crate) struct Input {
    file: File,
    /// As it is told to people.
    pub(crate) name: String,
    state: State,
}

/// What tells whether a file was written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    length: u64,
    modified: Option<SystemTime>,
}

impl State {
    fn of(metadata: &Metadata) -> Self {
        Self { length: metadata.len(), modified: metadata.modified().ok() }
    }
}

impl Input {
    /// Opens a file, or standard input for `-`. What cannot be read twice, such as a pipe, is first copied to a file
    /// without a name, which is gone when the program ends.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let name = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
        let open = || {
            let (file, metadata) = if path == Path::new("-") {
                copy(io::stdin().lock())?
            } else {
                let file = File::open(path)?;
                let metadata = file.metadata()?;
                if metadata.is_dir() {
                    return Err(io::ErrorKind::IsADirectory.into());
                }
                if metadata.is_file() { (file, metadata) } else { copy(file)? }
            };
            Ok((file, State::of(&metadata)))
        };
        match open() {
            Ok((file, state)) => Ok(Self { file, name, state }),
            Err(error) => Err(unreadable(&name, &error)),
        }
    }

    /// That it cannot be read, before anything of it was sent.
    pub(crate) fn unreadable(&self, error: &io::Error) -> Failure {
        unreadable(&self.name, error)
    }

    /// Reads it from the beginning.
    pub(crate) fn read(&self) -> io::Result<Steady<'_>> {
        (&self.file).rewind()?;
        Ok(Steady { file: &self.file, state: self.state })
    }
}

fn unreadable(name: &str, error: &io::Error) -> Failure {
    Failure::caused(Exit::Usage, format!("{name} cannot be read; nothing was sent"), error)
}

fn copy(mut from: impl Read) -> io::Result<(File, Metadata)> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut from, &mut file)?;
    let metadata = file.metadata()?;
    Ok((file, metadata))
}

/// Reads a file for as long as nobody writes to it: half a line, read while an editor saves the file, can be a valid
/// row with half an account number.
pub(crate) struct Steady<'a> {
    file: &'a File,
    state: State,
}

impl Read for Steady<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        if State::of(&self.file.metadata()?) != self.state {
            return Err(io::Error::other("it was changed while it was read"));
        }
        Ok(read)
    }
}

/// The rows of a CSV file, each with the number of the line where it starts. The header is read already.
pub(crate) struct Rows<R> {
    reader: csv::Reader<Text<io::Chain<io::Cursor<Vec<u8>>, R>>>,
    record: ByteRecord,
    header: Header,
}

/// A row.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "one at a time")]
pub(crate) enum Found<'a> {
    Row(Cells<'a>),
    /// Something that is not a row, and where it starts.
    Bad(u32, Bad),
}

/// Why something is not a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bad {
    /// A quoted value contains a line break.
    LineBreak,
    /// This value is not UTF-8.
    NotUtf8(Option<Column>),
}

/// Why an input cannot be read to its end.
#[derive(Debug)]
pub(crate) enum Unreadable {
    Io(io::Error),
    /// Something is wrong with the file as a whole, or nobody knows where the next row starts.
    Problems(Vec<Problem>),
    /// It is not what was checked.
    Changed,
}

impl Unreadable {
    pub(crate) fn problem(line: u32, problem: &(impl ToString + ?Sized)) -> Self {
        Self::problems(line, &[problem.to_string()])
    }

    fn problems(line: u32, problems: &[String]) -> Self {
        Self::Problems(problems.iter().map(|problem| Problem::new(format!("line {line}"), problem)).collect())
    }
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The values of a row by their columns.
#[derive(Debug)]
pub(crate) struct Cells<'a> {
    /// The line where the row starts, from 1.
    pub(crate) line: u32,
    /// All values of the row.
    pub(crate) all: Vec<&'a str>,
    values: [&'a str; Column::ALL.len()],
    /// The number of values, and of those in the header.
    pub(crate) numbers: [usize; 2],
}

impl<'a> Cells<'a> {
    /// The value of a column; empty if the file does not have the column.
    pub(crate) fn get(&self, column: Column) -> &'a str {
        self.values[column as usize]
    }

    /// The value, if it is not empty.
    pub(crate) fn filled(&self, column: Column) -> Option<&'a str> {
        Some(self.get(column)).filter(|value| !value.is_empty())
    }
}

impl<R: Read> Rows<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// There is none, or something is wrong with it.
    pub(crate) fn open(mut input: R) -> Result<Self, Unreadable> {
        let mut start = Vec::new();
        input.by_ref().take(BYTE_ORDER_MARK.len() as u64).read_to_end(&mut start)?;
        if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
            return Err(Unreadable::problem(1, "this is UTF-16 text; accepted: UTF-8"));
        }
        start.truncate(if start == BYTE_ORDER_MARK { 0 } else { start.len() });
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(LONGEST)
            .terminator(Terminator::Any(b'\n'))
            .from_reader(Text::new(io::Cursor::new(start).chain(input)));
        let mut rows = Self { reader, record: ByteRecord::new(), header: Header::default() };
        let Some(line) = rows.advance()? else {
            return Err(Unreadable::problem(1, "the file is empty; a header and rows are expected"));
        };
        let names = rows.record.iter().map(str::from_utf8).collect::<Result<Vec<_>, _>>();
        rows.header = match names {
            Ok(_) if rows.has_line_break() => return Err(Unreadable::problem(line, &Bad::LineBreak)),
            Ok(names) => Header::read(&names).map_err(|problems| Unreadable::problems(line, &problems))?,
            Err(_) => return Err(Unreadable::problem(line, &Bad::NotUtf8(None))),
        };
        Ok(rows)
    }

    /// The names in the header.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.header.names()
    }

    /// The next row; `None` at the end. Blank lines are not rows.
    pub(crate) fn next(&mut self) -> Result<Option<Found<'_>>, Unreadable> {
        let Some(line) = self.advance()? else { return Ok(None) };
        if self.has_line_break() {
            return Ok(Some(Found::Bad(line, Bad::LineBreak)));
        }
        let numbers = [self.record.len(), self.header.values()];
        let mut cells = Cells { line, all: Vec::with_capacity(numbers[0]), values: Default::default(), numbers };
        for (place, value) in self.record.iter().enumerate() {
            let column = self.header.column(place);
            let Ok(value) = str::from_utf8(value) else {
                return Ok(Some(Found::Bad(line, Bad::NotUtf8(column))));
            };
            cells.all.push(value);
            if let Some(column) = column {
                cells.values[column as usize] = value;
            }
        }
        Ok(Some(Found::Row(cells)))
    }

    /// Reads a record and returns the line where it starts.
    fn advance(&mut self) -> Result<Option<u32>, Unreadable> {
        self.reader.get_mut().budget = 2 * LONGEST;
        let start = line(self.reader.position().line());
        let found = self.reader.read_byte_record(&mut self.record);
        let text = self.reader.get_ref();
        let end = line(self.reader.position().line());
        match found {
            Ok(false) => Ok(None),
            // A record that ends at the end of the file has an open quote: every line has an end.
            Ok(true) if text.has_ended => Err(Unreadable::problem(end.saturating_sub(self.line_breaks()), OPEN_QUOTE)),
            Ok(true) if self.record.as_slice().len() > LONGEST => Err(Unreadable::problem(start, TOO_LONG)),
            Ok(true) => Ok(Some(end.saturating_sub(1 + self.line_breaks()))),
            Err(_) if text.budget == 0 && end > start => Err(Unreadable::problem(start, OPEN_QUOTE)),
            Err(_) if text.budget == 0 => Err(Unreadable::problem(start, TOO_LONG)),
            Err(error) => Err(Unreadable::Io(error.into())),
        }
    }

    fn line_breaks(&self) -> u32 {
        line(memchr::memchr_iter(b'\n', self.record.as_slice()).count() as u64)
    }

    fn has_line_break(&self) -> bool {
        memchr::memchr(b'\n', self.record.as_slice()).is_some()
    }
}

fn line(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl std::fmt::Display for Bad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::LineBreak => "a quoted value continues in the next line; no value has a line break",
            Self::NotUtf8(_) => "this is not UTF-8 text",
        })
    }
}

#[cfg(test)]
mod tests;
