//! Which cell of a row is which value.

use super::columns::{Column, letters};
use super::profile::Profile;
use super::rows::{Misshapen, is_blank};

/// The header of a file, and what its columns are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    /// The names in the header, in the order of the file. Some can be empty.
    pub(crate) names: Vec<String>,
    pub(super) origins: [Origin; Column::ALL.len()],
    /// Whether lossless repairs are made.
    pub(super) clean: bool,
}

/// Where a value comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The file does not have it.
    #[default]
    Nowhere,
    /// The cell at this place.
    Cell(usize),
    /// The user set it.
    Set(Vec<Part>),
}

/// A piece of a value that the user set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Text(String),
    /// The value of this column.
    Value(Column),
    /// The cell at this place.
    Cell(usize),
}

impl Layout {
    /// Where the value comes from.
    pub(crate) fn origin(&self, column: Column) -> &Origin {
        &self.origins[column as usize]
    }

    /// Whether rows can have the value.
    pub(crate) fn has(&self, column: Column) -> bool {
        *self.origin(column) != Origin::Nowhere
    }

    /// The column at a place, for people: `column C ("A/c No.")`.
    pub(crate) fn place(&self, place: usize) -> String {
        match self.names.get(place).map(|name| crate::text::clean(name.trim())) {
            Some(name) if !name.is_empty() => format!("column {} (\"{name}\")", letters(place)),
            _ => format!("column {}", letters(place)),
        }
    }

    /// The column of a value, for people. A value without a column has the name that flags have for it.
    pub(crate) fn column(&self, column: Column) -> String {
        match self.origin(column) {
            Origin::Cell(place) => self.place(*place),
            Origin::Set(_) => format!("{} (--set)", column.name()),
            Origin::Nowhere => column.name().to_owned(),
        }
    }

    /// A cell, for people: `row 7, column C ("A/c No.")`.
    pub(crate) fn at(&self, row: u32, column: Option<Column>) -> String {
        match column {
            Some(column) => format!("row {row}, {}", self.column(column)),
            None => format!("row {row}"),
        }
    }
}

impl Layout {
    /// Reads a header.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(super) fn read(names: &[&str], profile: &Profile) -> Result<Self, Vec<String>> {
        let mut layout = Self { names: names.iter().map(|name| (*name).to_owned()).collect(), ..Self::default() };
        layout.clean = profile.clean;
        for (place, name) in names.iter().enumerate() {
            if let Some(column) = Column::of_name(name.trim()) {
                layout.origins[column as usize] = Origin::Cell(place);
            }
        }
        for (column, text) in &profile.set {
            layout.origins[*column as usize] = Origin::Set(vec![Part::Text(text.clone())]);
        }
        Ok(layout)
    }
}

impl Layout {
    /// Why the cells of a row do not fit the header.
    pub(super) fn misfit(&self, cells: &csv::StringRecord) -> Option<Misshapen> {
        let (found, expected) = (cells.len(), self.names.len());
        if found > expected && cells.iter().skip(expected).any(|cell| !is_blank(cell)) {
            return Some(Misshapen::TooMany { cells: found, expected });
        }
        // Programs leave out empty cells at the end of a row. But so does a comma that was forgotten.
        if found < expected && self.reads().any(|place| place >= found) {
            return Some(Misshapen::TooFew { cells: found, expected });
        }
        None
    }

    /// The places of cells that are read.
    pub(super) fn reads(&self) -> impl Iterator<Item = usize> {
        self.origins.iter().flat_map(|origin| {
            let (cell, parts) = match origin {
                Origin::Nowhere => (None, &[][..]),
                Origin::Cell(place) => (Some(*place), &[][..]),
                Origin::Set(parts) => (None, &parts[..]),
            };
            let places = parts.iter().filter_map(|part| if let Part::Cell(place) = part { Some(*place) } else { None });
            cell.into_iter().chain(places)
        })
    }
}
