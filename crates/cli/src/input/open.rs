//! Opens a file and finds its header.

use std::collections::BTreeSet;
use std::path::Path;

use encoding_rs::Encoding;

use super::assign::assign;
use super::columns::Column;
use super::find::{self, Numbered, SEARCHED};
use super::headers;
use super::layout::Layout;
use super::profile::Profile;
use super::records::Records;
use super::rows::Rows;
use super::sniff::{self, Kind};
use super::source::{Source, Unreadable};
use super::workbook::{Book, SheetName};
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::text::quoted;

/// The delimiters that are recognized.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) layout: Layout,
    pub(crate) above: Vec<Vec<String>>,
    /// The row number of the header, as a spreadsheet program counts rows.
    pub(crate) header_row: u32,
    /// The settings that apply to the file.
    pub(crate) profile: Profile,
    /// A note about the sheet, if the workbook has several.
    pub(crate) sheet: Option<String>,
    table: Table,
}

/// A text file, or the copy of a sheet of a workbook.
#[derive(Debug)]
struct Table {
    source: Source,
    /// `None` for a sheet.
    text: Option<TextFormat>,
    /// The numbers of the rows that the sheet hides.
    hidden: BTreeSet<u32>,
}

#[derive(Clone, Copy, Debug)]
struct TextFormat {
    encoding: Option<&'static Encoding>,
    delimiter: u8,
    /// Whether the first line names the delimiter.
    is_named: bool,
}

impl Input {
    /// Opens a file, or standard input for `-`, and finds its header.
    ///
    /// # Errors
    /// The file cannot be opened, or is not a table of payees. `exit` is the exit code for problems with its content.
    pub(crate) fn open(path: &Path, profile: &Profile, exit: Exit) -> Result<Self, Failure> {
        let name = name(path);
        let source = Source::open(path).map_err(Unreadable::Io);
        source.and_then(|source| Self::of(&name, source, profile)).map_err(|error| error.into_failure(&name, exit))
    }

    /// Opens a file, even if there are problems with its columns. Also returns these problems.
    ///
    /// # Errors
    /// The file cannot be opened, or is not a table.
    pub(crate) fn look(path: &Path, profile: &Profile) -> Result<(Self, Vec<Problem>), Failure> {
        let name = name(path);
        let source = Source::open(path).map_err(Unreadable::Io);
        source
            .and_then(|source| Self::find(&name, source, profile, find::likely))
            .map_err(|error| error.into_failure(&name, Exit::Usage))
    }

    fn of(name: &str, source: Source, profile: &Profile) -> Result<Self, Unreadable> {
        let (input, problems) = Self::find(name, source, profile, |_| None)?;
        if problems.is_empty() { Ok(input) } else { Err(Unreadable::Problems(problems)) }
    }

    /// Opens a table and finds its header. If no header is recognized, `otherwise` chooses the row.
    fn find(
        name: &str,
        source: Source,
        profile: &Profile,
        otherwise: impl FnOnce(&[Numbered]) -> Option<usize>,
    ) -> Result<(Self, Vec<Problem>), Unreadable> {
        let mut note = None;
        let (mut table, first, header) = match sniff::kind(&source)? {
            Kind::Text(encoding) => text(source, encoding, profile)?,
            Kind::Workbook(kind) => sheet(&mut Book::open(&source, kind)?, profile, &mut note)?,
        };
        let Some(header) = header.map(|(header, _)| header).or_else(|| otherwise(&first)) else {
            return Err(find::without_header(&first, name));
        };
        let (header_row, names) = &first[header];
        let (mut layout, problems) = assign(names, &first[header + 1..], profile);
        layout.hidden = std::mem::take(&mut table.hidden);
        layout.delimiter = table.text.map(|text| char::from(text.delimiter));
        let above = above(&first[..header], *header_row);
        let (name, profile, header_row) = (name.to_owned(), profile.clone(), *header_row);
        Ok((Self { name, layout, above, header_row, profile, sheet: note, table }, problems))
    }

