//! `columns`: shows which column of a file is read as which field.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anstyle::Style;
use serde::Serialize;

use crate::console::{self, Console};
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::input::{Column, Input, Origin, Profile, ReadingArgs, RowKind};
use crate::show::Sheet;
use crate::text::{clean, masked, quoted};

/// The number of example rows.
const SHOWN: usize = 3;

/// The maximum number of flags in the suggested command. With more, the program suggests a profile.
const FLAGS: usize = 2;

/// Show which columns are read as which fields; sends nothing
///
/// The program also shows the values of the first three payees, masked.
#[derive(clap::Args)]
pub(crate) struct ColumnsArgs {
    /// Workbook or CSV file with a header; - is standard input
    #[arg(value_name = "FILE")]
    input: PathBuf,

    #[command(flatten)]
    reading: ReadingArgs,
}

/// The result of the command, as JSON.
#[derive(Debug, Serialize)]
struct Found {
    header_row: u32,
    fields: Vec<Field>,
    not_read: Vec<String>,
    missing: Vec<Problem>,
    flags: Vec<String>,
}

/// A field, its column, and its values in the example rows.
#[derive(Debug, Serialize)]
struct Field {
    #[serde(rename = "field")]
    name: &'static str,
    column: String,
    values: Vec<String>,
}

pub(crate) fn run(args: &ColumnsArgs, console: Console) -> Result<Exit, Failure> {
    let (profile, path) = args.reading.draft()?;
    let (input, missing) = Input::look(&args.input, &profile)?;
    let found = Found::new(&input, missing)?;
    if let Some(path) = path {
        complete(&input, &profile).write(path)?;
    }
    if let Some(note) = &input.sheet {
        console.note(note);
    }
    console.result(&found, Exit::Usage, |out| found.write(&input, &args.input, path, out))?;
    if let Some(path) = path {
        console.note(format_args!("the settings are stored in {}; `batch --profile` reads them", path.display()));
    }
    Ok(if found.missing.is_empty() { Exit::Active } else { Exit::NotActive })
}

/// Adds every recognized column to the user's settings.
fn complete(input: &Input, profile: &Profile) -> Profile {
    let mut profile = profile.clone();
    for (column, _) in Column::ALL {
        if let Origin::Cell(place) = input.layout.origin(column) {
            profile.columns.insert(column, input.layout.reference(*place));
        }
    }
    profile
}

impl Found {
    fn new(input: &Input, missing: Vec<Problem>) -> Result<Self, Failure> {
        let layout = &input.layout;
        let mut fields: Vec<_> = Column::ALL
            .into_iter()
            .filter(|(column, _)| layout.has(*column))
            .map(|(column, field)| {
                let set = input.profile.set.get(&column).map(|value| format!("--set {}", clean(value)));
                let from = set.unwrap_or_else(|| layout.column(column));
                (column, Field { name: field, column: from, values: Vec::new() })
            })
            .collect();
        let unreadable = |error: crate::input::Unreadable| error.into_failure(&input.name, Exit::Usage);
        let mut rows = input.rows().map_err(unreadable)?;
        let mut shown = 0;
        while shown < SHOWN
            && let Some(row) = rows.next().map_err(unreadable)?
        {
            if row.kind != RowKind::Payee || row.problem.is_some() {
                continue;
            }
            shown += 1;
            for (column, field) in &mut fields {
                let value = row.values.filled(*column).map(|value| masked(column.kind(), value));
                field.values.push(value.unwrap_or_else(|| "-".to_owned()));
            }
        }
        let profile = complete(input, &input.profile);
        Ok(Self {
            header_row: input.header_row,
            fields: fields.into_iter().map(|(_, field)| field).collect(),
            not_read: layout.unread().map(|place| layout.place(place)).collect(),
            missing,
            flags: flags(&profile),
        })
    }

    /// Writes the result for people. `profile` is the file of the settings, if the user named one.
    fn write(&self, input: &Input, path: &Path, profile: Option<&Path>, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}, header in row {}", input.name, self.header_row)?;
        writeln!(out)?;
        let mut sheet = Sheet::new(["field", "read from", "first row", "second row", "third row"]);
        for Field { name, column, values } in &self.fields {
            let values = (0..SHOWN).map(|place| values.get(place).cloned().unwrap_or_default());
            sheet.add([(*name).to_owned(), column.clone()].into_iter().chain(values), Style::new());
        }
        sheet.write(out, console::width())?;
        if !self.not_read.is_empty() {
            writeln!(out, "\nnot read: {}", self.not_read.join(", "))?;
        }
        if self.missing.is_empty() {
            let file = quoted(&path.display().to_string());
            let batch = format!("juspay-accounts batch {file} --check-only");
            // Recognized columns need no flags.
            let own = flags(&input.profile);
            match profile.map(|profile| quoted(&profile.display().to_string())) {
                Some(profile) => writeln!(out, "\nnext: {batch} --profile {profile}")?,
                None if own.len() <= FLAGS => writeln!(out, "\nnext: {}", [vec![batch], own].concat().join(" "))?,
                None => {
                    writeln!(out, "\nnext: add --profile payees.toml to this command to store the settings, then run")?;
                    writeln!(out, "  {batch} --profile payees.toml")?;
                }
            }
        } else {
            writeln!(out, "\nmissing:")?;
            for Problem { at, problem } in &self.missing {
                writeln!(out, "  {at}: {problem}")?;
            }
        }
        Ok(())
    }
}

fn flags(profile: &Profile) -> Vec<String> {
    let sheet = profile.sheet.as_ref().map(|sheet| format!("--sheet {}", quoted(sheet)));
    let delimiter = profile.delimiter.map(|delimiter| match delimiter {
        '\t' => "--delimiter tab".to_owned(),
        delimiter => format!("--delimiter {}", quoted(&delimiter.to_string())),
    });
    let columns =
        profile.columns.iter().map(|(column, header)| format!("--column {}={}", column.name(), quoted(header)));
    let set = profile.set.iter().map(|(column, value)| format!("--set {}={}", column.name(), quoted(value)));
    let amount = profile.max_amount.map(|amount| format!("--max-amount {amount}"));
    let clean = profile.clean.then(|| "--clean".to_owned());
    sheet.into_iter().chain(delimiter).chain(columns).chain(set).chain(amount).chain(clean).collect()
}
