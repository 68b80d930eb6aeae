//! The flags for reading a file.

use std::path::{Path, PathBuf};

use juspay_accounts_validation::Amount;

use super::columns::Column;
use super::profile::Profile;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::text::value;

#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Reading the file")]
pub(crate) struct ReadingArgs {
    /// Read this sheet [default: first with a header]
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,

    /// Split the rows of a text file at CHAR, or at `tab` [default: detected]
    #[arg(long, hide_short_help = true, value_name = "CHAR", value_parser = delimiter)]
    delimiter: Option<char>,

    /// Read FIELD from the column HEADER
    ///
    /// Name the column by its header or letter, such as account="A/c No." or account=F.
    #[arg(long, value_name = "FIELD=HEADER", value_parser = pair)]
    column: Vec<(Column, String)>,

    /// Set FIELD to VALUE in all rows
    ///
    /// For example, bank_code=JP_HDFC.
    #[arg(long, value_name = "FIELD=VALUE", value_parser = pair)]
    set: Vec<(Column, String)>,

    /// Use the settings in FILE
    ///
    /// `juspay-accounts columns` writes the file. Flags override its settings.
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,

    /// Repair values that can be repaired without loss
    ///
    /// The program prints how many repairs it made.
    #[arg(long)]
    clean: bool,

    /// Reject amounts above RUPEES [default: 10]
    #[arg(long, value_name = "RUPEES", value_parser = value::<Amount>)]
    max_amount: Option<Amount>,
}

impl ReadingArgs {
    /// Returns the settings of `--profile`, overridden by the flags.
    ///
    /// # Errors
    /// The file cannot be read, or the flags contradict each other or set the amount.
    pub(crate) fn profile(&self) -> Result<Profile, Failure> {
        let stored = self.profile.as_deref().map(Profile::read).transpose()?;
        self.with(stored.unwrap_or_default())
    }

    /// Returns the settings to write to the file of `--profile`, and its path, if the user named one.
    pub(crate) fn draft(&self) -> Result<(Profile, Option<&Path>), Failure> {
        let path = self.profile.as_deref();
        let stored = path.filter(|path| path.exists()).map(Profile::read).transpose()?;
        Ok((self.with(stored.unwrap_or_default())?, path))
    }

    fn with(&self, mut profile: Profile) -> Result<Profile, Failure> {
        let usage = |message: String| Failure::new(Exit::Usage, message);
        let twice = |given: &[(Column, String)]| {
            let columns = given.iter().map(|(column, _)| *column);
            columns.enumerate().find(|(place, column)| given[..*place].iter().any(|(other, _)| other == column))
        };
        for (flag, given) in [("--column", &self.column), ("--set", &self.set)] {
            if let Some((_, column)) = twice(given) {
                return Err(usage(format!("{flag} {} is given twice; remove one of them", column.name())));
            }
        }
        profile.sheet = self.sheet.clone().or(profile.sheet);
        profile.delimiter = self.delimiter.or(profile.delimiter);
        profile.max_amount = self.max_amount.or(profile.max_amount);
        profile.clean |= self.clean;
        for (column, header) in &self.column {
            profile.set.remove(column);
            profile.columns.insert(*column, header.clone());
        }
        for (column, value) in &self.set {
            // If the amount were set from a salary column, a penny drop would pay the salary.
            if *column == Column::Amount {
                return Err(usage("--set cannot set the amount".to_owned()).next(
                    "without an amount, the vendor pays 1 rupee; --column amount=HEADER reads the amount from a column",
                ));
            }
            if self.column.iter().any(|(other, _)| other == column) {
                return Err(usage(format!("{} has both --column and --set", column.name())).next("remove one of them"));
            }
            profile.columns.remove(column);
            profile.set.insert(*column, value.clone());
        }
        Ok(profile)
    }
}

/// Parses `account=A/c No.`.
fn pair(text: &str) -> Result<(Column, String), String> {
    let (name, value) =
        text.split_once('=').ok_or("expected FIELD=HEADER or FIELD=VALUE, such as account=\"A/c No.\"")?;
    Ok((Column::named(&name.trim().to_ascii_lowercase())?, value.trim().to_owned()))
}

fn delimiter(text: &str) -> Result<char, String> {
    match text {
        "tab" | "\\t" => return Ok('\t'),
        "comma" => return Ok(','),
        "semicolon" => return Ok(';'),
        "pipe" => return Ok('|'),
        _ => {}
    }
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_ascii() && !matches!(letter, '"' | '\n' | '\r') => Ok(letter),
        _ => Err("expected one character, such as ; or |, or the word tab".to_owned()),
    }
}