    /// Notes about how the file is read.
    pub(crate) fn notes(&self) -> impl Iterator<Item = String> {
        let header = (self.header_row > 1).then(|| format!("the header is row {}", self.header_row));
        self.sheet.iter().cloned().chain(header).chain(unread(&self.layout))
    }

    /// Opens a file with this content.
    pub(crate) fn from_bytes(bytes: &[u8], profile: &Profile) -> Result<Self, Unreadable> {
        Self::of("in.csv", Source::copy(bytes)?, profile)
    }

    /// Returns the rows below the header, from the first.
    pub(crate) fn rows(&self) -> Result<Rows<'_>, Unreadable> {
        let mut records = self.table.records()?;
        while records.number < self.header_row {
            if records.advance()?.is_none() {
                return Err(Unreadable::Changed);
            }
        }
        Ok(Rows::new(&self.layout, records))
    }
}

/// The name of the input in messages.
fn name(path: &Path) -> String {
    if path == Path::new("-") {
        return find::STANDARD_INPUT.to_owned();
    }
    crate::text::printable(&path.display().to_string())
}

/// Makes a note about the columns that the program does not read.
fn unread(layout: &Layout) -> Option<String> {
    const NAMED: usize = 10;
    let unread: Vec<_> = layout.unread().collect();
    let named: Vec<_> = unread.iter().take(NAMED).map(|place| layout.place(*place)).collect();
    let more = unread.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let money = unread.iter().find(|place| headers::is_money(&layout.names[**place]));
    let money = money
        .filter(|_| !layout.has(Column::Amount) && layout.has(Column::Account))
        .map(|place| format!(". A penny drop pays 1 rupee, whatever {} says", layout.place(*place)));
    (!unread.is_empty()).then(|| format!("not read: {}{more}{}", named.join(", "), money.unwrap_or_default()))
}

/// Returns the rows above the header, including blank rows.
fn above(rows: &[Numbered], header_row: u32) -> Vec<Vec<String>> {
    let mut above = vec![Vec::new(); usize::try_from(header_row.saturating_sub(1)).unwrap_or_default()];
    for (number, cells) in rows {
        if let Some(row) = usize::try_from(*number).ok().and_then(|number| above.get_mut(number.checked_sub(1)?)) {
            row.clone_from(cells);
        }
    }
    above
}

