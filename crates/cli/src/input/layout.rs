//! Maps the cells of a row to values.

use std::collections::BTreeSet;

use super::columns::{Column, letters};
use super::records::is_blank;
use crate::text::{clean, quoted};

/// The header of a file, and the meaning of its columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    /// The cells of the header. Some can be empty.
    pub(crate) names: Vec<String>,
    pub(super) origins: [Origin; Column::ALL.len()],
    pub(super) clean: bool,
    /// The numbers of the rows that the sheet hides.
    pub(super) hidden: BTreeSet<u32>,
    /// The delimiter of a text file.
    pub(crate) delimiter: Option<char>,
    /// The limit of a penny drop, in paise.
    pub(super) max_paise: u64,
}

/// Where a value comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The file does not have the value.
    #[default]
    Nowhere,
    /// The column with this index.
    Cell(usize),
    Set(Vec<Part>),
}

/// A part of a value that the user set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Text(String),
    Value(Column),
    /// The column with this index.
    Cell(usize),
}

impl Layout {
    pub(crate) fn origin(&self, column: Column) -> &Origin {
        &self.origins[column as usize]
    }

    /// Whether the value comes from a column or is set.
    pub(crate) fn has(&self, column: Column) -> bool {
        *self.origin(column) != Origin::Nowhere
    }

    /// Returns the value that is read from the column with this index, if any.
    pub(crate) fn value_at(&self, place: usize) -> Option<Column> {
        Column::ALL.into_iter().map(|(column, _)| column).find(|column| *self.origin(*column) == Origin::Cell(place))
    }

    /// The indexes of the columns that are not read. Columns without a name are left out.
    pub(crate) fn unread(&self) -> impl Iterator<Item = usize> {
        let named = self.names.iter().enumerate().filter(|(_, name)| !is_blank(name));
        named.map(|(place, _)| place).filter(|place| !self.reads().any(|read| read == *place))
    }

    /// Names the column with this index: `column C ("A/c No.")`.
    pub(crate) fn place(&self, place: usize) -> String {
        match self.names.get(place).map(|name| shown(name)) {
            Some(name) if !name.is_empty() => format!("column {} (\"{name}\")", letters(place)),
            _ => format!("column {}", letters(place)),
        }
    }

    /// Names the column of a value. A value that is not read from a column is named as in the flags.
    pub(crate) fn column(&self, column: Column) -> String {
        match self.origin(column) {
            Origin::Cell(place) => self.place(*place),
            Origin::Set(_) => format!("{} (--set)", column.name()),
            Origin::Nowhere => column.name().to_owned(),
        }
    }

    /// The name of the column with this index for `--column`: its header, or its letters if the header is empty, not
    /// unique or not printable.
    pub(crate) fn reference(&self, place: usize) -> String {
        let name = self.names.get(place).map(|name| name.trim()).unwrap_or_default();
        let is_plain = !name.is_empty() && !name.contains(char::is_control);
        let is_unique = self.names.iter().filter(|other| other.trim() == name).count() == 1;
        if is_plain && is_unique { name.to_owned() } else { letters(place) }
    }

    /// The flag that makes another run read the value as this layout does, with columns named by their headers. Empty
    /// if the file does not have the value.
    pub(crate) fn flag(&self, column: Column) -> String {
        let (flag, text) = match self.origin(column) {
            Origin::Nowhere => return String::new(),
            Origin::Cell(place) => ("--column", self.reference(*place)),
            Origin::Set(parts) => ("--set", parts.iter().map(|part| self.template(part)).collect()),
        };
        format!("{flag} {}={}", column.name(), quoted(&text))
    }

    fn template(&self, part: &Part) -> String {
        match part {
            Part::Text(text) => text.clone(),
            Part::Cell(place) => format!("{{{}}}", self.reference(*place)),
            Part::Value(column) => match self.origin(*column) {
                Origin::Cell(place) => self.template(&Part::Cell(*place)),
                _ => format!("{{{}}}", column.name()),
            },
        }
    }

    /// Names a cell: `row 7, column C ("A/c No.")`.
    pub(crate) fn at(&self, row: u32, column: Option<Column>) -> String {
        match column {
            Some(column) => format!("row {row}, {}", self.column(column)),
            None => format!("row {row}"),
        }
    }

    /// The indexes of the columns that are read.
    pub(super) fn reads(&self) -> impl Iterator<Item = usize> {
        let of_part = |part: &Part| if let Part::Cell(place) = part { Some(*place) } else { None };
        self.origins.iter().flat_map(move |origin| match origin {
            Origin::Nowhere => Vec::new(),
            Origin::Cell(place) => vec![*place],
            Origin::Set(parts) => parts.iter().filter_map(of_part).collect(),
        })
    }
}

/// Shortens a header, and puts it on one line, for a message.
pub(super) fn shown(header: &str) -> String {
    const MOST: usize = 40;
    let words = clean(&header.split_whitespace().collect::<Vec<_>>().join(" "));
    if words.chars().count() <= MOST {
        return words;
    }
    // In the templates of banks, text in parentheses after a name explains the column. It is left out.
    let name = words.split(" (").next().unwrap_or_default();
    format!("{}…", name.chars().take(MOST).collect::<String>())
}
