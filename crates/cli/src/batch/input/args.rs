//! The flags that say how to read a file.

use juspay_accounts_validation::Amount;

use super::columns::Column;
use super::profile::Profile;
use crate::exit::Exit;
use crate::failure::Failure;

/// How to read a file.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Reading the file")]
pub(crate) struct ReadingArgs {
    /// Read this sheet of a workbook [default: the first with a header]
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,

    /// Split the values of a text at this character, or `tab` [default: detected]
    #[arg(long, value_name = "CHAR", value_parser = delimiter)]
    delimiter: Option<char>,

    /// Read a value from the column with this header or letter, such as account="A/c No."
    #[arg(long, value_name = "FIELD=HEADER", value_parser = pair)]
    column: Vec<(Column, String)>,

    /// Set a value for all rows, such as bank_code=JP_HDFC or customer_id={reference}
    #[arg(long, value_name = "FIELD=VALUE", value_parser = pair)]
    set: Vec<(Column, String)>,

    /// Make the repairs that lose nothing, such as removing spaces around a value
    #[arg(long)]
    clean: bool,

    /// Reject amounts above this, in rupees [default: 10]
    #[arg(long, value_name = "RUPEES", value_parser = |text: &str| text.parse::<Amount>().map_err(|error| error.to_string()))]
    max_amount: Option<Amount>,
}

impl ReadingArgs {
    /// The flags as a profile.
    ///
    /// # Errors
    /// Two flags contradict each other.
    pub(crate) fn profile(&self) -> Result<Profile, Failure> {
        let mut profile =
            Profile { sheet: self.sheet.clone(), delimiter: self.delimiter, clean: self.clean, ..Profile::default() };
        let usage = |message: String| Failure::new(Exit::Usage, message);
        for (column, header) in &self.column {
            if profile.columns.insert(*column, header.clone()).is_some() {
                return Err(usage(format!("--column {} is given twice", column.name())));
            }
        }
        for (column, value) in &self.set {
            // An amount that is composed of a salary would pay it.
            if *column == Column::Amount {
                return Err(usage("--set does not set the amount".to_owned()).next(
                    "without an amount, the vendor pays 1 rupee; --column amount=HEADER reads it from a column",
                ));
            }
            if profile.set.insert(*column, value.clone()).is_some() {
                return Err(usage(format!("--set {} is given twice", column.name())));
            }
            if profile.columns.contains_key(column) {
                return Err(usage(format!("{} has both --column and --set", column.name())).next("remove one of them"));
            }
        }
        Ok(profile)
    }
}

/// `account=A/c No.`
fn pair(text: &str) -> Result<(Column, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as FIELD=VALUE, such as account=\"A/c No.\"")?;
    let column = Column::of_name(&name.trim().to_ascii_lowercase()).ok_or_else(|| {
        let names: Vec<_> = Column::ALL.iter().map(|(_, name)| *name).collect();
        format!("the fields are {}", names.join(", "))
    })?;
    Ok((column, value.trim().to_owned()))
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
        _ => Err("write one character, such as ; or |, or the word tab".to_owned()),
    }
}