impl Table {
    fn records(&self) -> Result<Records<'_>, Unreadable> {
        let file = self.source.read()?;
        let Some(TextFormat { encoding, delimiter, is_named }) = self.text else { return Ok(Records::sheet(file)) };
        let mut records = Records::text(file, encoding, delimiter);
        // Excel does not show the line that names the delimiter, so the line has no row number.
        if is_named {
            records.advance()?;
            records.number = 0;
        }
        Ok(records)
    }

    /// Reads the first rows that have cells.
    fn first(&self) -> Result<Vec<Numbered>, Unreadable> {
        let mut records = self.records()?;
        let mut first: Vec<Numbered> = Vec::new();
        while first.len() < SEARCHED {
            match records.advance() {
                Ok(Some(_)) => first.push((records.number, records.record().iter().map(str::to_owned).collect())),
                Ok(None) => break,
                // The rows above the problem are enough here. The check reports the problem later.
                Err(Unreadable::Problems(_)) if !first.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
        Ok(first)
    }
}

type Found = (Table, Vec<Numbered>, Option<(usize, usize)>);

/// Reads a text file with the delimiter that the user or the file names. If neither names one, uses the delimiter that
/// gives the header the most known names, and of several such delimiters, the one that gives the most columns.
fn text(source: Source, encoding: Option<&'static Encoding>, profile: &Profile) -> Result<Found, Unreadable> {
    // No text file contains this delimiter, so each line is one value.
    let mut text = TextFormat { encoding, delimiter: 0x1f, is_named: false };
    let mut table = Table { source, text: Some(text), hidden: BTreeSet::new() };
    let named = delimiter_line(&table)?;
    text.is_named = named.is_some();
    let given = profile.delimiter.and_then(|delimiter| u8::try_from(delimiter).ok());
    let candidates = match given.or(named) {
        Some(delimiter) => vec![delimiter],
        None => DELIMITERS.to_vec(),
    };
    let (mut most, mut best, mut failed) = (None, None, None);
    for delimiter in candidates {
        let format = Some(TextFormat { delimiter, ..text });
        table.text = format;
        match table.first() {
            Ok(mut first) => {
                let header = find::header(&mut first, profile);
                let width = first.iter().map(|(_, cells)| cells.len()).max();
                let fit = Some((header.map(|(_, known)| known), width));
                if fit > most {
                    most = fit;
                    best = Some((format, first, header));
                }
            }
            Err(error) => _ = failed.get_or_insert(error),
        }
    }
    let Some((format, first, header)) = best else { return Err(failed.unwrap_or(Unreadable::Changed)) };
    table.text = format;
    Ok((table, first, header))
}

/// Returns the delimiter in a first line such as `sep=;`.
fn delimiter_line(table: &Table) -> Result<Option<u8>, Unreadable> {
    let mut records = table.records()?;
    if records.advance().unwrap_or_default().is_none() {
        return Ok(None);
    }
    let line = records.record().get(0).unwrap_or_default().trim_start();
    let rest = line.split_at_checked(4).filter(|(start, _)| start.eq_ignore_ascii_case("sep="));
    Ok(rest.and_then(|(_, rest)| rest.bytes().next()).filter(u8::is_ascii))
}

/// Selects the sheet: the user's choice, or the first sheet with a header. Only the user can choose a hidden sheet.
fn sheet(book: &mut Book<'_>, profile: &Profile, note: &mut Option<String>) -> Result<Found, Unreadable> {
    let sheets = book.sheets();
    let list = || sheets.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let chosen: Vec<_> = match &profile.sheet {
        None => sheets.iter().collect(),
        Some(name) => {
            let is_named = |sheet: &&SheetName| sheet.name.trim().eq_ignore_ascii_case(name.trim());
            let Some(sheet) = sheets.iter().find(is_named) else {
                let what = format!("the workbook has no sheet \"{}\"", crate::text::clean(name));
                return Err(Unreadable::refused(what, format!("choose one of its sheets: {}", list())));
            };
            vec![sheet]
        }
    };
    let mut headerless = None;
    for sheet in chosen {
        let table = Table { source: book.copy(&sheet.name)?, text: None, hidden: book.hidden(&sheet.name)? };
        let mut first = table.first()?;
        let header = find::header(&mut first, profile);
        if header.is_some() {
            if sheet.is_hidden && profile.sheet.is_none() {
                return Err(Unreadable::refused(
                    format!("the program knows the header of a hidden sheet only: {sheet}"),
                    format!(
                        "if the payees are in it, add --sheet {}; otherwise choose their sheet with --sheet, and name its columns with --column",
                        quoted(&sheet.name)
                    ),
                ));
            }
            if sheets.len() > 1 {
                *note = Some(format!(
                    "the payees are read from the sheet {sheet}; --sheet chooses a different one (the sheets: {})",
                    list()
                ));
            }
            return Ok((table, first, header));
        }
        headerless.get_or_insert((table, first, None));
    }
    headerless.ok_or_else(|| {
        Unreadable::refused("the workbook has no sheet with a table", "choose the workbook with the payees")
    })
}

/// Whether the first row of a file has exactly these values. A text file can have any of the known delimiters.
pub(crate) fn has_header(path: &Path, header: &[&str]) -> bool {
    let is_header = |delimiter: u8| {
        let profile = Profile { delimiter: Some(char::from(delimiter)), ..Profile::default() };
        let found = Source::open(path).map_err(Unreadable::Io);
        let found = found.and_then(|source| Input::find("", source, &profile, |_| Some(0)));
        found.is_ok_and(|(input, _)| input.header_row == 1 && input.layout.names == header)
    };
    DELIMITERS.into_iter().any(is_header)
}
