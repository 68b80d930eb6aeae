//! `columns`: shows which column is read as which value.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anstyle::Style;
use serde::Serialize;

use crate::console::{self, Console, Format, json_line};
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::input::{Column, Input, Origin, Profile, ReadingArgs, RowKind};
use crate::payees::flaw::masked;
use crate::show::Sheet;
use crate::text::{clean, quoted};

/// The number of example rows.
const SHOWN: usize = 3;

/// The most flags in the next command. With more, a profile is easier.
const FLAGS: usize = 2;

/// Show which column of a file is read as what; sends nothing
///
/// Values are masked.
#[derive(clap::Args)]
pub(crate) struct ColumnsArgs {
    /// Workbook or CSV file with a header; - is standard input
    #[arg(value_name = "FILE")]
    input: PathBuf,

    #[command(flatten)]
    reading: ReadingArgs,
}

/// What the program finds out about a file.
#[derive(Debug, Serialize)]
struct Found {
    header_row: u32,
    fields: Vec<Field>,
    not_read: Vec<String>,
    missing: Vec<Problem>,
    flags: Vec<String>,
}

/// A value and its origin.
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
    let text = |out: &mut dyn Write| found.write(&input, &args.input, path, out);
    let printed = console.print(|out| match console.format {
        Format::Table => text(out),
        Format::Json => json_line(out, &found),
    });
    printed.map_err(|error| Failure::caused(Exit::Usage, "the result cannot be written", &error))?;
    if let Some(path) = path {
        complete(&input, &profile).write(path)?;
        console.note(format_args!("written to {}; `batch --profile` reads it", path.display()));
    }
    Ok(if found.missing.is_empty() { Exit::Active } else { Exit::NotActive })
}

/// The settings of the user, completed with every recognized column.
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
                let value = row.values.filled(*column).map(|value| masked(*column, value));
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

    /// Writes everything for people. `profile` is the file that stores the settings, if there is one.
    fn write(&self, input: &Input, path: &Path, profile: Option<&Path>, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}, header in row {}", input.name, self.header_row)?;
        writeln!(out)?;
        let mut sheet = Sheet::new(["field", "read from", "first row", "second row", "third row"]);
        for Field { name, column, values } in &self.fields {
            let values = (0..SHOWN).map(|place| values.get(place).cloned().unwrap_or_else(|| "-".to_owned()));
            sheet.add([(*name).to_owned(), column.clone()].into_iter().chain(values), Style::new());
        }
        sheet.write(out, console::width())?;
        if !self.not_read.is_empty() {
            writeln!(out, "\nnot read: {}", self.not_read.join(", "))?;
        }
        if self.missing.is_empty() {
            let file = quoted(&path.display().to_string());
            let batch = format!("juspay-accounts batch {file} --check-only");
            // The other columns are recognized again.
            let own = flags(&input.profile);
            match profile.map(|profile| quoted(&profile.display().to_string())) {
                Some(profile) => writeln!(out, "\nnext: {batch} --profile {profile}")?,
                None if own.len() <= FLAGS => writeln!(out, "\nnext: {batch} {}", own.join(" "))?,
                None => {
                    writeln!(
                        out,
                        "\nnext: add --profile payees.toml to this command, which stores the settings, then"
                    )?;
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
